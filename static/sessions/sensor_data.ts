/** A test with the phone as the sensor: what happens when. Knows no phone, no page and no clock. */

import type { MotionFrame } from "./motion_sensor_data";

export type TestKind = "walk" | "walk_10m" | "chair_stand_30s" | "tug";

export interface TestConfig {
  kind: TestKind;
  title: string;
  voice: boolean;
  /** Everything is known from the last time: the page opens at its last step. */
  is_ready: boolean;
  countdown_s: number;
  /** Long enough for a result; the ring is full then. */
  aim_s: number | null;
  ends_after_s: number | null;
  ends_when_still_s: number | null;
  longest_s: number;
  words: { get_ready: string; go: string; moving: string; enough: string };
  /** Said when so many seconds have passed. */
  marks: [seconds: number, words: string][];
  /** Where to put the phone, as it is said, by the value of the choice. */
  placements: Record<string, string>;
  urls: { start: string; stop: string; movement: string };
}

const WINDOW_MS = 1000;
/** Spread of the acceleration's length within a second, m/s². A sitting person stays below 0.15; shuffling reaches 0.5. */
const MOVING_ABOVE = 0.35;
const STRONG = 3;
const MOVED_AT_LEAST_MS = 3000;
const SILENT_AFTER_MS = 2000;

/** Whether the phone feels the person move, from the last second. */
export class MovementSense {
  private recent: { ms: number; size: number }[] = [];
  private lastMs = NaN;
  private stillSinceMs = NaN;
  private movedMs = 0;
  /** Of the movement felt now: 0 is still, 1 is a firm stride. */
  level = 0;

  feel(frame: Pick<MotionFrame, "captureMs" | "acceleration">): void {
    const now = frame.captureMs;
    this.recent.push({ ms: now, size: Math.hypot(...frame.acceleration) });
    while ((this.recent[0]?.ms ?? now) < now - WINDOW_MS) this.recent.shift();
    const spread = spreadOf(this.recent.map((one) => one.size));
    this.level = Math.min(1, spread / STRONG);
    if (spread > MOVING_ABOVE) {
      if (this.isMoving && Number.isFinite(this.lastMs)) this.movedMs += Math.min(WINDOW_MS, now - this.lastMs);
      this.stillSinceMs = NaN;
    } else if (Number.isNaN(this.stillSinceMs)) this.stillSinceMs = now;
    this.lastMs = now;
  }

  get isMoving(): boolean {
    return Number.isFinite(this.lastMs) && Number.isNaN(this.stillSinceMs);
  }

  /** Whether readings have stopped coming: what was felt last is not what is felt now. */
  isSilent(nowMs: number): boolean {
    return Number.isFinite(this.lastMs) && nowMs - this.lastMs > SILENT_AFTER_MS;
  }

  get hasMoved(): boolean {
    return this.movedMs >= MOVED_AT_LEAST_MS;
  }

  /** How long the phone has been still. */
  get stillS(): number {
    return Number.isNaN(this.stillSinceMs) ? 0 : (this.lastMs - this.stillSinceMs) / 1000;
  }
}

function spreadOf(values: number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

export type FlowEvent =
  | { kind: "say"; words: string }
  | { kind: "beep"; pitch: "low" | "high" }
  | { kind: "go" }
  | { kind: "end"; why: "time" | "still" | "longest" };

const COUNTED_ALOUD_S = 5;
const MORE_TIME_MS = 10_000;
const LEAD_MS = 3000;

/** From "Starting in 10" to the end: what to say, when to begin, when to stop by itself. */
export class TestFlow {
  readonly sense = new MovementSense();
  phase: "countdown" | "recording" | "over" = "countdown";
  private goMs: number;
  private lastShown = Infinity;
  private saidMarks = 0;
  private hasBegun = false;

  constructor(
    private readonly config: TestConfig,
    nowMs: number,
  ) {
    this.goMs = nowMs + config.countdown_s * 1000;
  }

  /** Whole seconds until the start. */
  secondsLeft(nowMs: number): number {
    return Math.max(0, Math.ceil((this.goMs - nowMs) / 1000));
  }

  elapsedS(nowMs: number): number {
    return Math.max(0, (nowMs - this.goMs) / 1000);
  }

  /** Whether frames count: from a few seconds before the start, so that standing or sitting still is seen. */
  isCapturing(nowMs: number): boolean {
    this.hasBegun ||= this.phase === "recording" || (this.phase === "countdown" && this.goMs - nowMs <= LEAD_MS);
    return this.hasBegun && this.phase !== "over";
  }

  /** How much of what is enough is done, 0 to 1. */
  share(nowMs: number): number {
    const aim = this.config.aim_s ?? this.config.ends_after_s;
    return aim ? Math.min(1, this.elapsedS(nowMs) / aim) : 0;
  }

  giveMoreTime(): void {
    if (this.phase !== "countdown") return;
    this.goMs += MORE_TIME_MS;
    this.lastShown = Infinity;
  }

  end(): void {
    this.phase = "over";
  }

  tick(nowMs: number): FlowEvent[] {
    if (this.phase === "countdown") return this.countDown(nowMs);
    return this.phase === "recording" ? this.goOn(nowMs) : [];
  }

  private countDown(nowMs: number): FlowEvent[] {
    const left = this.secondsLeft(nowMs);
    if (left === this.lastShown) return [];
    this.lastShown = left;
    if (left > COUNTED_ALOUD_S) return [];
    if (left > 0)
      return [
        { kind: "beep", pitch: "low" },
        { kind: "say", words: String(left) },
      ];
    this.phase = "recording";
    return [{ kind: "go" }, { kind: "beep", pitch: "high" }, { kind: "say", words: this.config.words.go }];
  }

  private goOn(nowMs: number): FlowEvent[] {
    const elapsed = this.elapsedS(nowMs);
    const { ends_after_s, ends_when_still_s, longest_s } = this.config;
    if (ends_after_s !== null && elapsed >= ends_after_s) return [{ kind: "end", why: "time" }];
    if (elapsed >= longest_s) return [{ kind: "end", why: "longest" }];
    const isDone = ends_when_still_s !== null && this.sense.hasMoved && this.sense.stillS >= ends_when_still_s;
    if (isDone) return [{ kind: "end", why: "still" }];
    return this.markAt(elapsed);
  }

  private markAt(elapsed: number): FlowEvent[] {
    const next = this.config.marks[this.saidMarks];
    if (!next || elapsed < next[0]) return [];
    this.saidMarks++;
    return [{ kind: "say", words: next[1] }];
  }
}

/** Seconds as people say them: "1:05". */
export function sayElapsed(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** What to do after the phone measured nothing for a while. */
export function saySlept(seconds: number, kind: TestKind): string {
  const whole = Math.max(1, Math.round(seconds));
  const missing = `The phone slept for ${whole} ${whole === 1 ? "second" : "seconds"} and measured nothing.`;
  const next = kind === "walk" ? "Walk on." : "Please finish, then do the test again.";
  return `${missing} Keep this page open and the screen on. ${next}`;
}
