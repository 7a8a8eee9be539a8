import "./review.css";

import { SessionReview } from "./review_session";

customElements.define("pl-session-review", SessionReview);
