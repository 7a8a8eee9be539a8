/** How long to wait before the next try: doubling, never long, never all clients at once. */

const FIRST_MS = 500;
const LONGEST_MS = 8000;

/** `attempt` counts from 0; `chance` in 0..1 spreads the clients over the last quarter of the wait. */
export function retryDelayMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(full * (0.75 + 0.25 * chance));
}

/** Silent for too long, or told off for sending too much: the same page may come back. */
const MAY_COME_BACK = new Set([4408, 4429]);

/** Closed by the server for a reason that trying again does not change: signed out, not yours, over, taken over. */
export function isFinalClose(code: number): boolean {
  return code >= 4400 && code < 4500 && !MAY_COME_BACK.has(code);
}
