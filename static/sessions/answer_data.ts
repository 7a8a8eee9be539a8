/** What a person says after a set, and what the server makes of it. Knows no DOM. */

/** A set as it is now: an answer may have made it easier, or left it out. */
export interface SetChange {
  ref: string;
  state: string;
  target_repetitions: number | null;
  target_hold_s: number | null;
}

/** Why something is easier, in one sentence, and the set through which it is declined. */
export interface Adjustment {
  set: string;
  words: string;
}

/** Too much pain: the session has ended, with these fixed words. */
export interface StopWords {
  title: string;
  words: string;
}

export interface Changes {
  sets: SetChange[];
  adjustment: Adjustment | null;
  stop: StopWords | null;
}

export interface EffortChoice {
  value: number;
  words: string;
}

export type Question = "effort" | "pain";
export const NOT_SAVED = "That was not saved. Please tap again.";

/** The changes in the server's answer; null for anything that is none, such as the page of a signed-out person. */
export function readChanges(body: unknown): Changes | null {
  const said = body as Partial<Changes> | null;
  if (typeof said !== "object" || said === null || !Array.isArray(said.sets)) return null;
  return { sets: said.sets, adjustment: said.adjustment ?? null, stop: said.stop ?? null };
}

/** The words of a refusal, where the server gave some. */
export function readRefusal(body: unknown): string {
  const words = (body as { words?: unknown } | null)?.words;
  return typeof words === "string" && words ? words : NOT_SAVED;
}

type Post = (url: string, body: unknown) => Promise<Response>;
export interface AnswerListener {
  onChanges(changes: Changes): void;
  onProblem(words: string): void;
}

/** Sends one answer after the other, so that what was tapped last is what is kept. */
export class AnswerQueue {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly post: Post,
    private readonly listener: AnswerListener,
  ) {}

  send(url: string, body: unknown): Promise<void> {
    this.last = this.last.then(() => this.sendNow(url, body));
    return this.last;
  }

  private async sendNow(url: string, body: unknown): Promise<void> {
    const response = await this.post(url, body).catch(() => null);
    const said: unknown = await response?.json().catch(() => null);
    const changes = response?.ok ? readChanges(said) : null;
    if (changes) this.listener.onChanges(changes);
    else this.listener.onProblem(readRefusal(said));
  }
}
