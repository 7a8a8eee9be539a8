import "./motion_upload.css";

import { FilesUpload } from "./motion_upload_view";
import { Upload } from "./upload_view";

customElements.define("pl-upload", Upload);
customElements.define("pl-files-upload", FilesUpload);
