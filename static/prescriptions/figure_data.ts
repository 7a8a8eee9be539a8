/** A drawn person who shows an exercise. Knows no DOM. */

export type Point = [number, number];
export type Pose = Record<string, Point>;

export interface Bone {
  points: string[];
  layer: "back" | "front" | "prop";
  widths?: number[];
  halo?: boolean;
}

export interface FigureKeyframes {
  view_box: [number, number, number, number];
  /** Seconds for one repetition. */
  duration_s: number;
  /** Lines through named points; with `widths` (one a point) limbs that taper, with `halo` a pale rim around them. */
  bones: Bone[];
  head: { centre: string; radius: number };
  /** The joint to look at. */
  highlight?: { centre: string; radius: number };
  /** `at` is the share of the repetition, rising from 0 to 1; the last frame equals the first. */
  frames: { at: number; points: Pose }[];
  description: string;
}

/** Where every point is at `share` of the repetition; shares past 1 start again. */
export function poseAt(figure: FigureKeyframes, share: number): Pose {
  const frames = figure.frames;
  const at = share - Math.floor(share);
  let index = frames.findIndex((frame) => frame.at > at);
  if (index < 0) index = frames.length - 1;
  const after = frames[index];
  const before = frames[Math.max(0, index - 1)];
  if (!after || !before) return {};
  const span = after.at - before.at;
  const part = span > 0 ? (at - before.at) / span : 0;
  const pose: Pose = { ...before.points };
  for (const [name, end] of Object.entries(after.points)) {
    const start = before.points[name] ?? end;
    pose[name] = [start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part];
  }
  return pose;
}

/** The share of the frame that is furthest from the first: what a still picture should show. */
export function turningPoint(figure: FigureKeyframes): number {
  const first = figure.frames[0]?.points ?? {};
  let [best, share] = [-1, 0];
  for (const frame of figure.frames) {
    let distance = 0;
    for (const [name, point] of Object.entries(frame.points)) {
      const start = first[name] ?? point;
      distance += Math.hypot(point[0] - start[0], point[1] - start[1]);
    }
    if (distance > best + 1e-6) [best, share] = [distance, frame.at];
  }
  return share;
}

/** SVG path through the named points. */
export function pathThrough(points: string[], pose: Pose): string {
  return points
    .map((name) => pose[name])
    .filter((point): point is Point => point !== undefined)
    .map((point, index) => `${index ? "L" : "M"}${point[0].toFixed(2)} ${point[1].toFixed(2)}`)
    .join("");
}

/** SVG path of limbs that taper from point to point: each a quadrangle with round ends, all turning the same way. */
export function limbThrough(points: string[], widths: number[], pose: Pose): string {
  let path = "";
  for (let index = 1; index < points.length; index += 1) {
    const [start, end] = [pose[points[index - 1] ?? ""], pose[points[index] ?? ""]];
    if (start && end) path += taper(start, end, (widths[index - 1] ?? 0) / 2, (widths[index] ?? 0) / 2);
  }
  return path;
}

function taper(start: Point, end: Point, startRadius: number, endRadius: number): string {
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [-dy / length, dx / length];
  const at = (point: Point, radius: number) =>
    `${(point[0] + nx * radius).toFixed(2)} ${(point[1] + ny * radius).toFixed(2)}`;
  const round = (radius: number) => `A${Math.abs(radius).toFixed(2)} ${Math.abs(radius).toFixed(2)} 0 0 0`;
  return (
    `M${at(start, startRadius)}L${at(end, endRadius)}${round(endRadius)} ${at(end, -endRadius)}` +
    `L${at(start, -startRadius)}${round(startRadius)} ${at(start, startRadius)}Z`
  );
}
