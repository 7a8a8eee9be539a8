/** The text with its marks as lines of pieces, so that typing renews one line and not all. Knows no DOM. */

import type { Stretch } from "./marks_text_data";

export interface Mark extends Stretch {
  label: string;
  css: string;
  /** "DX not": drawn above the words. */
  tag: string;
  unsure: boolean;
  chosen: boolean;
}

export interface Piece {
  text: string;
  mark: Mark | null;
  /** Whether the mark begins here: only there its tag is drawn. */
  begins: boolean;
}

export interface Line {
  /** Equal keys look the same. */
  key: string;
  pieces: Piece[];
}

/** Marks in order and without overlaps; a mark over a line end goes on in the next line. */
export function linesOf(text: string, marks: readonly Mark[]): Line[] {
  const lines: Line[] = [];
  let at = 0;
  let next = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    while (next < marks.length && (marks[next]?.end ?? 0) <= at) next++;
    lines.push(lineOf(text, { start: at, end }, marks, next));
    at = end + 1;
  }
  return lines;
}

function lineOf(text: string, { start, end }: Stretch, marks: readonly Mark[], first: number): Line {
  const pieces: Piece[] = [];
  let reached = start;
  for (let index = first; index < marks.length; index++) {
    const mark = marks[index];
    if (!mark || mark.start >= end) break;
    const from = Math.max(mark.start, reached);
    const to = Math.min(mark.end, end);
    if (to <= from) continue;
    if (from > reached) pieces.push({ text: text.slice(reached, from), mark: null, begins: false });
    pieces.push({ text: text.slice(from, to), mark, begins: from === mark.start });
    reached = to;
  }
  if (reached < end) pieces.push({ text: text.slice(reached, end), mark: null, begins: false });
  return { key: pieces.map(keyOf).join("\u0000"), pieces };
}

function keyOf({ text, mark, begins }: Piece): string {
  return mark ? `${mark.css}|${begins ? mark.tag : ""}|${mark.unsure}|${mark.chosen}|${text}` : `|${text}`;
}

/** How many lines at the beginning and at the end look the same in both. */
export function sameEnds(before: readonly Line[], after: readonly Line[]): { head: number; tail: number } {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head]?.key === after[head]?.key) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail]?.key === after[after.length - 1 - tail]?.key) tail++;
  return { head, tail };
}
