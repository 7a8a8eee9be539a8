/** An annotator's spans and refusals, as values: each change makes a new state. */

import type { Place } from "./annotation_text_data";

export interface Span extends Place {
  readonly label: string;
  readonly assertion: string;
  readonly origin?: string;
}

export interface Refusal extends Place {
  readonly label: string;
}

export interface Marks {
  readonly entities: readonly Span[];
  readonly rejected: readonly Refusal[];
}

/** A span of one's own, or a proposal that waits. */
export interface Item {
  readonly span: Span;
  readonly isProposal: boolean;
}

export function overlap(one: Place, other: Place): boolean {
  return one.start < other.end && other.start < one.end;
}

/** Whether one of these spans, in order and without overlaps, meets the place. */
function isMet(spans: readonly Span[], place: Place): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) > place.start) high = middle;
    else low = middle + 1;
  }
  return (spans[low]?.start ?? Infinity) < place.end;
}

function same(one: Refusal, other: Refusal): boolean {
  return one.start === other.start && one.end === other.end && one.label === other.label;
}

/** With this span; others that it overlaps make way, so that spans never overlap. */
export function addSpan(marks: Marks, span: Span): Marks {
  const kept = marks.entities.filter((one) => !overlap(one, span));
  return { ...marks, entities: [...kept, span].sort((one, other) => one.start - other.start) };
}

export function removeSpan(marks: Marks, span: Span): Marks {
  return { ...marks, entities: marks.entities.filter((one) => !same(one, span)) };
}

/** With other words, label or assertion for a span; the same span otherwise. */
export function changeSpan(marks: Marks, span: Span, changes: Partial<Span>): Marks {
  const origin = span.origin === "accepted" || span.origin === "changed" ? "changed" : "own";
  return addSpan(removeSpan(marks, span), { ...span, ...changes, origin });
}

export function accept(marks: Marks, proposal: Span): Marks {
  const { start, end, label, assertion } = proposal;
  return addSpan(marks, { start, end, label, assertion, origin: "accepted" });
}

export function reject(marks: Marks, proposal: Span): Marks {
  const { start, end, label } = proposal;
  return { ...marks, rejected: [...marks.rejected, { start, end, label }] };
}

/** Proposals neither refused nor met by a span: they are still to be decided. */
export function undecided(marks: Marks, proposals: readonly Span[]): Span[] {
  const refused = new Set(marks.rejected.map((one) => `${one.start} ${one.end} ${one.label}`));
  return proposals.filter(
    (one) => !refused.has(`${one.start} ${one.end} ${one.label}`) && !isMet(marks.entities, one),
  );
}

/** Accepts every waiting proposal of a label. */
export function acceptAll(marks: Marks, proposals: readonly Span[], label: string): Marks {
  return undecided(marks, proposals)
    .filter((one) => one.label === label)
    .reduce(accept, marks);
}

export function itemsOf(marks: Marks, proposals: readonly Span[]): Item[] {
  const items = [
    ...marks.entities.map((span) => ({ span, isProposal: false })),
    ...undecided(marks, proposals).map((span) => ({ span, isProposal: true })),
  ];
  return items.sort((one, other) => one.span.start - other.span.start);
}

/** The next or previous item from a place; round at the ends. */
export function nextItem(items: readonly Item[], from: Place | null, by: 1 | -1): Item | null {
  if (items.length === 0) return null;
  if (!from) return (by > 0 ? items[0] : items.at(-1)) ?? null;
  if (by > 0) return items.find((one) => one.span.start > from.start) ?? items[0] ?? null;
  return [...items].reverse().find((one) => one.span.start < from.start) ?? items.at(-1) ?? null;
}

/** The item that covers exactly this place. */
export function itemAt(items: readonly Item[], place: Place | null): Item | null {
  return items.find((one) => place && one.span.start === place.start && one.span.end === place.end) ?? null;
}
