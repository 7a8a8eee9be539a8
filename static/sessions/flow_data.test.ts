import { describe, expect, test } from "vitest";

import { saySide, sayTarget, SessionFlow, type SetConfig } from "./flow_data";

function set(number: number, changes: Partial<SetConfig> = {}): SetConfig {
  return {
    ref: `set-${number}`,
    set_number: number,
    sets_total: 2,
    state: "planned",
    side: "both",
    view: "side",
    target_repetitions: 3,
    target_hold_s: null,
    rest_s: 30,
    exercise: { code: "squat", name: "Squat", kind: "repetitions", position: "standing" },
    ...changes,
  };
}

function moving(sets: SetConfig[], mode: "camera" | "tap" = "tap"): SessionFlow {
  const flow = new SessionFlow(sets, mode);
  flow.begin(mode, 0);
  if (mode === "camera") flow.getReady(0);
  flow.tick(5000);
  return flow;
}

describe("a session", () => {
  test("goes from the helper through a countdown of five seconds", () => {
    const flow = new SessionFlow([set(1)], "camera");
    flow.begin("camera", 0);
    expect(flow.phase).toBe("helper");
    flow.getReady(1000);
    expect([flow.phase, flow.secondsLeft(1000), flow.tick(5999), flow.secondsLeft(5999)]).toEqual([
      "ready",
      5,
      false,
      1,
    ]);
    expect([flow.tick(6000), flow.phase]).toEqual([true, "moving"]);
  });

  test("a set is complete at its target and not before", () => {
    const flow = moving([set(1)]);
    expect([flow.counted(2, null), flow.counted(3, null)]).toEqual([false, true]);
  });

  test("a hold without repetitions is complete when it was held long enough", () => {
    const flow = moving([set(1, { target_repetitions: null, target_hold_s: 20 })]);
    expect([flow.counted(0, 19.9), flow.counted(0, 20)]).toEqual([false, true]);
  });

  test("rests, then gets ready for the next set", () => {
    const flow = moving([set(1), set(2)]);
    flow.counted(3, null);
    flow.finishing();
    flow.finished(10_000);
    expect([flow.phase, flow.secondsLeft(10_000), flow.next?.ref, flow.dots]).toEqual([
      "resting",
      30,
      "set-2",
      ["done", "now"],
    ]);
    expect(flow.tick(40_000)).toBe(true);
    expect([flow.phase, flow.current?.ref, flow.count]).toEqual(["ready", "set-2", 0]);
  });

  test("the rest can be skipped, and leaves time to say how it was where none was written", () => {
    const skipped = moving([set(1), set(2)]);
    skipped.finished(10_000);
    skipped.skipRest(11_000);
    expect(skipped.phase).toBe("ready");
    const none = moving([set(1, { rest_s: 0 }), set(2)]);
    none.finished(10_000);
    expect([none.phase, none.secondsLeft(10_000)]).toEqual(["resting", 10]);
    none.tick(20_000);
    expect(none.phase).toBe("ready");
  });

  test("another side or view needs another look at the camera", () => {
    const flow = moving([set(1, { side: "left", rest_s: 0 }), set(2, { side: "right" })], "camera");
    flow.finished(10_000);
    flow.skipRest(10_000);
    expect(flow.phase).toBe("helper");
  });

  test("is done after the last set", () => {
    const flow = moving([set(1)]);
    flow.finished(10_000);
    expect([flow.phase, flow.current]).toEqual(["done", null]);
  });

  test("a reload goes on with the first open set", () => {
    const flow = new SessionFlow([set(1, { state: "analysed" }), set(2)], "camera");
    expect([flow.current?.ref, flow.dots]).toEqual(["set-2", ["done", "now"]]);
    expect(new SessionFlow([set(1, { state: "ended" })], "camera").phase).toBe("done");
  });
});

