import { expect, test } from "vitest";

import { type FigureKeyframes, limbThrough, pathThrough, poseAt, turningPoint } from "./figure_data";

const FIGURE: FigureKeyframes = {
  view_box: [0, 0, 100, 100],
  duration_s: 4,
  bones: [{ points: ["hip", "knee"], layer: "front" }],
  head: { centre: "head", radius: 6 },
  frames: [
    { at: 0, points: { hip: [50, 40], knee: [50, 60], head: [50, 10] } },
    { at: 0.5, points: { hip: [40, 60], knee: [60, 60] } },
    { at: 1, points: { hip: [50, 40], knee: [50, 60], head: [50, 10] } },
  ],
  description: "",
};

test("points move on straight lines between frames and begin again", () => {
  expect(poseAt(FIGURE, 0.25)["hip"]).toEqual([45, 50]);
  expect(poseAt(FIGURE, 1.25)["hip"]).toEqual([45, 50]);
  expect(poseAt(FIGURE, 0.75)["knee"]).toEqual([55, 60]);
});

test("a point that a frame leaves out stays", () => {
  expect(poseAt(FIGURE, 0.25)["head"]).toEqual([50, 10]);
});

test("a still picture shows the frame furthest from the start", () => {
  expect(turningPoint(FIGURE)).toBe(0.5);
});

test("unknown points are left out of a path", () => {
  expect(pathThrough(["hip", "nowhere", "knee"], poseAt(FIGURE, 0))).toBe("M50.00 40.00L50.00 60.00");
});

test("a limb tapers from point to point with round ends", () => {
  expect(limbThrough(["hip", "knee"], [4, 2], poseAt(FIGURE, 0))).toBe(
    "M48.00 40.00L49.00 60.00A1.00 1.00 0 0 0 51.00 60.00L52.00 40.00A2.00 2.00 0 0 0 48.00 40.00Z",
  );
});
