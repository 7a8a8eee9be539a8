import { describe, expect, it } from "vitest";

import { editBetween, moved, neighbourhood, Offsets, overlap, storable, trimmed } from "./marks_text_data";

const ALPHABET = ["a", "b", " ", "\n", "🦵", "👩‍🦽", "e\u0301", "\u202b", "\u05d0", "\uD83E", "\uDDB5", "_", "."];

/** The same numbers each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function someText(next: () => number, most = 14): string {
  const length = Math.floor(next() * most);
  return Array.from({ length }, () => ALPHABET[Math.floor(next() * ALPHABET.length)]).join("");
}

const RUNS = Array.from({ length: 400 }, (_, index) => index + 1);

describe("offsets", () => {
  it("agree with counting code points one by one, and lead back", () => {
    for (const seed of RUNS) {
      const text = someText(random(seed));
      const offsets = new Offsets(text);
      let unit = 0;
      [...text, ""].forEach((letter, point) => {
        expect(offsets.toPoint(unit)).toBe(point);
        expect(offsets.toUnit(point)).toBe(unit);
        if (letter.length === 2) expect(offsets.toPoint(unit + 1)).toBe(point);
        unit += letter.length;
      });
    }
  });

  it("count an emoji once and a combining accent by itself", () => {
    const offsets = new Offsets("🦵 e\u0301 knee");
    expect(offsets.toPoint(6)).toBe(5);
    expect(offsets.toUnit(5)).toBe(6);
  });
});

describe("an edit between two texts", () => {
  it("turns one into the other and cuts no pair", () => {
    for (const seed of RUNS) {
      const next = random(seed);
      const shared = someText(next);
      const [before, after] = [shared + someText(next) + shared, shared + someText(next) + shared];
      const edit = editBetween(before, after);
      if (!edit) {
        expect(before).toBe(after);
        continue;
      }
      expect(before.slice(0, edit.start) + after.slice(edit.start, edit.newEnd) + before.slice(edit.oldEnd)).toBe(after);
      for (const [text, end] of [
        [before, edit.oldEnd],
        [after, edit.newEnd],
      ] as const) {
        expect(storable(text.slice(0, edit.start)) + storable(text.slice(edit.start))).toBe(storable(text));
        expect(storable(text.slice(0, end)) + storable(text.slice(end))).toBe(storable(text));
      }
    }
  });

  it("leaves the words of every stretch outside of it as they were", () => {
    for (const seed of RUNS) {
      const next = random(seed);
      const [head, old, fresh, tail] = [someText(next), someText(next, 4), someText(next, 4), someText(next)];
      const [before, after] = [head + old + tail, head + fresh + tail];
      const edit = editBetween(before, after);
      const start = Math.floor(next() * (before.length + 1));
      const end = start + 1 + Math.floor(next() * 4);
      if (!edit || end > before.length) continue;
      const place = moved({ start, end }, edit);
      if (end <= edit.start || start >= edit.oldEnd) {
        expect(place && after.slice(place.start, place.end)).toBe(before.slice(start, end));
      } else if (!(start < edit.start && edit.oldEnd < end)) {
        expect(place).toBeNull();
      }
      if (place) expect(place.end > place.start && place.end <= after.length).toBe(true);
    }
  });

  it("keeps what else a stretch carries", () => {
    const edit = { start: 0, oldEnd: 0, newEnd: 3 };
    expect(moved({ start: 2, end: 6, label: "ROM" }, edit)).toEqual({ start: 5, end: 9, label: "ROM" });
  });
});

describe("a chosen stretch", () => {
  it("loses white space and punctuation at its edges", () => {
    expect(trimmed("x  left knee. y", { start: 1, end: 14 })).toEqual({ start: 3, end: 12 });
    expect(trimmed(" .\n ", { start: 0, end: 4 })).toBeNull();
    expect(trimmed("grade 4+/5", { start: 6, end: 10 })).toEqual({ start: 6, end: 10 });
  });

  it("overlaps only where it shares a character", () => {
    expect(overlap({ start: 0, end: 4 }, { start: 4, end: 5 })).toBe(false);
    expect(overlap({ start: 0, end: 5 }, { start: 4, end: 5 })).toBe(true);
  });
});

describe("a long note's neighbourhood", () => {
  it("holds the place, begins at a line, and is never longer than asked", () => {
    const text = Array.from({ length: 900 }, (_, index) => `Line ${index} 🦵 of a long note`).join("\n");
    for (const at of [0, 5_000, 12_345, text.length]) {
      const part = neighbourhood(text, at, 4_000);
      expect(part.start <= at && at <= part.end).toBe(true);
      expect(part.end - part.start).toBeLessThanOrEqual(4_000);
      expect(part.start === 0 || text[part.start - 1] === "\n").toBe(true);
    }
  });

  it("finds its way in one line without end", () => {
    const part = neighbourhood("🦵".repeat(9_000), 9_001, 2_000);
    expect(part.start <= 9_001 && part.end >= 9_001 && part.end - part.start <= 2_000).toBe(true);
    expect(storable("🦵".repeat(9_000).slice(part.start, part.end))).not.toContain("\uFFFD");
  });
});

it("half characters and NUL become one replacement each", () => {
  expect(storable("a\uD83Eb\0🦵\uDDB5")).toBe("a\uFFFDb\uFFFD🦵\uFFFD");
});
