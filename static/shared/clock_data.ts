/** How long an alert may still wait, in words: the same as `patients/alert_clock.py` writes into the page. */

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

export type ClockLevel = "significant" | "mild" | "not-scored";

/** Seconds as "45 s", "12 min", "3 h 5 min" or "2 days 4 h", rounded down. */
export function sayTime(seconds: number): string {
  const whole = Math.max(0, Math.trunc(seconds));
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min`;
  if (whole < DAY_S) {
    const minutes = Math.floor(whole / MINUTE_S);
    return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
  }
  const hours = Math.floor(whole / HOUR_S);
  const days = Math.floor(hours / 24);
  const said = days === 1 ? "1 day" : `${days} days`;
  return hours % 24 ? `${said} ${hours % 24} h` : said;
}

/** "12 min left", "overdue by 3 min". */
export function sayLeft(leftS: number): string {
  return leftS < 0 ? `overdue by ${sayTime(-leftS)}` : `${sayTime(leftS)} left`;
}

/** Overdue, soon due, or neither. */
export function levelOf(leftS: number, soonS: number): ClockLevel {
  if (leftS < 0) return "significant";
  return leftS < soonS ? "mild" : "not-scored";
}

/** Counts on the server's time: the device's own clock may be wrong, but it runs evenly. */
export class ServerClock {
  private readonly startedMs: number;

  constructor(
    private readonly serverNowMs: number,
    elapsedMs: number,
  ) {
    this.startedMs = elapsedMs;
  }

  /** Seconds until `dueMs`, when the device's even clock stands at `elapsedMs`; negative when overdue. */
  secondsTo(dueMs: number, elapsedMs: number): number {
    return (dueMs - this.serverNowMs - (elapsedMs - this.startedMs)) / 1000;
  }
}
