import { describe, expect, test } from "vitest";

import { faultsOf, frameAt, neighbour, placeOf, Playback, type Repetition, repetitionAt, sayRepetition } from "./review_data";

function repetition(index: number, changes: Partial<Repetition> = {}): Repetition {
  const start = index * 2;
  return {
    ref: `r${index}`,
    index,
    side: "both",
    start_s: start,
    peak_s: start + 0.5,
    end_s: start + 1,
    classification: "correct",
    peak_deg: 91.6,
    reason: "",
    findings: [],
    ...changes,
  };
}

const THREE = [repetition(1), repetition(2), repetition(3)];

test("the frame of a moment is the last one at or before it", () => {
  const times = [0, 0.03, 0.07, 0.1];
  expect([-1, 0, 0.029, 0.03, 0.09, 5].map((time) => frameAt(times, time))).toEqual([0, 0, 0, 1, 2, 3]);
});

test("repetitions around a moment", () => {
  expect([repetitionAt(THREE, 4.5)?.index, repetitionAt(THREE, 3.5)]).toEqual([2, null]);
  expect([neighbour(THREE, 4.5, 1)?.index, neighbour(THREE, 4.5, -1)?.index, neighbour(THREE, 4.1, -1)?.index]).toEqual(
    [3, 2, 1],
  );
  expect([neighbour(THREE, 9, 1), neighbour(THREE, 1, -1)]).toEqual([null, null]);
});

test("an address opens one set or one repetition", () => {
  const curve = { t_s: [], primary_deg: [], label: "", unit: "°", target_deg: null, source: "" };
  const empty = { label: "", frames_url: "", notes: [], curve, worst: null, best: null };
  const [one, two] = [
    { ...empty, ref: "a", repetitions: [repetition(1)] },
    { ...empty, ref: "b", repetitions: [repetition(2), repetition(3)] },
  ];
  expect(placeOf("#repetition-r3", [one, two])).toEqual({ set: two, repetition: repetition(3) });
  expect(placeOf("#set-b", [one, two])).toEqual({ set: two, repetition: null });
  expect([placeOf("", [one]), placeOf("#repetition-r3", [one]), placeOf("#comments", [one])]).toEqual([null, null, null]);
});

test("a repetition in one line", () => {
  const finding = {
    code: "valgus",
    words: "Knees moved inwards",
    severity: "mild",
    value: 11,
    unit: "deg",
    baseline: 2,
  };
  expect(sayRepetition(repetition(1, { classification: "mild", findings: [finding] }), "°")).toBe(
    "Repetition 1: mild compensation, 92°. Knees moved inwards",
  );
  expect(
    sayRepetition(
      repetition(2, { classification: "not_scored", peak_deg: null, reason: "Your hips were hidden" }),
      "°",
    ),
  ).toBe("Repetition 2: not scored. Your hips were hidden");
});

test("a set is marked by its worst class and how often", () => {
  const mild = repetition(1, { classification: "mild" });
  const bad = [repetition(2, { classification: "significant" }), repetition(3, { classification: "significant" })];
  expect(faultsOf([mild, ...bad])).toEqual({ kind: "significant", count: 2 });
  expect([faultsOf([mild])?.kind, faultsOf([]), faultsOf([repetition(1, { classification: "correct" })])]).toEqual([
    "mild",
    null,
    null,
  ]);
});

describe("playback", () => {
  test("moves with the clock and its speed, and stops at the end", () => {
    const playback = new Playback(2);
    playback.speed = 0.5;
    playback.play();
    playback.advance(100);
    playback.advance(101);
    expect(playback.timeS).toBe(0.5);
    playback.advance(110);
    expect([playback.timeS, playback.isPlaying]).toEqual([2, false]);
    playback.play();
    expect(playback.timeS).toBe(0);
  });

  test("repeats one stretch", () => {
    const playback = new Playback(10);
    playback.loop = { fromS: 2, toS: 3 };
    playback.seek(2.9);
    playback.play();
    playback.advance(0);
    playback.advance(0.2);
    expect([playback.timeS, playback.isPlaying]).toEqual([2, true]);
  });

  test("a pause takes no time", () => {
    const playback = new Playback(10);
    playback.play();
    playback.advance(0);
    playback.pause();
    playback.advance(5);
    playback.play();
    playback.advance(6);
    expect(playback.timeS).toBe(0);
  });
});
