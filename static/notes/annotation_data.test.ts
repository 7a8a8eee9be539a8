import { expect, test } from "vitest";

import { commandOf, type Assertion, type Label } from "./annotation_keys_data";
import { piecesOf } from "./annotation_layers_data";
import { choose, extend, nudge, reach, step } from "./annotation_selection_data";
import {
  accept,
  acceptAll,
  addSpan,
  changeSpan,
  itemsOf,
  nextItem,
  reject,
  removeSpan,
  undecided,
  type Marks,
  type Span,
} from "./annotation_span_data";
import { CodePoints, snap, wordAt, wordsOf } from "./annotation_text_data";
import { UndoStack } from "./annotation_undo_data";

const TEXT = new CodePoints("Left 🙂 knee’s pain\u200e 6/10, 0-95°");
const WORDS = wordsOf(TEXT);
const NOTHING: Marks = { entities: [], rejected: [] };

function words(): string[] {
  return WORDS.map((word) => TEXT.slice(word.start, word.end));
}

function span(start: number, end: number, label = "ROM"): Span {
  return { start, end, label, assertion: "present" };
}

test("offsets are code points, whatever UTF-16 makes of an emoji", () => {
  expect(TEXT.length).toBe([...TEXT.text].length);
  expect(TEXT.slice(5, 6)).toBe("🙂");
  for (let point = 0; point <= TEXT.length; point += 1) expect(TEXT.toPoint(TEXT.toUnit(point))).toBe(point);
  expect(TEXT.toPoint(6)).toBe(5);
  expect(TEXT.toPoint(9999)).toBe(TEXT.length);
});

test("words are cut as the server cuts them", () => {
  expect(words()).toEqual(["Left", "🙂", "knee’s", "pain", "6", "/", "10", ",", "0", "-", "95", "°"]);
  expect(wordsOf(new CodePoints(" \n\t "))).toEqual([]);
  expect(wordsOf(new CodePoints("___ a"))).toEqual([{ start: 0, end: 3 }, { start: 4, end: 5 }]);
});

test("a selection snaps to whole words", () => {
  expect(snap(WORDS, 8, 9)).toEqual({ start: 7, end: 13 });
  expect(snap(WORDS, 1, 8)).toEqual({ start: 0, end: 13 });
  expect(snap(WORDS, 4, 4)).toEqual({ start: 5, end: 6 });
  expect(snap(WORDS, 999, 999)).toEqual(WORDS.at(-1));
  expect(snap([], 0, 3)).toBeNull();
  expect(wordAt(WORDS, 0)).toBe(0);
});

test("arrows walk over words, Shift widens and narrows, Alt moves one character", () => {
  let chosen = step(WORDS, null, 1);
  expect(chosen).toEqual({ start: 0, end: 4, forward: true });
  expect(step(WORDS, chosen, -1)).toEqual(chosen);
  chosen = extend(WORDS, chosen, 1);
  expect(chosen).toEqual({ start: 0, end: 6, forward: true });
  chosen = extend(WORDS, chosen, -1);
  expect(chosen).toEqual({ start: 0, end: 4, forward: true });
  const knee = choose({ start: 7, end: 13 });
  const back = extend(WORDS, knee, -1);
  expect(back).toEqual({ start: 5, end: 13, forward: false });
  expect(extend(WORDS, back, 1)).toEqual({ start: 7, end: 13, forward: false });
  expect(nudge(knee, "end", -1, TEXT.length)).toEqual({ start: 7, end: 12, forward: true });
  expect(nudge(knee, "start", 1, TEXT.length)).toEqual({ start: 8, end: 13, forward: true });
  expect(nudge(choose({ start: 0, end: 1 }), "end", -1, 9)).toEqual(choose({ start: 0, end: 1 }));
  expect(nudge(choose({ start: 0, end: 1 }), "start", -1, 9)).toEqual(choose({ start: 0, end: 1 }));
  expect(step(WORDS, knee, 1)).toEqual(choose({ start: 14, end: 18 }));
  expect(reach(knee, { start: 0, end: 4 })).toEqual({ start: 0, end: 13, forward: false });
});

