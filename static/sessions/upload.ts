import { Upload } from "./upload_view";

customElements.define("pl-upload", Upload);
