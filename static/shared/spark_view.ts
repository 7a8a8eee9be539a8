import { svg } from "./elements";
import { readValues, sparkShape } from "./spark_data";

const WIDTH = 120;
const HEIGHT = 32;

/** `<pl-spark class="spark" values="2 3 4" min="0" max="10" label="Pain: rose from 2 to 4">` */
export class Spark extends HTMLElement {
  connectedCallback(): void {
    const values = readValues(this.getAttribute("values") ?? "");
    const known = values.filter((value): value is number => value !== null);
    const label = this.getAttribute("label") ?? "";
    this.setAttribute("role", "img");
    this.setAttribute("aria-label", label || "no values");
    if (label) this.title = label;
    const min = Number(this.getAttribute("min") ?? Math.min(...known));
    const max = Number(this.getAttribute("max") ?? Math.max(...known));
    const shape = sparkShape(values, { width: WIDTH, height: HEIGHT, min, max, margin: 4 });
    const drawing = svg(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        width: WIDTH,
        height: HEIGHT,
        "aria-hidden": "true",
        class: "spark__drawing",
      },
      svg("path", { d: `M4 ${HEIGHT - 4}H${WIDTH - 4}`, class: "spark__floor" }),
      svg("path", { d: shape.path, class: "spark__line" }),
    );
    if (shape.last) drawing.append(svg("circle", { cx: shape.last.x, cy: shape.last.y, r: 3, class: "spark__last" }));
    this.replaceChildren(drawing);
  }
}