test("spans never overlap: a new one takes the place of those it meets", () => {
  const marks = addSpan(addSpan(NOTHING, span(0, 4)), span(7, 13));
  expect(addSpan(marks, span(3, 8)).entities).toEqual([span(3, 8)]);
  expect(addSpan(marks, span(4, 7)).entities.map((one) => one.start)).toEqual([0, 4, 7]);
  expect(removeSpan(marks, span(0, 4)).entities).toEqual([span(7, 13)]);
});

test("proposals wait until they are accepted, refused or met by a span", () => {
  const proposals = [span(0, 4, "LATERALITY"), span(7, 13, "BODY_REGION"), span(20, 24, "BODY_REGION")];
  expect(undecided(NOTHING, proposals)).toHaveLength(3);
  let marks = accept(NOTHING, proposals[0]!);
  expect(marks.entities[0]?.origin).toBe("accepted");
  marks = reject(marks, proposals[1]!);
  expect(undecided(marks, proposals)).toEqual([proposals[2]]);
  expect(undecided(addSpan(NOTHING, span(12, 21)), proposals)).toEqual([proposals[0]]);
  expect(acceptAll(NOTHING, proposals, "BODY_REGION").entities.map((one) => one.start)).toEqual([7, 20]);
  expect(changeSpan(marks, marks.entities[0]!, { label: "SURGERY" }).entities[0]?.origin).toBe("changed");
});

test("n and p go round over spans and proposals", () => {
  const items = itemsOf(addSpan(NOTHING, span(7, 13)), [span(0, 4), span(20, 22)]);
  expect(items.map((one) => one.isProposal)).toEqual([true, false, true]);
  expect(nextItem(items, null, 1)?.span.start).toBe(0);
  expect(nextItem(items, { start: 7, end: 13 }, 1)?.span.start).toBe(20);
  expect(nextItem(items, { start: 20, end: 22 }, 1)?.span.start).toBe(0);
  expect(nextItem(items, { start: 0, end: 4 }, -1)?.span.start).toBe(20);
  expect(nextItem([], null, 1)).toBeNull();
});

test("keys", () => {
  const label: Label = { code: "ROM", name: "", tag: "RM", key: "9", css: "rm", asserted: false, help: "" };
  const denied: Assertion = { code: "negated", name: "", short: "not", key: "b" };
  const press = (key: string, held: Partial<Record<"shiftKey" | "altKey" | "ctrlKey", boolean>> = {}) =>
    commandOf({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held }, [label], [denied]);
  expect(press("9")).toEqual({ kind: "label", code: "ROM" });
  expect(press("b")).toEqual({ kind: "assert", code: "negated" });
  expect(press("ArrowRight", { shiftKey: true })).toEqual({ kind: "extend", by: 1 });
  expect(press("ArrowLeft", { altKey: true })).toEqual({ kind: "nudge", edge: "end", by: -1 });
  expect(press("ArrowLeft", { altKey: true, shiftKey: true })).toEqual({ kind: "nudge", edge: "start", by: -1 });
  expect(press("Enter")).toEqual({ kind: "accept" });
  expect(press("Enter", { ctrlKey: true })).toEqual({ kind: "hand-in" });
  expect(press("Backspace")).toEqual({ kind: "reject" });
  expect(press("N")).toEqual({ kind: "go", by: 1 });
  expect(press("r", { ctrlKey: true })).toBeNull();
  expect(press("z")).toBeNull();
  expect(press("b", { altKey: true })).toBeNull();
});

test("steps are taken back one by one", () => {
  const steps = new UndoStack("a", 2);
  expect(steps.undo()).toBe(false);
  steps.push("b");
  expect(steps.push("b")).toBe(false);
  steps.push("c");
  steps.push("d");
  expect([steps.undo(), steps.value, steps.undo(), steps.value, steps.undo(), steps.value]).toEqual([
    true, "c", true, "b", false, "b",
  ]);
});

test("pieces cover the text once, marks and choice apart", () => {
  const items = itemsOf(addSpan(NOTHING, span(5, 10)), []);
  const pieces = piecesOf({ start: 2, end: 20 }, items, { start: 8, end: 12 });
  expect(pieces.map((one) => [one.start, one.end, one.item !== null, one.isChosen, one.isFirst])).toEqual([
    [2, 5, false, false, false],
    [5, 8, true, false, true],
    [8, 10, true, true, false],
    [10, 12, false, true, false],
    [12, 20, false, false, false],
  ]);
});
