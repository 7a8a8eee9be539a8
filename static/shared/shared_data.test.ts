import { describe, expect, test } from "vitest";

import { IdleClock } from "./idle_data";
import { sayDuration, sayMoment } from "./moment_data";
import { isFinalClose, retryDelayMs } from "./reconnect_data";
import { readValues, sparkShape } from "./spark_data";

describe("dates as people say them", () => {
  const now = new Date(2026, 10, 22, 10, 0);
  test.each([
    [new Date(2026, 10, 22, 9, 59, 30), "just now"],
    [new Date(2026, 10, 22, 9, 59), "1 minute ago"],
    [new Date(2026, 10, 22, 9, 15), "45 minutes ago"],
    [new Date(2026, 10, 22, 8, 5), "today 08:05"],
    [new Date(2026, 10, 21, 18, 40), "yesterday 18:40"],
    [new Date(2026, 10, 23, 7, 0), "tomorrow 07:00"],
    [new Date(2026, 10, 18, 18, 40), "Wednesday 18:40"],
    [new Date(2026, 9, 3), "3 October"],
    [new Date(2025, 9, 3), "3 October 2025"],
  ])("%s is %s", (then, words) => {
    expect(sayMoment(then, now)).toBe(words);
  });

  test("durations round up", () => {
    expect([sayDuration(65), sayDuration(0.2), sayDuration(-1)]).toEqual(["1:05", "0:01", "0:00"]);
  });
});

describe("idle logoff", () => {
  test("warns a minute before, then ends", () => {
    const clock = new IdleClock(900, 0);
    expect([clock.state(839_000), clock.state(840_000), clock.state(900_000)]).toEqual([
      "active",
      "warning",
      "expired",
    ]);
  });

  test("activity here or in another tab starts again", () => {
    const clock = new IdleClock(900, 0);
    clock.seen(800_000);
    expect(clock.state(1_000_000)).toBe("active");
    clock.seenElsewhere(900_000);
    clock.seenElsewhere(10);
    expect(clock.secondsLeft(1_000_000)).toBe(800);
  });

  test("the server hears of activity at most every two minutes, and never without", () => {
    const clock = new IdleClock(900, 0);
    expect(clock.takeKeepAlive(500_000)).toBe(false);
    clock.seen(500_000);
    expect([clock.takeKeepAlive(500_001), clock.takeKeepAlive(500_002)]).toEqual([true, false]);
  });
});

test("tries again later and later, spread out", () => {
  expect([0, 1, 2, 3, 4, 9].map((attempt) => retryDelayMs(attempt, 1))).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
  expect(retryDelayMs(0, 0)).toBe(375);
});

test("gives up only where trying again cannot help", () => {
  expect([1006, 4401, 4404, 4408, 4409, 4429, 4500].map(isFinalClose)).toEqual([
    false,
    true,
    true,
    false,
    true,
    false,
    false,
  ]);
});

test("a spark has gaps where nothing is known", () => {
  expect(readValues("2 3 - 4")).toEqual([2, 3, null, 4]);
  const shape = sparkShape([0, 10, null, 5], { width: 100, height: 20, min: 0, max: 10, margin: 0 });
  expect(shape).toEqual({ path: "M0 20L33.3 0M100 10", last: { x: 100, y: 10 } });
});
