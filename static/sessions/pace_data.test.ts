import { expect, test } from "vitest";

import { ModelProbe, RateMeter } from "./pace_data";
import { cameraTrouble, trouble } from "./trouble_data";

function decide(durationMs: number): string | null {
  const probe = new ModelProbe();
  const answers = Array.from({ length: 12 }, (_, i) => probe.add(i === 0 ? 900 : durationMs));
  expect(answers.slice(0, 11).every((answer) => answer === null)).toBe(true);
  return answers[11] ?? null;
}

test("a fast device takes the full model, a slow one stays with the small one, and warming up does not count", () => {
  expect([decide(17), decide(40)]).toEqual(["full", "lite"]);
});

test("the probe decides once", () => {
  const probe = new ModelProbe();
  for (let i = 0; i < 12; i++) probe.add(10);
  expect(probe.add(10)).toBeNull();
});

test("frames a second", () => {
  const meter = new RateMeter();
  for (let now = 0; now <= 2000; now += 100) meter.note(now);
  expect([meter.hz, meter.isSlow]).toEqual([10, true]);
});

test("what the browser throws becomes what to do", () => {
  expect(["NotAllowedError", "NotFoundError", "NotReadableError", "OverconstrainedError"].map(cameraTrouble)).toEqual([
    "permission",
    "no_camera",
    "in_use",
    "no_camera",
  ]);
  expect(trouble("in_use").retry).toBe(true);
});
