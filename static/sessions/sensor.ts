import "./sensor.css";
import "../prescriptions/figure";

import { SensorTest } from "./sensor_session";

if (!customElements.get("pl-sensor-test")) customElements.define("pl-sensor-test", SensorTest);
