import { expect, test } from "vitest";

import { concatenate, decodeFrame, decodeMotion, encodeFrame, FRAME_BYTES, type PoseFrame } from "./frame_data";

function frameAt(captureMs: number): PoseFrame {
  const image = Float32Array.from({ length: 132 }, (_, i) => i / 256);
  const world = Float32Array.from({ length: 99 }, (_, i) => -i / 64);
  return { captureMs, presence: 1, image, world };
}

test("a frame is 940 bytes in the agreed order", () => {
  const bytes = encodeFrame(frameAt(1234.5), 7);
  const view = new DataView(bytes.buffer);
  expect(bytes.length).toBe(FRAME_BYTES);
  expect(view.getUint32(0, true)).toBe(7);
  expect(view.getFloat64(4, true)).toBe(1234.5);
  expect(view.getFloat32(12, true)).toBe(1);
  expect(view.getFloat32(16 + 4 * 5, true)).toBe(5 / 256);
  expect(view.getFloat32(544 + 4 * 3, true)).toBe(-3 / 64);
});

test("decoding gives back what was encoded", () => {
  const frame = frameAt(33.25);
  expect(decodeFrame(new DataView(encodeFrame(frame, 0).buffer), 0)).toEqual(frame);
});

test("values that are not numbers become zero, since the server refuses them", () => {
  const frame = frameAt(0);
  frame.image[2] = Number.NaN;
  frame.world[1] = Number.POSITIVE_INFINITY;
  const back = decodeFrame(new DataView(encodeFrame(frame, 0).buffer), 0);
  expect([back.image[2], back.world[1]]).toEqual([0, 0]);
});

test("a motion file holds the picture's size and its frames", () => {
  const head = new Uint8Array(new Uint32Array([640, 480]).buffer);
  const file = concatenate([head, encodeFrame(frameAt(0), 0), encodeFrame(frameAt(33), 1)]);
  const motion = decodeMotion(file.buffer);
  expect([motion.width, motion.height, motion.frames.map((frame) => frame.captureMs)]).toEqual([640, 480, [0, 33]]);
});

test("half a frame is refused", () => {
  expect(() => decodeMotion(new ArrayBuffer(8 + 939))).toThrow("not a motion file");
});
