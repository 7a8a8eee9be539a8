/** The bout viewer: which stretch of the signal is shown, when finer samples are needed, and its steps. Knows no DOM. */

export interface SignalSamples {
  start_s: number;
  end_s: number;
  t_s: number[];
  /** One list per axis; with `coarse` the lists hold the least and the most of each stretch in turn. */
  acceleration_m_s2: (number | null)[][];
  angular_velocity_rad_s: (number | null)[][] | null;
  coarse: boolean;
}

export type Step = [number, "left" | "right" | ""];

export interface SignalConfig {
  url: string;
  /** The stretch that the page is about, in seconds of the recording, with what may be seen around it. */
  start_s: number;
  end_s: number;
  least_s: number;
  most_s: number;
  points: number;
  steps: Step[];
  phases: { name: string; start_s: number; end_s: number }[];
  /** Where each sensor of the file was worn; a chooser appears for more than one. */
  sensors: string[];
}

export type Span = [number, number];

const LEAST_SPAN_S = 1;

/** A span within the bounds, never under a second. */
export function clampSpan([from, to]: Span, [least, most]: Span): Span {
  const length = Math.min(Math.max(to - from, LEAST_SPAN_S), most - least);
  const start = Math.min(Math.max((from + to) / 2 - length / 2, least), most - length);
  return [start, start + length];
}

export function scaledSpan(shown: Span, bounds: Span, factor: number): Span {
  const middle = (shown[0] + shown[1]) / 2;
  const half = ((shown[1] - shown[0]) / 2) * factor;
  return clampSpan([middle - half, middle + half], bounds);
}

export function movedSpan(shown: Span, bounds: Span, share: number): Span {
  const by = (shown[1] - shown[0]) * share;
  return clampSpan([shown[0] + by, shown[1] + by], bounds);
}

/** What to fetch for a span: a third more on both sides, so that small moves need nothing. */
export function spanToFetch([from, to]: Span, [least, most]: Span): Span {
  const more = (to - from) / 3;
  return [Math.max(least, from - more), Math.min(most, to + more)];
}

/** Whether what is loaded is too short, or too coarse, for the span. */
export function needsFetch(loaded: SignalSamples | null, [from, to]: Span): boolean {
  if (!loaded) return true;
  const outside = from < loaded.start_s - 0.05 || to > loaded.end_s + 0.05;
  return outside || (loaded.coarse && (loaded.end_s - loaded.start_s) / (to - from) > 2.5);
}

export function addressOf(url: string, [from, to]: Span, points: number, sensor = 0): string {
  const asked = `${url}?start=${from.toFixed(3)}&end=${to.toFixed(3)}&points=${points}`;
  return sensor ? `${asked}&sensor=${sensor}` : asked;
}

export function stepsInside(steps: Step[], [from, to]: Span): Step[] {
  return steps.filter(([at]) => at >= from && at <= to);
}

/** "12.4–18.0 s of the recording, 9 steps (5 left, 4 right)". */
export function saySpan(span: Span, steps: Step[]): string {
  const shown = stepsInside(steps, span);
  const left = shown.filter(([, side]) => side === "left").length;
  const right = shown.filter(([, side]) => side === "right").length;
  const sides = left + right ? ` (${left} left, ${right} right)` : "";
  const count = steps.length ? `, ${shown.length} ${shown.length === 1 ? "step" : "steps"}${sides}` : "";
  return `${span[0].toFixed(1)}–${span[1].toFixed(1)} s of the recording${count}`;
}

/** The length of a sample's acceleration on each moment, or null where an axis is missing. */
export function lengths(axes: (number | null)[][]): (number | null)[] {
  const [x = [], y = [], z = []] = axes;
  return x.map((one, index) => {
    const [a, b, c] = [one, y[index], z[index]];
    return a === null || b === null || c === null || b === undefined || c === undefined ? null : Math.hypot(a, b, c);
  });
}
