/** `<pl-note-editor config="…">` around the form of a draft. */

import "./notes.css";
import "./editor.css";

import { NoteEditor } from "./editor_view";

customElements.define("pl-note-editor", NoteEditor);
