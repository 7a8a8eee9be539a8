/** The course of a session: set-up, get ready, move, rest, next set. Knows no DOM and no clock of its own. */

import type { SetChange } from "./answer_data";

export interface ExerciseConfig {
  code: string;
  name: string;
  kind: "repetitions" | "hold";
  position?: string;
  camera?: string;
  instructions?: string[];
  figure?: unknown;
}

/** A place on the body from which a sensor can count this exercise, and how to fix it there. */
export interface SensorPlace {
  placement: string;
  name: string;
  words: string;
}

export interface SetConfig {
  ref: string;
  set_number: number;
  sets_total: number;
  state: string;
  side: string;
  view: string;
  target_repetitions: number | null;
  target_hold_s: number | null;
  rest_s: number;
  /** Where a sensor may sit; empty or absent when none can count this exercise. */
  sensor?: SensorPlace[];
  exercise: ExerciseConfig;
}

/** "sensor": this phone on the body. "worn": a sensor that sends by itself. */
export type Mode = "camera" | "sensor" | "worn" | "sample" | "tap";
export type Phase = "welcome" | "helper" | "ready" | "moving" | "finishing" | "resting" | "done";

const GET_READY_S = 5;
/** Long enough to put the phone into a pocket and to stand still for a moment. */
const SENSOR_READY_S = 12;
/** Where the plan has no rest: long enough to say how it was. It can be skipped. */
const LEAST_PAUSE_S = 10;

export class SessionFlow {
  phase: Phase = "welcome";
  mode: Mode;
  count = 0;
  holdS: number | null = null;
  private index: number;
  private untilMs = 0;

  constructor(
    private readonly sets: SetConfig[],
    mode: Mode,
  ) {
    this.mode = mode;
    this.index = sets.findIndex((one) => isOpen(one));
    if (this.index < 0) this.phase = "done";
  }

  get current(): SetConfig | null {
    return this.phase === "done" ? null : (this.sets[this.index] ?? null);
  }

  get next(): SetConfig | null {
    return this.sets.slice(this.index + 1).find(isOpen) ?? null;
  }

  /** Sets of the current exercise and side, for the dots: done, now, to come. */
  get dots(): ("done" | "now" | "todo")[] {
    const current = this.current;
    if (!current) return [];
    const done = current.set_number - (isOpen(current) ? 1 : 0);
    return Array.from({ length: current.sets_total }, (_, i) => (i < done ? "done" : i === done ? "now" : "todo"));
  }

  /** Whole seconds left of the countdown or the rest. */
  secondsLeft(nowMs: number): number {
    return Math.max(0, Math.ceil((this.untilMs - nowMs) / 1000));
  }

  /** How the current set is counted: by tapping where no sensor can. */
  get counting(): Mode {
    return this.isFelt && !this.current?.sensor?.length ? "tap" : this.mode;
  }

  /** What the server calls it. */
  get countedBy(): string {
    return this.counting === "worn" ? "sensor" : this.counting;
  }

  /** Whether a sensor on the body counts what it can. */
  private get isFelt(): boolean {
    return this.mode === "sensor" || this.mode === "worn";
  }

  private get needsPlacing(): boolean {
    return this.isFelt && this.counting !== "tap";
  }

  begin(mode: Mode, nowMs: number): void {
    this.mode = mode;
    if (this.mode === "camera" || this.needsPlacing) this.phase = "helper";
    else this.getReady(nowMs);
  }

  getReady(nowMs: number): void {
    this.phase = "ready";
    this.count = 0;
    this.holdS = null;
    this.untilMs = nowMs + (this.needsPlacing ? SENSOR_READY_S : GET_READY_S) * 1000;
  }

  /** Lets time pass; says whether the phase changed. */
  tick(nowMs: number): boolean {
    if (nowMs < this.untilMs) return false;
    if (this.phase === "ready") {
      this.phase = "moving";
      return true;
    }
    if (this.phase === "resting") {
      this.goOn(nowMs);
      return true;
    }
    return false;
  }

  /** Takes a count in; says whether the set is complete. */
  counted(count: number, holdS: number | null): boolean {
    this.count = count;
    this.holdS = holdS;
    return this.isComplete;
  }

  get isComplete(): boolean {
    const set = this.current;
    if (!set || this.phase !== "moving") return false;
    if (set.target_repetitions) return this.count >= set.target_repetitions;
    return set.target_hold_s !== null && (this.holdS ?? 0) >= set.target_hold_s;
  }

  finishing(): void {
    this.phase = "finishing";
  }

  /** The set is stored: rest, or be done. `hasNews`: there is something to say first, even where nothing is left. */
  finished(nowMs: number, hasNews = false): void {
    const set = this.current;
    if (set) set.state = "ended";
    if (!this.next && !hasNews) {
      this.phase = "done";
      return;
    }
    this.phase = "resting";
    this.untilMs = nowMs + Math.max(set?.rest_s ?? 0, LEAST_PAUSE_S) * 1000;
  }

  /** Takes the sets as the server has them now; says whether the phase changed, since the set at hand is left out. */
  take(changes: SetChange[], nowMs: number): boolean {
    const at = new Map(changes.map((change) => [change.ref, change]));
    for (const set of this.sets) {
      const { target_repetitions, target_hold_s, state } = at.get(set.ref) ?? set;
      Object.assign(set, { target_repetitions, target_hold_s, state });
    }
    const current = this.current;
    if (!current || isOpen(current) || !["helper", "ready", "moving"].includes(this.phase)) return false;
    this.goOn(nowMs);
    return true;
  }

  skipRest(nowMs: number): void {
    if (this.phase === "resting") this.goOn(nowMs);
  }

  /** Another view needs another look at the camera; otherwise the person only gets ready. */
  private goOn(nowMs: number): void {
    const before = this.sets[this.index];
    const after = this.next;
    if (!after) {
      this.phase = "done";
      return;
    }
    this.index = this.sets.indexOf(after);
    const turned =
      before?.view !== after.view || before.exercise.position !== after.exercise.position || before.side !== after.side;
    const moved = before?.exercise.code !== after.exercise.code || before.side !== after.side;
    if ((this.mode === "camera" && turned) || (this.needsPlacing && moved)) {
      this.phase = "helper";
      this.count = 0;
      this.holdS = null;
    } else this.getReady(nowMs);
  }
}

function isOpen(set: SetConfig): boolean {
  return set.state === "planned" || set.state === "live";
}

const SIDE_WORDS: Record<string, string> = { left: "Left side", right: "Right side" };

/** "Left side", or nothing when both sides move. */
export function saySide(side: string): string {
  return SIDE_WORDS[side] ?? "";
}

/** "10 times", "hold 20 s", "10 times, hold 5 s each". */
export function sayTarget(set: Pick<SetConfig, "target_repetitions" | "target_hold_s">): string {
  const hold = set.target_hold_s ? `hold ${set.target_hold_s} s` : "";
  if (!set.target_repetitions || (set.target_repetitions === 1 && hold)) return hold;
  return hold ? `${set.target_repetitions} times, ${hold} each` : `${set.target_repetitions} times`;
}
