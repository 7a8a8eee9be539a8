/** Phrases typed as ".slr", and the blanks to fill in that a text holds. Knows no DOM. */

import type { Stretch } from "./marks_text_data";

export interface Phrase {
  short: string;
  text: string;
}

const TYPED = /(?:^|[\s(])\.([\p{L}\p{N}_-]{0,24})$/u;
const BLANK = /_{3,}/g;
const MOST_OFFERED = 8;

/** The short form that is being typed before the caret: its dot included. */
export function typedShort(text: string, caret: number): Stretch | null {
  const found = TYPED.exec(text.slice(Math.max(0, caret - 30), caret));
  return found ? { start: caret - (found[1] ?? "").length - 1, end: caret } : null;
}

export function offered(phrases: readonly Phrase[], typed: string): Phrase[] {
  const begun = typed.toLowerCase();
  return phrases.filter((phrase) => phrase.short.toLowerCase().startsWith(begun)).slice(0, MOST_OFFERED);
}

export function exact(phrases: readonly Phrase[], typed: string): Phrase | null {
  return phrases.find((phrase) => phrase.short.toLowerCase() === typed.toLowerCase()) ?? null;
}

/** The first blank at or after a place; from the beginning again when there is none. */
export function nextBlank(text: string, from: number): Stretch | null {
  const blanks = [...text.matchAll(BLANK)].map((one) => ({ start: one.index, end: one.index + one[0].length }));
  return blanks.find((blank) => blank.start >= from) ?? blanks[0] ?? null;
}

/** Where the text below each heading begins: headings are lines of their own that end with a colon, or capitals. */
export function sectionStarts(text: string): { heading: string; start: number; body: number }[] {
  const found = [];
  for (const match of text.matchAll(/^[^\S\n]{0,8}([A-Z][^\n:]{1,58}):[^\S\n]*$|^([A-Z][A-Z &/-]{3,58})[^\S\n]*$/gmu)) {
    const heading = (match[1] ?? match[2] ?? "").trim();
    const end = match.index + match[0].length;
    found.push({ heading, start: match.index, body: Math.min(end + 1, text.length) });
  }
  return found;
}
