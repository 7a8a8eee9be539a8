import "./figure.css";

import { Figure } from "./figure_view";

if (!customElements.get("pl-figure")) customElements.define("pl-figure", Figure);
