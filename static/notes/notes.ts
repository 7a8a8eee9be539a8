/** Pages that show a note's marked text, without an editor. */

import "./notes.css";
import "./pages.css";

import { listenForKeys } from "./keys_view";

listenForKeys();
