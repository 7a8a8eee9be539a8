import { describe, expect, test } from "vitest";

import { type CheckCode, checkFraming, FramingHelper, type Sight } from "./framing_data";

/** A person who stands in the middle of the picture; `width` is the shoulder width as a share of the picture. */
function person(options: { width?: number; top?: number; bottom?: number; hide?: number[] } = {}): Float32Array {
  const { width = 0.15, top = 0.12, bottom = 0.9, hide = [] } = options;
  const image = new Float32Array(132);
  const heights: Record<number, number> = {
    11: 0.2,
    12: 0.2,
    23: 0.52,
    24: 0.52,
    25: 0.76,
    26: 0.76,
    27: 0.97,
    28: 0.97,
    31: 1,
    32: 1,
  };
  for (let point = 0; point < 33; point++) {
    const height = heights[point] ?? (point < 11 ? 0.02 : 0.45);
    const x = 0.5 + (point % 2 ? 1 : -1) * (width / 2);
    image.set([x, top + height * (bottom - top), 0, hide.includes(point) ? 0.1 : 0.95], point * 4);
  }
  return image;
}

function sight(changes: Partial<Sight> = {}): Sight {
  return { image: person(), presence: 1, people: 1, brightness: 120, width: 640, height: 480, ...changes };
}

const FRONT = { view: "front", position: "standing" };

function wordsOf(code: CheckCode, seen: Sight, placing = FRONT): string {
  return checkFraming(seen, placing).find((one) => one.code === code)?.words ?? "no such check";
}

describe("one look", () => {
  test("a person who stands well passes every check", () => {
    expect(checkFraming(sight(), FRONT).filter((one) => !one.ok)).toEqual([]);
  });

  test.each([
    ["light", sight({ brightness: 20 }), "It is too dark. Turn on a light in front of you."],
    ["light", sight({ brightness: 250 }), "It is too bright. Turn away from the window."],
    ["person", sight({ presence: 0, image: null, people: 0 }), "I cannot see you yet. Step in front of the camera."],
    ["alone", sight({ people: 2 }), "I see more than one person. Ask the others to step aside."],
    [
      "body",
      sight({ image: person({ hide: [27, 28] }) }),
      "I cannot see your feet. Step back or tilt the camera down.",
    ],
    ["distance", sight({ image: person({ top: 0.4, bottom: 0.7 }) }), "You are far away. Come a little closer."],
    ["distance", sight({ image: person({ top: -0.02, bottom: 1.02 }) }), "You are too close. Step back."],
    ["view", sight({ image: person({ width: 0.03 }) }), "Turn to face the camera."],
  ] as [CheckCode, Sight, string][])("%s says what to change", (code, seen, words) => {
    expect(wordsOf(code, seen)).toBe(words);
  });

  test("one visible side is enough for the whole body", () => {
    expect(wordsOf("body", sight({ image: person({ hide: [12, 24, 26, 28] }) }))).toBe("");
  });

  test("side on is asked for where the exercise needs it", () => {
    const side = { view: "side", position: "standing" };
    expect(wordsOf("view", sight(), side)).toBe("Turn so that your side faces the camera.");
    expect(wordsOf("view", sight({ image: person({ width: 0.03 }) }), side)).toBe("");
  });

  test("lying people are not asked to turn", () => {
    const codes = checkFraming(sight(), { view: "side", position: "lying" }).map((one) => one.code);
    expect(codes).toEqual(["light", "person", "alone", "body", "distance"]);
  });
});

describe("over time", () => {
  test("starts after two steady seconds", () => {
    const helper = new FramingHelper(FRONT);
    helper.look(sight(), 0);
    expect(helper.isReady(1999)).toBe(false);
    expect(helper.isReady(2000)).toBe(true);
  });

  test("one bad look in ten does not undo a tick, four do", () => {
    const helper = new FramingHelper(FRONT);
    for (let i = 0; i < 10; i++) helper.look(sight(), i * 50);
    expect(helper.look(sight({ people: 2 }), 500).every((one) => one.ok)).toBe(true);
    for (let i = 0; i < 3; i++) helper.look(sight({ people: 2 }), 550 + i * 50);
    expect(helper.isReady(5000)).toBe(false);
  });
});
