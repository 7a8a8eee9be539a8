/** Draws a body on a canvas; what is not seen is dashed and faint, never invented. */

import { BONES, EARS, JOINTS, type LimbStates, NOSE, SEEN_FROM } from "./body_data";
import { type Placement, pointOnScreen } from "./picture_data";

export interface SkeletonStyle {
  line: string;
  hidden: string;
  joint: string;
  width: number;
}

/** Colours by name from the page's tokens, so that light, dark and print agree. */
export function skeletonStyle(element: Element, width: number): SkeletonStyle {
  const tokens = getComputedStyle(element);
  const token = (name: string) => tokens.getPropertyValue(name).trim();
  return {
    line: token("--skeleton") || token("--accent"),
    hidden: token("--line-strong"),
    joint: token("--ink"),
    width,
  };
}

/** Makes the canvas as sharp as the screen; returns its context in CSS pixels. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
): { context: CanvasRenderingContext2D; width: number; height: number } | null {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext("2d");
  if (!context || !width || !height) return null;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

export function drawSkeleton(
  context: CanvasRenderingContext2D,
  image: Float32Array,
  options: { placement: Placement; mirror: boolean; limbs: LimbStates; style: SkeletonStyle },
): void {
  const { placement, mirror, limbs, style } = options;
  const at = (point: number) => pointOnScreen(image[point * 4] ?? 0, image[point * 4 + 1] ?? 0, placement, mirror);
  const isSeen = (point: number) => (image[point * 4 + 3] ?? 0) >= SEEN_FROM;
  context.lineCap = "round";
  for (const bone of BONES) {
    const seen = limbs[bone.limb] !== "hidden" && isSeen(bone.from) && isSeen(bone.to);
    const [from, to] = [at(bone.from), at(bone.to)];
    context.strokeStyle = seen ? style.line : style.hidden;
    context.lineWidth = seen ? style.width : style.width * 0.6;
    context.globalAlpha = seen ? 1 : 0.55;
    context.setLineDash(seen ? [] : [style.width * 1.2, style.width * 1.8]);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  drawHead(context, at, isSeen, style);
  context.fillStyle = style.joint;
  for (const joint of JOINTS.filter(isSeen)) {
    const { x, y } = at(joint);
    context.beginPath();
    context.arc(x, y, style.width * 0.85, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawHead(
  context: CanvasRenderingContext2D,
  at: (point: number) => { x: number; y: number },
  isSeen: (point: number) => boolean,
  style: SkeletonStyle,
): void {
  if (!isSeen(NOSE) && !EARS.some(isSeen)) return;
  const [left, right] = [at(EARS[0]), at(EARS[1])];
  const neck = { x: (at(11).x + at(12).x) / 2, y: (at(11).y + at(12).y) / 2 };
  const centre = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 };
  // Seen from the side the ears lie on each other, so the neck gives the size too.
  const radius = Math.max(
    Math.hypot(left.x - right.x, left.y - right.y) * 0.62,
    Math.hypot(centre.x - neck.x, centre.y - neck.y) * 0.5,
  );
  context.strokeStyle = style.line;
  context.lineWidth = style.width;
  context.beginPath();
  context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  context.stroke();
}
