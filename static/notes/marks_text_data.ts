/** Offsets in a note's text, and what becomes of them while somebody types. Knows no DOM.
 *
 * The server counts code points, JavaScript counts UTF-16 units: an emoji is one there and two here. */

export interface Stretch {
  start: number;
  end: number;
}

export interface Edit {
  start: number;
  oldEnd: number;
  newEnd: number;
}

/** Converts offsets of one text between UTF-16 units and code points. */
export class Offsets {
  /** UTF-16 offsets of the first half of each pair. */
  private readonly pairs: number[] = [];

  constructor(text: string) {
    for (const found of text.matchAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)) this.pairs.push(found.index);
  }

  /** Code points before a UTF-16 offset; inside of a pair, those before the pair. */
  toPoint(unit: number): number {
    const before = this.countBefore((pair) => pair + 1 < unit);
    const splits = before < this.pairs.length && (this.pairs[before] ?? 0) + 1 === unit;
    return unit - before - (splits ? 1 : 0);
  }

  /** The UTF-16 offset of a code point. */
  toUnit(point: number): number {
    return point + this.countBefore((pair, index) => pair - index < point);
  }

  private countBefore(isBefore: (pair: number, index: number) => boolean): number {
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.pairs[middle] ?? 0, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The text without half characters and NUL, as the server can store it; offsets stay. */
export function storable(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\uFFFD");
}

/** The one stretch in which two texts differ, never cutting a pair in two; null when they are the same. */
export function editBetween(before: string, after: string): Edit | null {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (isHigh(before, start - 1)) start--;
  let tail = 0;
  const room = most - start;
  while (tail < room && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  if (tail > 0 && isLow(before, before.length - tail)) tail--;
  return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

function isHigh(text: string, at: number): boolean {
  return at >= 0 && (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

function isLow(text: string, at: number): boolean {
  return at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

/** A stretch after the edit: what was typed inside belongs to it, what crosses its border ends it. */
export function moved<T extends Stretch>(stretch: T, edit: Edit): T | null {
  const growth = edit.newEnd - edit.oldEnd;
  if (stretch.end <= edit.start) return stretch;
  if (stretch.start >= edit.oldEnd) return { ...stretch, start: stretch.start + growth, end: stretch.end + growth };
  if (stretch.start < edit.start && edit.oldEnd < stretch.end) return { ...stretch, end: stretch.end + growth };
  return null;
}

export function movedAll<T extends Stretch>(stretches: readonly T[], edit: Edit | null): T[] {
  if (!edit) return [...stretches];
  return stretches.map((one) => moved(one, edit)).filter((one) => one !== null);
}

/** The stretch without white space and closing punctuation at its edges; null where nothing else is in it. */
export function trimmed(text: string, { start, end }: Stretch): Stretch | null {
  const words = text.slice(start, end);
  const lead = words.length - words.replace(/^[\s.,;:]+/u, "").length;
  const rest = words.replace(/[\s.,;:]+$/u, "").length;
  return lead < rest ? { start: start + lead, end: start + rest } : null;
}

export function overlap(one: Stretch, other: Stretch): boolean {
  return one.start < other.end && other.start < one.end;
}

/** The whole lines around a place, at most `most` code points together: what is read of a long note. */
export function neighbourhood(text: string, at: number, most: number): Stretch {
  const half = Math.floor(most / 2);
  let start = Math.max(0, at - half);
  let end = Math.min(text.length, at + half);
  const lineStart = start > 0 ? text.indexOf("\n", start - 1) + 1 : 0;
  if (start > 0 && lineStart > 0 && lineStart <= at) start = lineStart;
  const lineEnd = end < text.length ? text.lastIndexOf("\n", end) : -1;
  if (lineEnd >= at && lineEnd > start) end = lineEnd;
  if (isLow(text, start)) start++;
  if (isLow(text, end)) end--;
  return { start, end };
}
