/** Which of the two models a device can carry, and how fast it goes. */

export type ModelSize = "lite" | "full";

const SAMPLES_NEEDED = 12;
/** The full model takes about 1.4 times as long; it must still leave room for 25 pictures a second. */
const FULL_AT_MOST_MS = 24;
const SLOW_HZ = 12;

/** Watches how long the small model takes before the session and decides once. */
export class ModelProbe {
  private readonly durations: number[] = [];
  private decided = false;

  /** Takes the duration of one look at a person; returns the decision, once, when there is enough to decide on. */
  add(durationMs: number): ModelSize | null {
    if (this.decided) return null;
    this.durations.push(durationMs);
    if (this.durations.length < SAMPLES_NEEDED) return null;
    this.decided = true;
    return median(this.durations.slice(2)) <= FULL_AT_MOST_MS ? "full" : "lite";
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Frames a second over the last two seconds. */
export class RateMeter {
  private times: number[] = [];

  note(nowMs: number): void {
    this.times.push(nowMs);
    this.times = this.times.filter((time) => nowMs - time <= 2000);
  }

  get hz(): number {
    const first = this.times[0];
    const last = this.times[this.times.length - 1];
    if (first === undefined || last === undefined || last <= first) return 0;
    return ((this.times.length - 1) * 1000) / (last - first);
  }

  /** Below this the angle of a quick joint is no longer reliable; the person should know. */
  get isSlow(): boolean {
    return this.times.length > 5 && this.hz < SLOW_HZ;
  }
}

/** What is slow, and that nothing is lost; nothing to say where all is well. */
export function slowWords(slow: { server: boolean; device: boolean }): string {
  if (slow.server) return "Feedback is slow right now. Every movement is still recorded.";
  return slow.device ? "This device is slow. Close other programs for better feedback." : "";
}
