import { describe, expect, test } from "vitest";

import {
  decodeMotionFrame,
  describeSource,
  encodeMotionFrame,
  isAppleTouchDevice,
  MOTION_FRAME_BYTES,
  type MotionFrame,
  type MotionReading,
  readMotion,
} from "./motion_sensor_data";

function reading(changes: Partial<MotionReading> = {}): MotionReading {
  return {
    timeStamp: 1000,
    accelerationIncludingGravity: { x: 0, y: 0, z: 9.81 },
    rotationRate: { alpha: 180, beta: 0, gamma: -90 },
    ...changes,
  };
}

const OPTIONS = { isApple: false, nowMs: 1005, lastMs: -Infinity };

describe("one form whatever the phone", () => {
  test("degrees become radians, about x, y and z in this order", () => {
    const frame = readMotion(reading(), OPTIONS);
    expect(frame?.acceleration).toEqual([0, 0, 9.81]);
    expect(frame?.angularVelocity?.map((v) => v.toFixed(4))).toEqual(["3.1416", "0.0000", "-1.5708"]);
  });

  test("a phone that lies on a table says up, Apple or not", () => {
    const gravity = { x: 0.1, y: -0.2, z: -9.8 };
    const frame = readMotion(reading({ accelerationIncludingGravity: gravity }), { ...OPTIONS, isApple: true });
    expect(frame?.acceleration).toEqual([-0.1, 0.2, 9.8]);
    expect(frame?.angularVelocity?.[0]).toBeCloseTo(Math.PI);
  });

  test("a phone without a gyroscope says so", () => {
    expect(readMotion(reading({ rotationRate: null }), OPTIONS)?.angularVelocity).toBeNull();
    const empty = { alpha: null, beta: null, gamma: null };
    expect(readMotion(reading({ rotationRate: empty }), OPTIONS)?.angularVelocity).toBeNull();
  });

  test("a laptop's empty reading is nothing", () => {
    expect(readMotion(reading({ accelerationIncludingGravity: null }), OPTIONS)).toBeNull();
    const empty = { x: null, y: null, z: null };
    expect(readMotion(reading({ accelerationIncludingGravity: empty }), OPTIONS)).toBeNull();
    expect(readMotion(reading({ accelerationIncludingGravity: { x: NaN, y: 0, z: 0 } }), OPTIONS)).toBeNull();
  });

  test("time goes forward only, and another clock is replaced by ours", () => {
    expect(readMotion(reading(), { ...OPTIONS, lastMs: 1000 })).toBeNull();
    expect(readMotion(reading({ timeStamp: 1.7e12 }), OPTIONS)?.captureMs).toBe(1005);
    expect(readMotion(reading(), OPTIONS)?.captureMs).toBe(1000);
  });
});

test("an iPad that calls itself a Mac is known by its touch screen", () => {
  const mac = { userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", platform: "MacIntel" };
  expect(isAppleTouchDevice({ ...mac, maxTouchPoints: 5 })).toBe(true);
  expect(isAppleTouchDevice({ ...mac, maxTouchPoints: 0 })).toBe(false);
  expect(isAppleTouchDevice({ userAgent: "… (iPhone; CPU …)", platform: "iPhone", maxTouchPoints: 5 })).toBe(true);
  expect(isAppleTouchDevice({ userAgent: "… Android 15 …", platform: "Linux armv8l", maxTouchPoints: 5 })).toBe(false);
});

describe("describing the source", () => {
  const run = (turn: MotionFrame["angularVelocity"]): MotionFrame[] =>
    Array.from({ length: 21 }, (_, i) => ({ captureMs: i * 20, acceleration: [0, 0, 9.81], angularVelocity: turn }));

  test("rate and gyroscope", () => {
    expect(describeSource(run([0, 0, 0]))).toEqual({ samplingRateHz: 50, hasGyroscope: true });
    expect(describeSource(run(null))).toEqual({ samplingRateHz: 50, hasGyroscope: false });
  });

  test("too few frames say nothing", () => {
    expect(describeSource([])).toBeNull();
    expect(describeSource(run(null).slice(0, 1))).toBeNull();
  });
});

test("a frame is 36 bytes and reads back; NaN stands for no gyroscope", () => {
  const frame: MotionFrame = { captureMs: 1234.5, acceleration: [1, -2, 9.5], angularVelocity: [0.25, 0, -3] };
  const bytes = encodeMotionFrame(frame, 7);
  const view = new DataView(bytes.buffer);
  expect([bytes.length, view.getUint32(0, true)]).toEqual([MOTION_FRAME_BYTES, 7]);
  expect(decodeMotionFrame(view, 0)).toEqual(frame);
  const without = encodeMotionFrame({ ...frame, angularVelocity: null }, 8);
  expect(new DataView(without.buffer).getFloat32(24, true)).toBeNaN();
  expect(decodeMotionFrame(new DataView(without.buffer), 0).angularVelocity).toBeNull();
});
