/** Looking at a set again: repetitions, time, and where the marks go. Knows no DOM. */

import type { Motion } from "./frame_data";

export type Classification = "correct" | "mild" | "significant" | "not_scored";

export interface Finding {
  code: string;
  words: string;
  severity: string;
  value: number | null;
  unit: string;
  baseline: number | null;
}

export interface Repetition {
  /** In addresses that open this repetition: `#repetition-<ref>`. */
  ref: string;
  index: number;
  side: string;
  start_s: number;
  peak_s: number;
  end_s: number;
  classification: Classification;
  peak_deg: number | null;
  reason: string;
  findings: Finding[];
}

export interface ReviewSet {
  ref: string;
  label: string;
  /** Empty where no recording was kept. */
  frames_url: string;
  /** Lines that must be read beside the curve. */
  notes: string[];
  curve: {
    t_s: number[];
    primary_deg: (number | null)[];
    label: string;
    unit: string;
    target_deg: [number, number] | null;
    source: string;
  };
  repetitions: Repetition[];
  worst: number | null;
  best: number | null;
}

export const CLASS_WORDS: Record<Classification, string> = {
  correct: "Correct",
  mild: "Mild compensation",
  significant: "Significant compensation",
  not_scored: "Not scored",
};

export const CLASS_NAMES: Record<Classification, string> = {
  correct: "state--correct",
  mild: "state--mild",
  significant: "state--significant",
  not_scored: "state--not-scored",
};

export interface Place {
  set: ReviewSet;
  repetition: Repetition | null;
}

/** What an address's `#set-…` or `#repetition-…` names; null for anything else. */
export function placeOf(hash: string, sets: ReviewSet[]): Place | null {
  for (const set of sets) {
    if (hash === `#set-${set.ref}`) return { set, repetition: null };
    const repetition = set.repetitions.find((one) => hash === `#repetition-${one.ref}`);
    if (repetition) return { set, repetition };
  }
  return null;
}

/** Seconds from the first stored frame, for each frame. */
export function frameTimes(motion: Motion): number[] {
  const origin = motion.frames[0]?.captureMs ?? 0;
  return motion.frames.map((frame) => (frame.captureMs - origin) / 1000);
}

/** The last frame at or before `timeS`; 0 before the first. `times` rises. */
export function frameAt(times: number[], timeS: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((times[middle] ?? 0) <= timeS) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

export function repetitionAt(repetitions: Repetition[], timeS: number): Repetition | null {
  return repetitions.find((one) => timeS >= one.start_s && timeS <= one.end_s) ?? null;
}

/** The repetition before or after the moment, for the keyboard. */
export function neighbour(repetitions: Repetition[], timeS: number, step: 1 | -1): Repetition | null {
  if (step > 0) return repetitions.find((one) => one.start_s > timeS + 0.01) ?? null;
  // Within the first moment of a repetition "back" means the one before it.
  return [...repetitions].reverse().find((one) => one.start_s < timeS - 0.3) ?? null;
}

/** One line about a repetition, for its mark and for a screen reader. */
export function sayRepetition(one: Repetition, unit: string): string {
  const angle = one.peak_deg === null ? "" : `, ${Math.round(one.peak_deg)}${unit}`;
  const why =
    one.classification === "not_scored" ? one.reason : one.findings.map((finding) => finding.words).join(" ");
  return `Repetition ${one.index}: ${CLASS_WORDS[one.classification].toLowerCase()}${angle}${why ? `. ${why}` : ""}`;
}

/** The worst class of a set and how many repetitions have it; null where nothing was found fault with. */
export function faultsOf(repetitions: Repetition[]): { kind: Classification; count: number } | null {
  for (const kind of ["significant", "mild", "not_scored"] as const) {
    const count = repetitions.filter((one) => one.classification === kind).length;
    if (count) return { kind, count };
  }
  return null;
}

/** Plays a stretch of time; the page hands in its own clock, in seconds. */
export class Playback {
  timeS = 0;
  speed = 1;
  isPlaying = false;
  loop: { fromS: number; toS: number } | null = null;
  private lastClockS: number | null = null;

  constructor(readonly durationS: number) {}

  play(): void {
    if (!this.loop && this.timeS >= this.durationS) this.timeS = 0;
    this.isPlaying = true;
    this.lastClockS = null;
  }

  pause(): void {
    this.isPlaying = false;
  }

  seek(timeS: number): void {
    this.timeS = Math.max(0, Math.min(this.durationS, timeS));
  }

  /** Moves on to the page's clock; at the end it stops, or begins its loop again. */
  advance(clockS: number): void {
    const passed = this.lastClockS === null ? 0 : clockS - this.lastClockS;
    this.lastClockS = clockS;
    if (!this.isPlaying) return;
    this.timeS += passed * this.speed;
    if (this.loop && (this.timeS >= this.loop.toS || this.timeS < this.loop.fromS)) this.timeS = this.loop.fromS;
    else if (this.timeS >= this.durationS) {
      this.timeS = this.durationS;
      this.isPlaying = false;
    }
  }
}
