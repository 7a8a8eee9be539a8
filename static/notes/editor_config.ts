/** What the server writes into the editor's page; offsets there are code points. */

import type { Correction, FindingWords, Found } from "./facts_data";
import { Offsets, type Stretch } from "./marks_text_data";
import type { Phrase } from "./phrases_data";

export interface LabelWords {
  label: string;
  name: string;
  tag: string;
  key: string;
  may_be_denied: boolean;
}

export interface AssertionWords {
  assertion: string;
  name: string;
  short: string;
  key: string;
}

export interface Basis {
  sentence: string;
  words: string;
  url: string;
}

export interface EditorConfig {
  revision: number;
  found: Found[];
  corrections: Correction[];
  phrases: Phrase[];
  bases: Basis[];
  labels: LabelWords[];
  assertions: AssertionWords[];
  most_at_once: number;
  is_read: boolean;
  warning: string;
  /** Begun from a session by rules: what it took from the record makes no findings. */
  is_drafted: boolean;
  /** Whether the clinic allows it. */
  dictation: boolean;
  urls: { autosave: string; marks: string; sign: string; versions: string; sign_in: string; edit: string };
}

export interface MarksAnswer {
  found: Found[];
  findings: FindingWords[];
  read_by: string;
  warning: string;
}

/** Stretches of the server's as ones of this text, and back. */
export function toUnits<T extends Stretch>(stretches: readonly T[], offsets: Offsets, shift = 0): T[] {
  return stretches.map((one) => ({ ...one, start: offsets.toUnit(one.start) + shift, end: offsets.toUnit(one.end) + shift }));
}

/** A correction as it is sent: code points, and the words at its place, by which the server checks it. */
export function told(corrections: readonly Correction[], text: string): object[] {
  const offsets = new Offsets(text);
  return corrections.map((one) => ({
    ...one,
    start: offsets.toPoint(one.start),
    end: offsets.toPoint(one.end),
    quote: text.slice(one.start, one.end),
  }));
}

/** Corrections within a stretch of the text, counted from its start. */
export function within(corrections: readonly Correction[], part: Stretch): Correction[] {
  return corrections
    .filter((one) => one.start >= part.start && one.end <= part.end)
    .map((one) => ({ ...one, start: one.start - part.start, end: one.end - part.start }));
}
