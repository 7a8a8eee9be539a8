import { describe, expect, it } from "vitest";

import { type Correction, FactBook, type Found, merge } from "./facts_data";
import { type Line, linesOf, type Mark, sameEnds } from "./marks_lines_data";
import { exact, nextBlank, offered, sectionStarts, typedShort } from "./phrases_data";
import { NOTHING_SAVED, readAnswer, sayState } from "./save_data";

const TEXT = "Left knee OA, denies numbness.";

function found(start: number, end: number, label: string): Found {
  return { start, end, label, assertion: "present", probability: 0.9 };
}

function book(): FactBook {
  return new FactBook(TEXT, [found(0, 4, "LATERALITY"), found(5, 12, "DIAGNOSIS")], []);
}

function told(facts: FactBook): string[] {
  return facts.facts.map((fact) => `${facts.text.slice(fact.start, fact.end)}:${fact.label}:${fact.assertion}`);
}

describe("the book of facts", () => {
  it("lets a decision win and takes it back step by step", () => {
    const facts = book();
    const oa = facts.at({ start: 5, end: 12 });
    if (!oa) throw new Error("not there");
    facts.change(oa, { assertion: "historical" });
    expect(told(facts)).toEqual(["Left:LATERALITY:present", "knee OA:DIAGNOSIS:historical"]);
    const changed = facts.at({ start: 5, end: 12 });
    expect(changed?.decided && !changed.marked).toBe(true);
    if (changed) facts.remove(changed);
    expect(told(facts)).toEqual(["Left:LATERALITY:present"]);
    expect(facts.undo() && facts.undo()).toBe(true);
    expect(told(facts)).toEqual(["Left:LATERALITY:present", "knee OA:DIAGNOSIS:present"]);
    expect(facts.undo()).toBe(false);
  });

  it("marks a stretch over what was found, without the white space", () => {
    const facts = book();
    facts.add({ start: 0, end: 13 }, "DIAGNOSIS");
    expect(told(facts)).toEqual(["Left knee OA:DIAGNOSIS:present"]);
    expect(facts.facts[0]?.marked).toBe(true);
    expect(facts.add({ start: 12, end: 14 }, "ROM")).toBeNull();
  });

  it("moves decisions with the text, and undo with them", () => {
    const facts = book();
    facts.add({ start: 21, end: 29 }, "DIAGNOSIS");
    facts.retype(`Today. ${TEXT}`);
    expect(told(facts)).toContain("numbness:DIAGNOSIS:present");
    facts.undo();
    expect(told(facts)).toEqual(["Left:LATERALITY:present", "knee OA:DIAGNOSIS:present"]);
  });

  it("keeps what was taken away so while its words stand, also when it is found again", () => {
    const facts = book();
    const side = facts.around(2);
    if (side) facts.remove(side);
    facts.take(TEXT, [found(0, 4, "LATERALITY"), found(5, 12, "DIAGNOSIS")], []);
    expect(told(facts)).toEqual(["knee OA:DIAGNOSIS:present"]);
    facts.retype(TEXT.replace("Left", "Right"));
    facts.take(facts.text, [found(0, 5, "LATERALITY")], []);
    expect(told(facts)).toEqual(["Right:LATERALITY:present"]);
  });

  it("moves an answer about an older text to where the words are now", () => {
    const facts = book();
    facts.retype(`🦵 ${TEXT}`);
    facts.take(TEXT, [found(5, 12, "DIAGNOSIS")], []);
    expect(told(facts)).toEqual(["knee OA:DIAGNOSIS:present"]);
  });

  it("replaces only the stretch that was read of a long note", () => {
    const facts = book();
    facts.take(TEXT, [found(21, 29, "DIAGNOSIS")], [], { start: 14, end: 30 });
    expect(told(facts).length).toBe(3);
    facts.take(TEXT, [], [], { start: 14, end: 30 });
    expect(told(facts).length).toBe(2);
  });

  it("says the same as the server about what a removed mark hides", () => {
    const removed: Correction = { ...found(5, 9, "BODY_REGION"), removed: true, links: {}, found: found(5, 9, "BODY_REGION") };
    expect(merge([found(5, 9, "BODY_REGION"), found(5, 9, "ROM")], [removed])).toEqual([]);
    expect(merge([found(0, 14, "DIAGNOSIS")], [removed]).length).toBe(1);
  });
});

