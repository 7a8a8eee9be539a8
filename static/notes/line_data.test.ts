import { describe, expect, it } from "vitest";

import type { FindingWords } from "./facts_data";
import { aboutLine, lineAround, sayAbout } from "./line_data";

const TEXT = "OBJECTIVE:\nSquat: 4 of 4. Mine.\nKnee flexion 95°.";
const BASES = [
  { sentence: "Squat: 4 of 4.", words: "squat, set 1", url: "/a" },
  { sentence: "Squat: 4 of 4.", words: "repetition 2", url: "/b" },
  { sentence: "Pain 3/10.", words: "pain", url: "/c" },
];
const FINDINGS = [{ start: 45, end: 48, kind: "range", words: "knee flexion 95°" }] as FindingWords[];

function at(words: string): string | null {
  const about = aboutLine(TEXT, TEXT.indexOf(words), BASES, FINDINGS);
  return about && sayAbout(about);
}

describe("the line of the caret", () => {
  it("is the whole line, at each of its ends too", () => {
    expect([0, 5, 10].map((caret) => lineAround(TEXT, caret))).toEqual(Array(3).fill({ start: 0, end: 10 }));
    expect(lineAround(TEXT, 11).start).toBe(11);
    expect(lineAround(TEXT, TEXT.length).end).toBe(TEXT.length);
    expect(lineAround("", 0)).toEqual({ start: 0, end: 0 });
  });

  it("says what it rests on and what was found in it", () => {
    expect(at("Mine")).toBe("This line: 2 sources");
    expect(at("Knee")).toBe("This line: 1 finding");
    expect(at("OBJ")).toBeNull();
  });

  it("rests on nothing once its sentence was changed", () => {
    expect(aboutLine(TEXT.replace("4 of 4", "5 of 5"), 15, BASES, [])).toBeNull();
  });
});
