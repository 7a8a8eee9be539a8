import { describe, expect, test } from "vitest";

import { Announcer, hasArrived, isSending, lookAgainMs, type SaidTurn, turnsToDraw } from "./chat_data";

const answer = (ref: string, ...sentences: string[]): SaidTurn => ({ ref, author: "assistant", sentences, isDanger: false });

describe("what is drawn anew", () => {
  test("new turns and changed ones, and no others", () => {
    const shown = [{ ref: "a", version: "1" }, { ref: "b", version: "1" }];
    const fresh = [{ ref: "a", version: "1" }, { ref: "b", version: "2" }, { ref: "c", version: "1" }];
    expect(turnsToDraw(shown, fresh)).toEqual(new Set(["b", "c"]));
  });

  test("nothing when nothing changed", () => {
    expect(turnsToDraw([{ ref: "a", version: "1" }], [{ ref: "a", version: "1" }]).size).toBe(0);
  });
});

describe("what is announced", () => {
  test("each sentence once, while an answer grows", () => {
    const announcer = new Announcer();
    announcer.skip([answer("old", "Said before.")]);
    expect(announcer.next([answer("old", "Said before."), answer("new", "One.")])).toEqual([{ words: "One.", isDanger: false }]);
    expect(announcer.next([answer("old", "Said before."), answer("new", "One.", "Two.", "Three.")])).toEqual([
      { words: "Two. Three.", isDanger: false },
    ]);
    expect(announcer.next([answer("new", "One.", "Two.", "Three.")])).toEqual([]);
  });

  test("not the patient's own words", () => {
    expect(new Announcer().next([{ ref: "a", author: "patient", sentences: ["my calf is swollen"], isDanger: false }])).toEqual([]);
  });

  test("an emergency is marked as one", () => {
    const danger = { ...answer("a", "Call 999 now."), isDanger: true };
    expect(new Announcer().next([danger])).toEqual([{ words: "Call 999 now.", isDanger: true }]);
  });
});

test("looks again later and later, never long", () => {
  expect([lookAgainMs(0), lookAgainMs(1), lookAgainMs(9)]).toEqual([1200, 1800, 5000]);
});

test("Enter sends; Shift with Enter, and choosing a word of another script, do not", () => {
  expect(isSending({ key: "Enter", shiftKey: false, isComposing: false })).toBe(true);
  expect(isSending({ key: "Enter", shiftKey: true, isComposing: false })).toBe(false);
  expect(isSending({ key: "Enter", shiftKey: false, isComposing: true })).toBe(false);
  expect(isSending({ key: "a", shiftKey: false, isComposing: false })).toBe(false);
});

describe("after a lost answer", () => {
  test("words that arrived are not asked for again", () => {
    expect(hasArrived("my knee\nhurts ", 4, { number: 5, words: "my knee hurts" })).toBe(true);
  });

  test("the same words said earlier are not these", () => {
    expect(hasArrived("done", 4, { number: 3, words: "done" })).toBe(false);
    expect(hasArrived("done", 4, { number: 5, words: "skip" })).toBe(false);
    expect(hasArrived("done", 4, null)).toBe(false);
  });
});
