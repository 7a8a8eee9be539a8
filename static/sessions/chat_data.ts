/** What changes in a thread, what is said aloud of it, and when to ask again. Knows no DOM. */

export interface TurnState {
  ref: string;
  /** Changes whenever what is shown of the turn does. */
  version: string;
}

export interface SaidTurn {
  ref: string;
  author: string;
  /** Its sentences that a screen reader or the voice would say. */
  sentences: readonly string[];
  isDanger: boolean;
}

export interface ToSay {
  words: string;
  isDanger: boolean;
}

const FIRST_LOOK_MS = 1200;
const LONGEST_LOOK_MS = 5000;

/** The turns to draw anew, because they are new or show something else now. */
export function turnsToDraw(shown: readonly TurnState[], fresh: readonly TurnState[]): Set<string> {
  const versions = new Map(shown.map((turn) => [turn.ref, turn.version]));
  return new Set(fresh.filter((turn) => versions.get(turn.ref) !== turn.version).map((turn) => turn.ref));
}

/** Remembers how much of each turn was said, so that a sentence is announced once, however often the thread is fetched. */
export class Announcer {
  private readonly said = new Map<string, number>();

  /** What stands on the page already, which nobody needs to hear again. */
  skip(turns: readonly SaidTurn[]): void {
    for (const turn of turns) this.said.set(turn.ref, turn.sentences.length);
  }

  /** The sentences that are new, oldest first; the patient's own words are not said back. */
  next(turns: readonly SaidTurn[]): ToSay[] {
    const fresh: ToSay[] = [];
    for (const turn of turns) {
      const words = turn.sentences.slice(this.said.get(turn.ref) ?? 0).join(" ");
      if (words && turn.author !== "patient") fresh.push({ words, isDanger: turn.isDanger });
    }
    this.skip(turns);
    return fresh;
  }
}

/** How long to wait before looking for an answer again; `looks` counts from 0. The socket usually is faster. */
export function lookAgainMs(looks: number): number {
  return Math.min(LONGEST_LOOK_MS, FIRST_LOOK_MS * 1.5 ** looks);
}

/** Enter sends, unless a line break, another input method or nothing at all is meant. */
export function isSending(key: { key: string; shiftKey: boolean; isComposing: boolean }): boolean {
  return key.key === "Enter" && !key.shiftKey && !key.isComposing;
}

/** Whether the thread that was fetched after a failed send shows that the words had arrived all the same. */
export function hasArrived(words: string, since: number, newestOwn: { number: number; words: string } | null): boolean {
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  return newestOwn !== null && newestOwn.number > since && plain(newestOwn.words) === plain(words);
}

export const NOT_SENT = "That was not sent. Your words are still here. Check your connection and press Send again.";
export const SIGNED_OUT =
  "You are signed out. Copy your words, load this page again and sign in. In an emergency call the number above.";
