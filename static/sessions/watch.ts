import "./watch.css";

import { SessionWatch } from "./watch_session";

customElements.define("pl-session-watch", SessionWatch);
