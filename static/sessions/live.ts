import "./live.css";

import "../prescriptions/figure";
import { LiveSession } from "./live_session";

customElements.define("pl-live-session", LiveSession);
