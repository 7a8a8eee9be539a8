/** Pages that show a note's marked text, without an editor. */

import "./notes.css";
