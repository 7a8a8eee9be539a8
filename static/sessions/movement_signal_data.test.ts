import { describe, expect, it } from "vitest";

import {
  addressOf,
  clampSpan,
  lengths,
  movedSpan,
  needsFetch,
  saySpan,
  scaledSpan,
  type SignalSamples,
  type Span,
  spanToFetch,
  type Step,
} from "./movement_signal_data";

const BOUNDS: Span = [0, 60];
const STEPS: Step[] = [
  [10, "left"],
  [10.5, "right"],
  [11, ""],
];

function loaded(start_s: number, end_s: number, coarse = true): SignalSamples {
  return { start_s, end_s, t_s: [], acceleration_m_s2: [], angular_velocity_rad_s: null, coarse };
}

describe("the shown span", () => {
  it("stays inside the recording and over a second", () => {
    expect(clampSpan([-5, 5], BOUNDS)).toEqual([0, 10]);
    expect(clampSpan([58, 64], BOUNDS)).toEqual([54, 60]);
    expect(clampSpan([-100, 900], BOUNDS)).toEqual([0, 60]);
    expect(scaledSpan([10, 12], BOUNDS, 0.01)).toEqual([10.5, 11.5]);
    expect(movedSpan([50, 60], BOUNDS, 0.5)).toEqual([50, 60]);
  });

  it("is fetched with a margin, inside the recording", () => {
    expect(spanToFetch([30, 36], BOUNDS)).toEqual([28, 38]);
    expect(spanToFetch([0, 6], BOUNDS)).toEqual([0, 8]);
    expect(addressOf("/signal/", [1, 2.5], 800)).toBe("/signal/?start=1.000&end=2.500&points=800");
    expect(addressOf("/signal/", [1, 2], 800, 1)).toBe("/signal/?start=1.000&end=2.000&points=800&sensor=1");
  });

  it("is fetched again only when what is there is too short or too coarse", () => {
    expect(needsFetch(null, [0, 1])).toBe(true);
    expect(needsFetch(loaded(0, 60), [0, 60])).toBe(false);
    expect(needsFetch(loaded(0, 60), [20, 30])).toBe(true);
    expect(needsFetch(loaded(0, 60, false), [20, 21])).toBe(false);
    expect(needsFetch(loaded(20, 30, false), [25, 35])).toBe(true);
  });
});

describe("what the span holds", () => {
  it("is said with its steps", () => {
    expect(saySpan([10, 10.75], STEPS)).toBe("10.0–10.8 s of the recording, 2 steps (1 left, 1 right)");
    expect(saySpan([11, 12], STEPS)).toBe("11.0–12.0 s of the recording, 1 step");
    expect(saySpan([0, 2], [])).toBe("0.0–2.0 s of the recording");
  });

  it("has a length where all axes are there", () => {
    expect(
      lengths([
        [3, null],
        [4, 1],
        [0, 1],
      ]),
    ).toEqual([5, null]);
  });
});
