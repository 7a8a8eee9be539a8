import { describe, expect, it } from "vitest";

import { type FlowEvent, MovementSense, sayElapsed, saySlept, type TestConfig, TestFlow } from "./sensor_data";

const CONFIG: TestConfig = {
  kind: "walk",
  title: "Walk test",
  voice: true,
  is_ready: false,
  countdown_s: 10,
  aim_s: 120,
  ends_after_s: null,
  ends_when_still_s: null,
  longest_s: 3600,
  words: { get_ready: "Stand still.", go: "Go.", moving: "Walk.", enough: "Enough." },
  marks: [
    [60, "One minute."],
    [120, "Two minutes."],
  ],
  placements: {},
  urls: { start: "", stop: "", movement: "" },
};

/** Feeds seconds of a rhythm of `strength` m/s² at 60 Hz, from `fromS`. */
function feel(sense: MovementSense, fromS: number, seconds: number, strength: number): void {
  for (let i = 0; i < seconds * 60; i++) {
    const t = fromS + i / 60;
    const size = 9.81 + strength * Math.sin(2 * Math.PI * 2 * t);
    sense.feel({ captureMs: t * 1000, acceleration: [0, size, 0] });
  }
}

function run(flow: TestFlow, fromMs: number, toMs: number): FlowEvent[] {
  const events: FlowEvent[] = [];
  for (let now = fromMs; now <= toMs; now += 100) events.push(...flow.tick(now));
  return events;
}

const said = (events: FlowEvent[]): string[] =>
  events.flatMap((event) => (event.kind === "say" ? [event.words] : event.kind === "end" ? [`end ${event.why}`] : []));

describe("MovementSense", () => {
  it("tells walking from standing", () => {
    const sense = new MovementSense();
    feel(sense, 0, 2, 0.05);
    expect(sense.isMoving).toBe(false);
    expect(sense.stillS).toBeCloseTo(2, 0);
    feel(sense, 2, 4, 2);
    expect([sense.isMoving, sense.hasMoved, sense.stillS]).toEqual([true, true, 0]);
    feel(sense, 6, 4, 0.05);
    expect(sense.isMoving).toBe(false);
    expect(sense.stillS).toBeGreaterThan(2.5);
  });

  it("does not go on feeling when no readings come", () => {
    const sense = new MovementSense();
    expect(sense.isSilent(60_000)).toBe(false);
    feel(sense, 0, 4, 2);
    expect([sense.isSilent(5000), sense.isSilent(7000)]).toEqual([false, true]);
  });

  it("does not take a bump for movement", () => {
    const sense = new MovementSense();
    feel(sense, 0, 2, 0.05);
    feel(sense, 2, 0.3, 5);
    feel(sense, 2.3, 4, 0.05);
    expect(sense.hasMoved).toBe(false);
  });

  it("feels nothing before the first reading, and does not count a gap as movement", () => {
    const sense = new MovementSense();
    expect([sense.isMoving, sense.hasMoved, sense.stillS]).toEqual([false, false, 0]);
    feel(sense, 0, 1.5, 2);
    feel(sense, 300, 1, 2);
    expect(sense.hasMoved).toBe(false);
  });
});

describe("TestFlow", () => {
  it("counts the last seconds aloud, then goes", () => {
    const flow = new TestFlow(CONFIG, 0);
    const before = run(flow, 0, 9900);
    expect(said(before)).toEqual(["5", "4", "3", "2", "1"]);
    expect(flow.phase).toBe("countdown");
    expect(flow.tick(10_000).map((event) => event.kind)).toEqual(["go", "beep", "say"]);
    expect(flow.phase).toBe("recording");
  });

  it("gives more time", () => {
    const flow = new TestFlow(CONFIG, 0);
    run(flow, 0, 8000);
    flow.giveMoreTime();
    expect(flow.secondsLeft(8000)).toBe(12);
    run(flow, 8000, 19_900);
    expect(flow.phase).toBe("countdown");
    run(flow, 20_000, 20_100);
    expect(flow.phase).toBe("recording");
  });

  it("captures from three seconds before the start, and goes on when there is more time", () => {
    const flow = new TestFlow(CONFIG, 0);
    expect(flow.isCapturing(6900)).toBe(false);
    expect(flow.isCapturing(7100)).toBe(true);
    flow.giveMoreTime();
    expect(flow.isCapturing(7200)).toBe(true);
    flow.end();
    expect(flow.isCapturing(7300)).toBe(false);
  });

  it("says the marks once and lets a walk go on", () => {
    const flow = new TestFlow(CONFIG, 0);
    const events = run(flow, 0, 300_000);
    expect(said(events).slice(6)).toEqual(["One minute.", "Two minutes."]);
    expect(flow.share(70_000)).toBe(0.5);
    expect(flow.share(300_000)).toBe(1);
  });

  it("ends a forgotten walk", () => {
    const flow = new TestFlow({ ...CONFIG, longest_s: 30, marks: [] }, 0);
    expect(said(run(flow, 0, 40_100)).at(-1)).toBe("end longest");
  });

  it("ends a test of 30 seconds after 30 seconds", () => {
    const flow = new TestFlow({ ...CONFIG, ends_after_s: 30, marks: [[20, "Ten seconds left."]] }, 0);
    const events = run(flow, 0, 40_000);
    expect(said(events).slice(6)).toEqual(["Ten seconds left.", "end time"]);
    flow.end();
    expect(run(flow, 40_000, 50_000)).toEqual([]);
  });

  it("ends when the person is still again, but not before they moved", () => {
    const flow = new TestFlow({ ...CONFIG, ends_when_still_s: 5, longest_s: 180, marks: [] }, 0);
    run(flow, 0, 10_000);
    feel(flow.sense, 10, 8, 0.02);
    expect(flow.tick(18_000)).toEqual([]);
    feel(flow.sense, 18, 8, 2);
    feel(flow.sense, 26, 4, 0.02);
    expect(flow.tick(30_000)).toEqual([]);
    feel(flow.sense, 30, 3, 0.02);
    expect(flow.tick(33_000)).toEqual([{ kind: "end", why: "still" }]);
  });
});

describe("words", () => {
  it("says times", () => {
    expect([sayElapsed(-1), sayElapsed(5.9), sayElapsed(65), sayElapsed(600)]).toEqual([
      "0:00",
      "0:05",
      "1:05",
      "10:00",
    ]);
  });

  it("says what to do after the phone slept", () => {
    expect(saySlept(11.7, "walk")).toContain("slept for 12 seconds");
    expect(saySlept(11.7, "walk")).toContain("Walk on.");
    expect(saySlept(1, "tug")).toContain("1 second ");
    expect(saySlept(1, "tug")).toContain("do the test again");
  });
});
