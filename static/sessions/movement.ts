import "./movement.css";

import { CurveViewer } from "./movement_curve_view";
import { MovementPage } from "./movement_page";
import { SignalViewer } from "./movement_signal_view";

customElements.define("pl-movement", MovementPage);
customElements.define("pl-signal", SignalViewer);
customElements.define("pl-curves", CurveViewer);
