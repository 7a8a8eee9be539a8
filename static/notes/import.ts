import "./notes.css";
import "./import.css";
import "../sessions/motion_upload.css";

import { NoteFiles } from "./import_view";

customElements.define("pl-note-files", NoteFiles);
