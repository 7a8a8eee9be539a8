/** Which element a key presses: `data-key` on links, buttons and fields. No DOM in here. */

export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export const HELP_KEY = "?";

/** The key as it stands in `data-key`; null while somebody types or holds another key, or for keys of the browser. */
export function plainKey(pressed: PressedKey, isTyping: boolean): string | null {
  if (isTyping || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  return pressed.key.length === 1 ? pressed.key : null;
}

/** The letter or digit of a key pressed with Alt, small; on a Mac the key itself says "µ", so the place of the key counts. */
export function altKey(pressed: PressedKey & { code: string }): string {
  if (!pressed.altKey || pressed.ctrlKey || pressed.metaKey) return "";
  if (/^[a-z0-9]$/i.test(pressed.key)) return pressed.key.toLowerCase();
  return /^(?:Key|Digit)([A-Z0-9])$/.exec(pressed.code)?.[1]?.toLowerCase() ?? "";
}
