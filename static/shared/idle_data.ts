/** When somebody who left the screen is signed out. */

export type IdleState = "active" | "warning" | "expired";

export const WARNING_S = 60;
const KEEP_ALIVE_S = 120;

/** Counts from the last sign of life; times in milliseconds of one clock. */
export class IdleClock {
  private lastSeen: number;
  private lastKeptAlive: number;

  constructor(
    private readonly limitS: number,
    now: number,
  ) {
    this.lastSeen = now;
    this.lastKeptAlive = now;
  }

  seen(now: number): void {
    this.lastSeen = now;
  }

  /** Another tab of the same person was active at `at`. */
  seenElsewhere(at: number): void {
    this.lastSeen = Math.max(this.lastSeen, at);
  }

  secondsLeft(now: number): number {
    return this.limitS - (now - this.lastSeen) / 1000;
  }

  state(now: number): IdleState {
    const left = this.secondsLeft(now);
    if (left <= 0) return "expired";
    return left <= Math.min(WARNING_S, this.limitS / 2) ? "warning" : "active";
  }

  /** Whether the server should hear that this person is still here; true at most every two minutes, and only after activity. */
  takeKeepAlive(now: number): boolean {
    const due = now - this.lastKeptAlive >= KEEP_ALIVE_S * 1000 && this.lastSeen > this.lastKeptAlive;
    if (due) this.lastKeptAlive = now;
    return due;
  }
}