describe("a set that became easier", () => {
  const easier = (ref: string, changes: Partial<SetConfig>) => ({
    ref,
    state: "planned",
    target_repetitions: 3,
    target_hold_s: null,
    ...changes,
  });

  test("asks for what the server says now, and no less of what it knows itself", () => {
    const flow = moving([set(1), set(2)]);
    flow.finished(10_000);
    expect(flow.take([easier("set-2", { target_repetitions: 2 }), easier("unknown", {})], 10_000)).toBe(false);
    expect([flow.next?.target_repetitions, flow.next?.exercise.name]).toEqual([2, "Squat"]);
    flow.tick(40_000);
    flow.tick(45_000);
    expect([flow.phase, flow.counted(2, null)]).toEqual(["moving", true]);
  });

  test("sets that are left out are passed over", () => {
    const bridge = set(3, { exercise: { code: "bridge", name: "Bridge", kind: "repetitions" } });
    const flow = moving([set(1), set(2), bridge]);
    flow.finished(10_000);
    flow.take([easier("set-2", { state: "skipped" })], 10_000);
    expect(flow.next?.ref).toBe("set-3");
    flow.take([easier("set-2", { state: "planned" })], 11_000);
    expect(flow.next?.ref).toBe("set-2");
  });

  test("an answer that comes late moves on from a set that it leaves out", () => {
    const flow = moving([set(1), set(2), set(3)]);
    flow.finished(10_000);
    flow.skipRest(11_000);
    expect(flow.take([easier("set-2", { state: "skipped" })], 12_000)).toBe(true);
    expect([flow.phase, flow.current?.ref]).toEqual(["ready", "set-3"]);
  });

  test("with nothing left the pause still says why, then all is done", () => {
    const flow = moving([set(1), set(2)]);
    flow.take([easier("set-2", { state: "skipped" })], 9000);
    flow.finished(10_000, true);
    expect([flow.phase, flow.next]).toEqual(["resting", null]);
    flow.skipRest(11_000);
    expect(flow.phase).toBe("done");
  });
});

test("targets and sides in words", () => {
  expect(sayTarget({ target_repetitions: 10, target_hold_s: null })).toBe("10 times");
  expect(sayTarget({ target_repetitions: 1, target_hold_s: 20 })).toBe("hold 20 s");
  expect(sayTarget({ target_repetitions: 5, target_hold_s: 3 })).toBe("5 times, hold 3 s each");
  expect([saySide("left"), saySide("both")]).toEqual(["Left side", ""]);
});

describe("with the phone as a sensor", () => {
  const place = { placement: "right_thigh", name: "On the right thigh", words: "Strap it there." };
  const sensed = (changes: Partial<SetConfig> = {}): SetConfig => ({ ...set(1), sensor: [place], ...changes });

  test("a set that a sensor can count begins with putting the phone in place, and leaves time for it", () => {
    const flow = new SessionFlow([sensed()], "sensor");
    flow.begin("sensor", 0);
    expect([flow.phase, flow.counting]).toEqual(["helper", "sensor"]);
    flow.getReady(0);
    expect(flow.secondsLeft(0)).toBe(12);
  });

  test("a set that none can count is tapped", () => {
    const flow = new SessionFlow([set(1)], "sensor");
    flow.begin("sensor", 0);
    expect([flow.phase, flow.counting]).toEqual(["ready", "tap"]);
  });

  test("the next set of the same exercise and side needs no new place, the other side does", () => {
    const same = [sensed(), sensed({ ref: "b", set_number: 2 })];
    const other = [sensed({ side: "left" }), sensed({ ref: "b", side: "right" })];
    const phases = [same, other].map((sets) => {
      const flow = new SessionFlow(
        sets.map((one) => ({ ...one, rest_s: 0 })),
        "sensor",
      );
      flow.begin("sensor", 0);
      flow.getReady(0);
      flow.finishing();
      flow.finished(0);
      flow.skipRest(0);
      return flow.phase;
    });
    expect(phases).toEqual(["ready", "helper"]);
  });
});
