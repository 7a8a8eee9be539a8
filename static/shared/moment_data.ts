/** Dates as people say them. */

const DAY_MS = 86_400_000;

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function clock(date: Date): string {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** "just now", "5 minutes ago", "today 08:10", "yesterday 18:40", "Tuesday 18:40", "3 October 2026" (device's time zone). */
export function sayMoment(then: Date, now: Date, locale = "en-GB"): string {
  const seconds = Math.round((now.getTime() - then.getTime()) / 1000);
  if (seconds >= 0 && seconds < 60) return "just now";
  if (seconds >= 60 && seconds < 3600) {
    const minutes = Math.floor(seconds / 60);
    return minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
  }
  const days = Math.round((startOfDay(now) - startOfDay(then)) / DAY_MS);
  if (days === 0) return `today ${clock(then)}`;
  if (days === 1) return `yesterday ${clock(then)}`;
  if (days === -1) return `tomorrow ${clock(then)}`;
  if (days > 1 && days < 7) return `${then.toLocaleDateString(locale, { weekday: "long" })} ${clock(then)}`;
  const sameYear = then.getFullYear() === now.getFullYear();
  return then.toLocaleDateString(locale, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) });
}

/** The full date and time, for hovering. */
export function sayExactly(then: Date, locale = "en-GB"): string {
  return then.toLocaleString(locale, { dateStyle: "full", timeStyle: "short" });
}

/** "1:05" from 65 seconds; rounds up so that a countdown ends on zero. */
export function sayDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
