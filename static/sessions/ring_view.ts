import { html, setText, svg } from "../shared/elements";

const RADIUS = 46;

/** The number that counts, in a ring that fills with the repetition. */
export class CountRing {
  readonly element: HTMLElement;
  private readonly number = html("span", { class: "ring__number" }, "0");
  private readonly target = html("span", { class: "ring__target" });
  private readonly fill = svg("circle", {
    class: "ring__fill",
    cx: 50,
    cy: 50,
    r: RADIUS,
    pathLength: 1,
    transform: "rotate(-90 50 50)",
  });

  constructor() {
    const track = svg("circle", { class: "ring__track", cx: 50, cy: 50, r: RADIUS });
    const drawing = svg(
      "svg",
      { class: "ring__drawing", viewBox: "0 0 100 100", "aria-hidden": "true" },
      track,
      this.fill,
    );
    this.element = html(
      "div",
      { class: "ring", "aria-hidden": "true" },
      drawing,
      html("div", { class: "ring__inside" }, this.number, this.target),
    );
    this.show({ number: 0, target: "", share: 0 });
  }

  show(what: { number: number | string; target: string; share: number }): void {
    setText(this.number, String(what.number));
    setText(this.target, what.target);
    const share = Math.max(0, Math.min(1, what.share));
    this.fill.setAttribute("stroke-dasharray", `${share.toFixed(3)} 1`);
    this.fill.classList.toggle("ring__fill--none", share < 0.005);
  }
}
