/** A recorded body on a canvas, as large as the place allows. */

import { html } from "../shared/elements";
import { limbsSeen } from "./body_data";
import type { Motion } from "./frame_data";
import { boundsOf, placeBounds } from "./picture_data";
import { drawSkeleton, prepareCanvas, skeletonStyle } from "./skeleton_view";

export class ReplayCanvas {
  readonly canvas: HTMLCanvasElement;
  private bounds = { x0: 0, y0: 0, x1: 1, y1: 1 };
  private motion: Motion | null = null;

  constructor(label: string) {
    this.canvas = html("canvas", { class: "replay__canvas", role: "img", "aria-label": label });
  }

  show(motion: Motion): void {
    this.motion = motion;
    this.bounds = boundsOf(motion.frames);
  }

  /** Draws one frame; `colour` names a token such as `--mild`. */
  draw(index: number, colour = "--accent"): void {
    const prepared = prepareCanvas(this.canvas);
    const frame = this.motion?.frames[index];
    if (!prepared || !frame || !this.motion) return;
    const { context, width, height } = prepared;
    if (frame.presence <= 0) return this.sayNobody(context, width, height);
    const placement = placeBounds(this.motion, { width, height }, this.bounds);
    const style = skeletonStyle(this.canvas, Math.max(3, Math.min(width, height) / 90));
    style.line = getComputedStyle(this.canvas).getPropertyValue(colour).trim() || style.line;
    drawSkeleton(context, frame.image, {
      placement,
      mirror: false,
      limbs: limbsSeen(frame.image, frame.presence),
      style,
    });
  }

  private sayNobody(context: CanvasRenderingContext2D, width: number, height: number): void {
    context.fillStyle = getComputedStyle(this.canvas).getPropertyValue("--muted").trim();
    context.font = "16px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText("Nobody was seen here", width / 2, height / 2);
  }
}
