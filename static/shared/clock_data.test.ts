import { describe, expect, test } from "vitest";

import { levelOf, sayLeft, sayTime, ServerClock } from "./clock_data";

describe("how long an alert may wait", () => {
  test.each([
    [0, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3599, "59 min"],
    [3600, "1 h"],
    [11_100, "3 h 5 min"],
    [86_400, "1 day"],
    [187_200, "2 days 4 h"],
  ])("%s seconds are %s", (seconds, words) => {
    expect(sayTime(seconds)).toBe(words);
  });

  test("says whether it is late", () => {
    expect([sayLeft(725), sayLeft(-200)]).toEqual(["12 min left", "overdue by 3 min"]);
  });

  test("the last quarter is soon", () => {
    expect([levelOf(226, 225), levelOf(224, 225), levelOf(-1, 225)]).toEqual(["not-scored", "mild", "significant"]);
  });
});

test("counts on the server's time, however wrong the device's date is", () => {
  const clock = new ServerClock(1_000_000, 500);
  expect(clock.secondsTo(1_060_000, 500)).toBe(60);
  expect(clock.secondsTo(1_060_000, 90_500)).toBe(-30);
});
