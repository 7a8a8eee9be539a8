import { expect, test } from "vitest";

import { boundsOf, placeBounds, placePicture, pointOnScreen } from "./picture_data";

const VGA = { width: 640, height: 480 };

test("a screen of nearly the same shape is filled", () => {
  const placement = placePicture(VGA, { width: 1400, height: 1000 });
  expect([placement.fit, placement.width, placement.left]).toEqual(["cover", 1400, 0]);
  expect(placement.top).toBeCloseTo(-25);
});

test("a picture that would lose the feet is shown whole", () => {
  const placement = placePicture(VGA, { width: 1440, height: 900 });
  expect([placement.fit, placement.width, placement.left, placement.top]).toEqual(["contain", 1200, 120, 0]);
});

test("on an upright screen the picture moves up, but not above the signs", () => {
  const placement = placePicture(VGA, { width: 390, height: 844 }, { inset: 96 });
  expect([placement.fit, placement.top, placement.width]).toEqual(["contain", 96, 390]);
});

test("points follow the picture, mirrored as it is shown", () => {
  const placement = placePicture(VGA, { width: 1440, height: 900 });
  expect(pointOnScreen(0.25, 0.5, placement, false)).toEqual({ x: 420, y: 450 });
  expect(pointOnScreen(0.25, 0.5, placement, true)).toEqual({ x: 1020, y: 450 });
});

test("a replay fills its frame with the body", () => {
  const image = new Float32Array(132).fill(0.5);
  image.set([0.4, 0.2], 0);
  image.set([0.6, 0.8], 4);
  const bounds = boundsOf([{ image, presence: 1 }]);
  expect(bounds.x0).toBeCloseTo(0.34);
  expect(bounds.y1).toBeCloseTo(0.86);
  const placement = placeBounds(VGA, { width: 300, height: 300 }, bounds);
  expect(pointOnScreen(0.5, 0.14, placement, false).x).toBeCloseTo(150);
  expect(pointOnScreen(0.5, 0.14, placement, false).y).toBeCloseTo(0);
  expect(pointOnScreen(0.5, 0.86, placement, false).y).toBeCloseTo(300);
});

test("a motion in which nobody was seen keeps the whole picture", () => {
  expect(boundsOf([{ image: new Float32Array(132), presence: 0 }])).toEqual({ x0: 0, y0: 0, x1: 1, y1: 1 });
});
