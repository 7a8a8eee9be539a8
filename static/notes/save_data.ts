/** What the editor says about saving, in words, and when it tries again. Knows no DOM and no clock. */

export type Trouble = "" | "offline" | "signed_out" | "other_text" | "refused" | "too_often";

export interface SaveState {
  saving: boolean;
  /** Something is on the screen that the server does not have. */
  dirty: boolean;
  /** "12:04", as the server said it. */
  savedAt: string;
  /** When the oldest unsaved change was made, in ms; null when there is none. */
  unsavedSince: number | null;
  trouble: Trouble;
  /** The server's own words where it refused. */
  words: string;
}

export const NOTHING_SAVED: SaveState = {
  saving: false,
  dirty: false,
  savedAt: "",
  unsavedSince: null,
  trouble: "",
  words: "",
};

export function sayState(state: SaveState, now: number): string {
  const waiting = state.unsavedSince === null ? "" : `, ${sayAge(now - state.unsavedSince)} not saved yet`;
  switch (state.trouble) {
    case "offline":
      return `No connection: keep this page open${waiting}`;
    case "signed_out":
      return `You were signed out: keep this page open${waiting}`;
    case "other_text":
      return "Not saved: there is another text. Choose below what stays";
    case "refused":
      return `Not saved. ${state.words}`;
    case "too_often":
      return `Saving a little later${waiting}`;
  }
  if (state.saving) return "Saving…";
  if (state.dirty) return "Not saved yet";
  return state.savedAt ? `Saved ${state.savedAt}` : "Nothing to save";
}

export function sayAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min`;
}

/** What an answer of the server means for the text on the screen. */
export type Answer = "saved" | "signed_out" | "new_token" | "other_text" | "refused" | "too_often" | "later";

/** `isJson`: whether the answer is one of ours; sign-in pages and proxies answer with pages. */
export function readAnswer(status: number, isJson: boolean): Answer {
  if (status === 200 && isJson) return "saved";
  if (status === 0 || status === 302 || status === 401 || (status === 200 && !isJson)) return "signed_out";
  if (status === 403 && !isJson) return "new_token";
  if (status === 409 && isJson) return "other_text";
  if (status === 429) return "too_often";
  if (status >= 400 && status < 500 && isJson) return "refused";
  return "later";
}