describe("lines", () => {
  const mark = (start: number, end: number): Mark => ({
    start,
    end,
    label: "ROM",
    css: "rm",
    tag: "RM",
    unsure: false,
    chosen: false,
  });
  const wholeText = (lines: Line[]) => lines.map((line) => line.pieces.map((piece) => piece.text).join("")).join("\n");

  it("hold the whole text whatever the marks", () => {
    for (const text of ["", "\n", "a\n\nb 🦵\n", "one line"]) {
      expect(wholeText(linesOf(text, []))).toBe(text);
      expect(wholeText(linesOf(text, [mark(0, 3), mark(2, 9)]))).toBe(text);
    }
  });

  it("carry a mark over a line end and draw its tag once", () => {
    const lines = linesOf("ab\ncd", [mark(1, 4)]);
    const marked = lines.flatMap((line) => line.pieces.filter((piece) => piece.mark));
    expect(marked.map((piece) => [piece.text, piece.begins])).toEqual([["b", true], ["c", false]]);
  });

  it("that did not change are kept", () => {
    expect(sameEnds(linesOf("a\nb\nc", []), linesOf("a\nB\nc", []))).toEqual({ head: 1, tail: 1 });
    expect(sameEnds(linesOf("a\na", []), linesOf("a", []))).toEqual({ head: 1, tail: 0 });
  });
});

describe("phrases", () => {
  const phrases = [
    { short: "slr", text: "Straight leg raise ___ degrees" },
    { short: "slump", text: "Slump test ___" },
  ];

  it("are offered while a short form is typed after a dot of its own", () => {
    expect(typedShort("Plan: .sl", 9)).toEqual({ start: 6, end: 9 });
    expect(typedShort("4.5", 3)).toBeNull();
    expect(typedShort("end.", 4)).toBeNull();
    expect(offered(phrases, "SL").length).toBe(2);
    expect(exact(phrases, "slr")?.text).toContain("Straight");
    expect(exact(phrases, "sl")).toBeNull();
  });

  it("leave blanks that are found one after the other", () => {
    const text = "ROM ___ to _____.";
    expect(nextBlank(text, 0)).toEqual({ start: 4, end: 7 });
    expect(nextBlank(text, 7)).toEqual({ start: 11, end: 16 });
    expect(nextBlank(text, 17)).toEqual({ start: 4, end: 7 });
    expect(nextBlank("a_b__", 0)).toBeNull();
  });

  it("sections begin below their headings", () => {
    const text = "SUBJECTIVE:\nPain.\n\nPlan:\nRest: often\nHOME PROGRAM\nx";
    expect(sectionStarts(text).map((one) => one.heading)).toEqual(["SUBJECTIVE", "Plan", "HOME PROGRAM"]);
    expect(text.slice(sectionStarts(text)[1]?.body).startsWith("Rest")).toBe(true);
  });
});

describe("saving", () => {
  it("is said in words", () => {
    const dirty = { ...NOTHING_SAVED, dirty: true, unsavedSince: 0 };
    expect(sayState(NOTHING_SAVED, 0)).toBe("Nothing to save");
    expect(sayState({ ...NOTHING_SAVED, savedAt: "12:04" }, 0)).toBe("Saved 12:04");
    expect(sayState({ ...dirty, saving: true }, 0)).toBe("Saving…");
    expect(sayState({ ...dirty, trouble: "offline" }, 125_000)).toBe(
      "No connection: keep this page open, 2 min not saved yet",
    );
    expect(sayState({ ...dirty, trouble: "signed_out" }, 9_400)).toContain("9 s not saved yet");
    expect(sayState({ ...dirty, trouble: "refused", words: "Too long." }, 0)).toBe("Not saved. Too long.");
  });

  it("reads what an answer means", () => {
    expect(readAnswer(200, true)).toBe("saved");
    expect(readAnswer(200, false)).toBe("signed_out");
    expect(readAnswer(0, false)).toBe("signed_out");
    expect(readAnswer(403, false)).toBe("new_token");
    expect(readAnswer(403, true)).toBe("refused");
    expect(readAnswer(409, true)).toBe("other_text");
    expect(readAnswer(502, false)).toBe("later");
    expect(readAnswer(429, true)).toBe("too_often");
  });
});
