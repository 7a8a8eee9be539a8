import "./notes.css";
import "./annotation.css";

import { CheckPage } from "./annotation_check_view";
import { AnnotatePage } from "./annotation_page_view";
import { SettlePage } from "./annotation_settle_view";

customElements.define("pl-annotate", AnnotatePage);
customElements.define("pl-settle", SettlePage);
customElements.define("pl-check", CheckPage);
