/** A text by its code points, as the server counts: JavaScript counts UTF-16 units, where an emoji is two. */

export interface Place {
  readonly start: number;
  readonly end: number;
}

export class CodePoints {
  readonly length: number;
  private readonly units: Uint32Array;

  constructor(readonly text: string) {
    const units: number[] = [];
    let at = 0;
    for (const point of text) {
      units.push(at);
      at += point.length;
    }
    units.push(at);
    this.units = Uint32Array.from(units);
    this.length = units.length - 1;
  }

  /** Where a code point begins, in UTF-16 units. */
  toUnit(point: number): number {
    return this.units[Math.max(0, Math.min(point, this.length))] ?? 0;
  }

  /** The code point that a UTF-16 unit belongs to. */
  toPoint(unit: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.units[middle] ?? 0) <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.toUnit(start), this.toUnit(end));
  }
}

const TOKEN = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*|_+|[^\p{L}\p{N}_\s]/gu;
const MARK = /^[\p{Cf}\p{Mn}\p{Cc}]$/u;

/** Words and signs in reading order, cut as the server cuts them. */
export function wordsOf(text: CodePoints): Place[] {
  const words: Place[] = [];
  for (const found of text.text.matchAll(TOKEN)) {
    if (MARK.test(found[0])) continue;
    const start = text.toPoint(found.index);
    words.push({ start, end: start + [...found[0]].length });
  }
  return words;
}

/** The number of the first word that ends behind `point`; the number of words where there is none. */
export function wordAt(words: readonly Place[], point: number): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.end ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The place widened to whole words, or the nearest word where it holds none; null in a text without words. */
export function snap(words: readonly Place[], start: number, end: number): Place | null {
  const first = words[Math.min(wordAt(words, start), words.length - 1)];
  if (!first) return null;
  let last = first;
  for (let at = wordAt(words, start); at < words.length; at += 1) {
    const word = words[at];
    if (!word || word.start >= end) break;
    last = word;
  }
  return { start: first.start, end: last.end };
}
