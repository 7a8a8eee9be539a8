/** The Movement page's charts: which days are shown, how far the axis goes, what a point says. Knows no DOM. */

export interface ChartPoint {
  day: string;
  value: number;
  low: number | null;
  high: number | null;
  words: string;
  /** "bouts", "health", "timed" or "simulated": decides the shape. */
  origin: string;
  url: string;
}

export interface ChartMark {
  day: string;
  words: string;
}

export interface AlarmMark extends ChartMark {
  onset: string;
  open: boolean;
}

export interface ChartConfig {
  code: string;
  name: string;
  unit: string;
  decimals: number;
  points: ChartPoint[];
  trend: {
    days: string[];
    level: (number | null)[];
    low: (number | null)[];
    high: (number | null)[];
    expected: (number | null)[];
  };
  /** From where change is counted: inside `noise` it may be measurement error, past `important` it matters. */
  reference: { day: string; value: number; noise: [number, number] | null; important: number | null } | null;
  normal: [number, number] | null;
  alarms: AlarmMark[];
  changes: ChartMark[];
  events: ChartMark[];
}

export interface MovementConfig {
  first: string;
  last: string;
  weeks: number | null;
  charts: ChartConfig[];
}

/** Seconds; both ends are shown. */
export type Window = [number, number];

const DAY_S = 86_400;
const LEAST_DAYS = 3;
const MARGIN = 0.06;

/** Noon in UTC of a day on the patient's calendar, in seconds: no time zone moves it to another day. */
export function secondsOf(day: string): number {
  return Date.parse(`${day}T12:00:00Z`) / 1000;
}

export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** "Mon 16 November"; with the year when it is not `thisYear`. */
export function sayDay(day: string, thisYear: number, locale = "en-GB"): string {
  const date = new Date(secondsOf(day) * 1000);
  const year = date.getUTCFullYear() === thisYear ? {} : { year: "numeric" as const };
  const options = { weekday: "short", day: "numeric", month: "long", timeZone: "UTC", ...year } as const;
  return date.toLocaleDateString(locale, options).replace(",", "");
}

/** The last `weeks` weeks up to the last day, half a day wider on both sides; everything without `weeks`. */
export function windowOf(config: { first: string; last: string }, weeks: number | null): Window {
  const last = secondsOf(config.last);
  const first = weeks === null ? secondsOf(config.first) : last - (weeks * 7 - 1) * DAY_S;
  return [Math.min(first, last - (LEAST_DAYS - 1) * DAY_S) - DAY_S / 2, last + DAY_S / 2];
}

/** The window moved or zoomed within `whole`, and never under three days. */
export function clampWindow([low, high]: Window, whole: Window): Window {
  const span = Math.min(Math.max(high - low, LEAST_DAYS * DAY_S), whole[1] - whole[0]);
  const middle = (low + high) / 2;
  const start = Math.min(Math.max(middle - span / 2, whole[0]), whole[1] - span);
  return [start, start + span];
}

export function zoomed(shown: Window, whole: Window, factor: number): Window {
  const middle = (shown[0] + shown[1]) / 2;
  const half = ((shown[1] - shown[0]) / 2) * factor;
  return clampWindow([middle - half, middle + half], whole);
}

export function moved(shown: Window, whole: Window, share: number): Window {
  const by = (shown[1] - shown[0]) * share;
  return clampWindow([shown[0] + by, shown[1] + by], whole);
}

/** Lowest and highest number that must be visible in a window, with room around; [0, 1] when there is nothing. */
export function valueRange(chart: ChartConfig, shown: Window): [number, number] {
  const values: number[] = [];
  for (const point of chart.points) {
    if (!isInside(point.day, shown)) continue;
    values.push(point.value, point.low ?? point.value, point.high ?? point.value);
  }
  chart.trend.days.forEach((day, index) => {
    if (!isInside(day, shown)) return;
    for (const line of [chart.trend.level, chart.trend.low, chart.trend.high, chart.trend.expected]) {
      const value = line[index];
      if (value !== null && value !== undefined) values.push(value);
    }
  });
  const { reference } = chart;
  if (reference) values.push(reference.value, ...(reference.noise ?? []));
  if (reference?.important !== null && reference?.important !== undefined) values.push(reference.important);
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  return roomy(Math.min(...finite), Math.max(...finite));
}

function roomy(low: number, high: number): [number, number] {
  const room = Math.max(high - low, Math.abs(high) * 0.02, 1e-6) * MARGIN;
  const least = low >= 0 ? Math.max(0, low - room) : low - room;
  return [least, high + room * 2.5];
}

function isInside(day: string, [low, high]: Window): boolean {
  const at = secondsOf(day);
  return at >= low && at <= high;
}

/** The point nearest in days to a moment; of a day's points the one nearest in value. Null without points. */
export function nearestPoint(points: ChartPoint[], seconds: number, value: number): ChartPoint | null {
  let best: ChartPoint | null = null;
  let least = [Infinity, Infinity];
  for (const point of points) {
    const distance = [Math.abs(secondsOf(point.day) - seconds), Math.abs(point.value - value)];
    if (distance[0]! < least[0]! || (distance[0] === least[0] && distance[1]! < least[1]!)) {
      best = point;
      least = distance;
    }
  }
  return best;
}

/** The point before or after `from` in time, staying inside the window; the last one to begin with. */
export function neighbourPoint(
  points: ChartPoint[],
  from: ChartPoint | null,
  step: number,
  shown: Window,
): ChartPoint | null {
  const inside = points.filter((point) => isInside(point.day, shown));
  if (!inside.length) return null;
  const at = from ? inside.indexOf(from) : -1;
  if (at < 0) return inside[inside.length - 1] ?? null;
  return inside[Math.min(Math.max(at + step, 0), inside.length - 1)] ?? null;
}

/** What the trend says on a day, or "". */
export function sayTrend(chart: ChartConfig, day: string): string {
  const index = chart.trend.days.indexOf(day);
  const level = chart.trend.level[index];
  if (index < 0 || level === null || level === undefined) return "";
  const low = chart.trend.low[index];
  const high = chart.trend.high[index];
  const band =
    typeof low === "number" && typeof high === "number"
      ? ` (${low.toFixed(chart.decimals)}–${high.toFixed(chart.decimals)})`
      : "";
  return `trend ${level.toFixed(chart.decimals)}${band}`;
}

/** At which end of the window the course is farther from a line, so that its words stand free. */
export function roomierSide(chart: ChartConfig, value: number, shown: Window): "left" | "right" {
  const inside = chart.points.filter((point) => isInside(point.day, shown));
  const third = Math.max(1, Math.round(inside.length / 4));
  const nearest = (points: ChartPoint[]) => Math.min(...points.map((point) => Math.abs(point.value - value)));
  return nearest(inside.slice(0, third)) >= nearest(inside.slice(-third)) ? "left" : "right";
}
