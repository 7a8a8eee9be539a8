/** A text cut where marks begin and end, for drawing. */

import type { Item } from "./annotation_span_data";
import type { Place } from "./annotation_text_data";

export interface Piece extends Place {
  readonly item: Item | null;
  readonly isChosen: boolean;
  /** The first piece of a mark carries its letters. */
  readonly isFirst: boolean;
}

/** All pieces of the text from `start` to `end`, in order. Items must not overlap. */
export function piecesOf(place: Place, items: readonly Item[], chosen: Place | null): Piece[] {
  const borders = new Set([place.start, place.end]);
  for (const one of [...items.map((item) => item.span), ...(chosen ? [chosen] : [])]) {
    if (one.start > place.start && one.start < place.end) borders.add(one.start);
    if (one.end > place.start && one.end < place.end) borders.add(one.end);
  }
  const ordered = [...borders].sort((one, other) => one - other);
  const pieces: Piece[] = [];
  let at = 0;
  for (let number = 0; number + 1 < ordered.length; number += 1) {
    const start = ordered[number] ?? 0;
    const end = ordered[number + 1] ?? 0;
    while (at < items.length && (items[at]?.span.end ?? 0) <= start) at += 1;
    const next = items[at];
    const item = next && next.span.start <= start ? next : null;
    const isChosen = chosen !== null && chosen.start <= start && end <= chosen.end;
    pieces.push({ start, end, item, isChosen, isFirst: item !== null && item.span.start === start });
  }
  return pieces;
}
