import { describe, expect, it } from "vitest";

import {
  type ChartConfig,
  type ChartPoint,
  clampWindow,
  dayOf,
  moved,
  nearestPoint,
  neighbourPoint,
  roomierSide,
  sayDay,
  sayTrend,
  secondsOf,
  valueRange,
  windowOf,
  zoomed,
} from "./movement_data";

const DAY = 86_400;

function point(day: string, value: number, band: [number, number] | null = null): ChartPoint {
  return { day, value, low: band?.[0] ?? null, high: band?.[1] ?? null, words: "", origin: "bouts", url: "" };
}

function chart(change: Partial<ChartConfig> = {}): ChartConfig {
  return {
    code: "walking_speed_m_s",
    name: "Walking speed",
    unit: "m/s",
    decimals: 2,
    points: [point("2026-11-01", 0.8, [0.7, 0.9]), point("2026-11-08", 1, [0.9, 1.1])],
    trend: { days: [], level: [], low: [], high: [], expected: [] },
    reference: null,
    normal: null,
    alarms: [],
    changes: [],
    events: [],
    ...change,
  };
}

const EPISODE = { first: "2026-09-28", last: "2026-11-22" };

describe("days", () => {
  it("come back as the same day, whatever the zone of the device", () => {
    expect(dayOf(secondsOf("2026-10-25"))).toBe("2026-10-25");
  });

  it("are said as people say them", () => {
    expect(sayDay("2026-11-16", 2026)).toBe("Mon 16 November");
    expect(sayDay("2025-11-16", 2026)).toBe("Sun 16 November 2025");
  });
});

describe("the shown window", () => {
  it("is the last weeks, whole days", () => {
    const [low, high] = windowOf(EPISODE, 2);
    expect((high - low) / DAY).toBe(14);
    expect(dayOf(high - DAY / 2)).toBe("2026-11-22");
    expect(dayOf(low + DAY / 2)).toBe("2026-11-09");
  });

  it("is the whole episode without weeks, and at least three days", () => {
    expect((windowOf(EPISODE, null)[1] - windowOf(EPISODE, null)[0]) / DAY).toBe(56);
    const one = { first: "2026-11-22", last: "2026-11-22" };
    expect((windowOf(one, null)[1] - windowOf(one, null)[0]) / DAY).toBe(3);
  });

  it("never leaves the episode and never gets under three days", () => {
    const whole = windowOf(EPISODE, null);
    expect(clampWindow([whole[0] - 9 * DAY, whole[0] + DAY], whole)[0]).toBe(whole[0]);
    const [low, high] = zoomed([whole[1] - 4 * DAY, whole[1]], whole, 0.01);
    expect((high - low) / DAY).toBe(3);
    expect(moved(whole, whole, 0.5)).toEqual(whole);
  });
});

describe("the axis", () => {
  it("holds every band, the measurement error and the important change", () => {
    const shown = windowOf(EPISODE, null);
    const reference = { day: "2026-11-01", value: 0.8, noise: [0.6, 1] as [number, number], important: 1.3 };
    const [low, high] = valueRange(chart({ reference }), shown);
    expect(low).toBeLessThanOrEqual(0.6);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(1.3);
  });

  it("is something where there is nothing", () => {
    expect(valueRange(chart({ points: [] }), windowOf(EPISODE, null))).toEqual([0, 1]);
  });

  it("does not collapse on one value", () => {
    const [low, high] = valueRange(chart({ points: [point("2026-11-01", 0)] }), windowOf(EPISODE, null));
    expect(high).toBeGreaterThan(low);
  });
});

describe("points", () => {
  const points = [point("2026-11-01", 0.8), point("2026-11-08", 1), point("2026-11-08", 1.4)];

  it("are found by day, then by value", () => {
    expect(nearestPoint(points, secondsOf("2026-11-07"), 1.35)).toBe(points[2]);
    expect(nearestPoint([], 0, 0)).toBeNull();
  });

  it("are walked with the keyboard, from the last, inside the window", () => {
    const shown = windowOf(EPISODE, null);
    expect(neighbourPoint(points, null, -1, shown)).toBe(points[2]);
    expect(neighbourPoint(points, points[0]!, -1, shown)).toBe(points[0]);
    expect(neighbourPoint(points, points[0]!, 1, shown)).toBe(points[1]);
    expect(neighbourPoint(points, null, 1, windowOf({ first: "2027-01-01", last: "2027-01-09" }, null))).toBeNull();
  });

  it("say what the trend says on their day", () => {
    const trend = { days: ["2026-11-08"], level: [0.974], low: [0.94], high: [1.01], expected: [null] };
    expect(sayTrend(chart({ trend }), "2026-11-08")).toBe("trend 0.97 (0.94–1.01)");
    expect(sayTrend(chart({ trend }), "2026-11-09")).toBe("");
  });
});

describe("the words on a line", () => {
  it("stand where the course is farther away", () => {
    const shown = windowOf(EPISODE, null);
    const points = [0.8, 0.82, 0.9, 1].map((value, at) => point(`2026-11-0${at + 1}`, value));
    expect(roomierSide(chart({ points }), 0.6, shown)).toBe("right");
    expect(roomierSide(chart({ points }), 1.1, shown)).toBe("left");
    expect(roomierSide(chart({ points: [] }), 1.1, shown)).toBe("left");
  });
});
