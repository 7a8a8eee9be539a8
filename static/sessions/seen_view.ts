import { html, setText, svg } from "../shared/elements";
import { type Limb, LIMBS, type LimbStates, sayLimbs } from "./body_data";

const SHAPES: Record<Limb, string> = {
  trunk: "M15 17h10l-1 17h-8z",
  left_arm: "M27 18l6 17",
  right_arm: "M13 18L7 35",
  left_leg: "M22 37l3 21",
  right_leg: "M18 37l-3 21",
};

/** "I can see you", with a small body whose limbs show what is seen. In a mirror the left arm is on the left. */
export class SeenPanel {
  readonly element: HTMLElement;
  private readonly words = html("span", { class: "seen__words" });
  private readonly whose: "you" | "the patient";
  private readonly parts = new Map<Limb, SVGElement>();

  constructor(options: { whose: "you" | "the patient"; mirrored: boolean } = { whose: "you", mirrored: true }) {
    this.whose = options.whose;
    const drawing = svg("svg", { class: "seen__body", viewBox: "0 0 40 62", "aria-hidden": "true" });
    const mirrored = svg(
      "g",
      { transform: options.mirrored ? "translate(40 0) scale(-1 1)" : null },
      svg("circle", { cx: 20, cy: 8, r: 6, class: "seen__limb seen__limb--head" }),
    );
    for (const limb of LIMBS) {
      const part = svg("path", { d: SHAPES[limb], class: "seen__limb" });
      this.parts.set(limb, part);
      mirrored.append(part);
    }
    drawing.append(mirrored);
    this.element = html("div", { class: "seen", role: "status", "aria-live": "polite" }, drawing, this.words);
    this.show({});
  }

  show(states: LimbStates): void {
    const said = sayLimbs(states, this.whose);
    setText(this.words, said.words);
    this.element.classList.toggle("seen--nobody", !said.seen);
    for (const [limb, part] of this.parts) part.classList.toggle("seen__limb--seen", states[limb] === "seen");
  }
}
