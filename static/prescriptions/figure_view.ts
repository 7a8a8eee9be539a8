import { html, svg } from "../shared/elements";
import { readConfig } from "../shared/page";
import {
  type Bone,
  type FigureKeyframes,
  type Point,
  limbThrough,
  pathThrough,
  poseAt,
  turningPoint,
} from "./figure_data";

const LAYERS = ["prop", "back", "front"] as const;

/** `<pl-figure>`: moves while it is on the screen; stands still, with a play button, for people who want less motion. Beside words that say the same, `in-row`, it is only a picture: no button, no words. */
export class Figure extends HTMLElement {
  keyframes: FigureKeyframes | null = null;
  private lines: { element: SVGPathElement; bone: Bone }[] = [];
  private head: SVGCircleElement | null = null;
  private joint: SVGCircleElement | null = null;
  private frame = 0;
  private startedMs = 0;
  private playsOnce = false;
  private observer: IntersectionObserver | null = null;
  private readonly showOnPaper = () => {
    cancelAnimationFrame(this.frame);
    if (this.keyframes) this.place(this.keyframes, turningPoint(this.keyframes));
  };

  connectedCallback(): void {
    window.addEventListener("beforeprint", this.showOnPaper);
    void this.load();
  }

  disconnectedCallback(): void {
    window.removeEventListener("beforeprint", this.showOnPaper);
    cancelAnimationFrame(this.frame);
    this.observer?.disconnect();
  }

  private get isInRow(): boolean {
    return this.hasAttribute("in-row");
  }

  private async load(): Promise<void> {
    const id = this.getAttribute("config");
    const source = this.getAttribute("src");
    if (id) this.keyframes = readConfig<FigureKeyframes>(id);
    else if (source && !this.keyframes) {
      const answer = await fetch(source, { credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) this.keyframes = (await answer.json()) as FigureKeyframes;
    }
    if (this.keyframes?.frames.length) this.draw(this.keyframes);
  }

  private draw(figure: FigureKeyframes): void {
    const drawing = svg("svg", {
      class: "pl-figure__drawing",
      viewBox: figure.view_box.join(" "),
      ...(this.isInRow ? { "aria-hidden": "true" } : { role: "img", "aria-label": figure.description }),
    });
    this.lines = [];
    for (const layer of LAYERS) {
      for (const bone of figure.bones.filter((one) => one.layer === layer)) {
        const kind = bone.widths ? "limb" : "line";
        const rim = bone.halo ? " pl-figure__limb--halo" : "";
        const element = svg("path", { class: `pl-figure__${kind} pl-figure__${kind}--${layer}${rim}` });
        this.lines.push({ element, bone });
        drawing.append(element);
      }
    }
    this.head = svg("circle", { class: "pl-figure__head", r: figure.head.radius });
    drawing.append(this.head);
    if (figure.highlight) {
      this.joint = svg("circle", { class: "pl-figure__joint", r: figure.highlight.radius });
      drawing.append(this.joint);
    }
    this.replaceChildren(drawing);
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) this.standStill(figure);
    else this.moveWhileVisible(figure);
  }

  private standStill(figure: FigureKeyframes): void {
    this.place(figure, turningPoint(figure));
    if (this.isInRow) return;
    const play = html(
      "button",
      { class: "button button--quiet", type: "button", onclick: () => this.playOnce(figure) },
      "Show the movement",
    );
    this.append(play);
  }

  private playOnce(figure: FigureKeyframes): void {
    this.playsOnce = true;
    this.start(figure);
  }

  private moveWhileVisible(figure: FigureKeyframes): void {
    this.observer = new IntersectionObserver(([entry]) => {
      cancelAnimationFrame(this.frame);
      if (entry?.isIntersecting) this.start(figure);
    });
    this.observer.observe(this);
    this.place(figure, 0);
  }

  private start(figure: FigureKeyframes): void {
    cancelAnimationFrame(this.frame);
    this.startedMs = performance.now();
    const step = (now: number) => {
      const share = Math.max(0, now - this.startedMs) / (figure.duration_s * 1000);
      if (this.playsOnce && share >= 1) {
        this.place(figure, turningPoint(figure));
        return;
      }
      this.place(figure, share);
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  private place(figure: FigureKeyframes, share: number): void {
    const pose = poseAt(figure, share);
    for (const { element, bone } of this.lines) {
      element.setAttribute(
        "d",
        bone.widths ? limbThrough(bone.points, bone.widths, pose) : pathThrough(bone.points, pose),
      );
    }
    centreOn(this.head, pose[figure.head.centre]);
    if (figure.highlight) centreOn(this.joint, pose[figure.highlight.centre]);
  }
}

function centreOn(circle: SVGCircleElement | null, point: Point | undefined): void {
  if (!point) return;
  circle?.setAttribute("cx", point[0].toFixed(2));
  circle?.setAttribute("cy", point[1].toFixed(2));
}
