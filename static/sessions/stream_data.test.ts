import { describe, expect, test } from "vitest";

import { FRAME_BYTES, type PoseFrame } from "./frame_data";
import { FrameStream, POSE_FORMAT } from "./stream_data";

function frame(captureMs = 0): PoseFrame {
  return { captureMs, presence: 1, image: new Float32Array(132), world: new Float32Array(99) };
}

function pushed(count: number, stream = new FrameStream(POSE_FORMAT)): FrameStream {
  for (let i = 0; i < count; i++) stream.push(frame(i * 33), 0);
  return stream;
}

function sequences(message: Uint8Array | null): number[] {
  if (!message) return [];
  const view = new DataView(message.buffer, message.byteOffset);
  return Array.from({ length: message.length / FRAME_BYTES }, (_, i) => view.getUint32(i * FRAME_BYTES, true));
}

describe("batching", () => {
  test("nothing leaves before the server has answered", () => {
    expect(pushed(5).takeBatch(1000)).toBeNull();
  });

  test("three frames make a message", () => {
    const stream = pushed(2);
    stream.welcome(0);
    expect(stream.takeBatch(10)).toBeNull();
    stream.push(frame(), 10);
    expect(sequences(stream.takeBatch(10))).toEqual([0, 1, 2]);
    expect(stream.isDrained).toBe(true);
  });

  test("a single frame waits 100 ms at most", () => {
    const stream = pushed(1);
    stream.welcome(0);
    expect(stream.takeBatch(99)).toBeNull();
    expect(sequences(stream.takeBatch(100))).toEqual([0]);
  });

  test("flush does not wait", () => {
    const stream = pushed(1);
    stream.welcome(0);
    expect(sequences(stream.takeBatch(1, { flush: true }))).toEqual([0]);
  });

  test("a message holds at most 30 frames", () => {
    const stream = pushed(70);
    stream.welcome(0);
    expect([stream.takeBatch(0), stream.takeBatch(0), stream.takeBatch(0)].map((m) => sequences(m).length)).toEqual([
      30, 30, 10,
    ]);
  });
});

describe("a broken line", () => {
  test("what was not stored is sent again, once, from where the server says", () => {
    const stream = pushed(9);
    stream.welcome(0);
    stream.takeBatch(0);
    stream.ack(2);
    stream.lost();
    stream.push(frame(), 500);
    expect(stream.takeBatch(1000)).toBeNull();
    stream.welcome(6);
    expect(sequences(stream.takeBatch(1000))).toEqual([6, 7, 8, 9]);
    expect(stream.takeBatch(2000)).toBeNull();
  });

  test("a server that lost its unsaved frames gets them again", () => {
    const stream = pushed(9);
    stream.welcome(0);
    stream.takeBatch(0);
    stream.ack(2);
    stream.lost();
    stream.welcome(3);
    expect(sequences(stream.takeBatch(0))).toEqual([3, 4, 5, 6, 7, 8]);
  });

  test("after a reload the numbers go on where the server stands", () => {
    const stream = pushed(2);
    stream.welcome(120);
    expect(sequences(stream.takeBatch(500))).toEqual([120, 121]);
    stream.push(frame(), 500);
    expect(sequences(stream.takeBatch(600))).toEqual([122]);
  });

  test("frames that another page has written are not doubled", () => {
    const stream = pushed(4);
    stream.welcome(0);
    stream.takeBatch(0);
    stream.lost();
    stream.welcome(50);
    expect(stream.takeBatch(500)).toBeNull();
    stream.push(frame(), 500);
    expect(sequences(stream.takeBatch(600))).toEqual([50]);
  });

  test("a server that forgot what it had confirmed gets the rest, numbered from where it stands", () => {
    const stream = pushed(9);
    stream.welcome(0);
    stream.takeBatch(0);
    stream.ack(5);
    stream.lost();
    stream.welcome(2);
    expect(sequences(stream.takeBatch(0))).toEqual([2, 3, 4]);
    expect(stream.isDrained).toBe(true);
  });

  test("a rewind waits and then repeats", () => {
    const stream = pushed(6);
    stream.welcome(0);
    stream.takeBatch(0);
    stream.rewind(3, 0, 500);
    expect(stream.takeBatch(499)).toBeNull();
    expect(sequences(stream.takeBatch(500))).toEqual([3, 4, 5]);
  });

  test("any mix of breaks delivers every frame once, in order", () => {
    const stream = new FrameStream(POSE_FORMAT);
    const stored: number[] = [];
    let random = 42;
    const chance = () => (random = (random * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let now = 0; now < 60_000; now += 33) {
      if (now < 50_000) stream.push(frame(now), now);
      if (!stream.isConnected && chance() < 0.1) stream.welcome(stored.length);
      else if (stream.isConnected && chance() < 0.02) stream.lost();
      const message = stream.takeBatch(now);
      const arrives = message && chance() > 0.05;
      if (message && !arrives) stream.lost();
      for (const sequence of arrives ? sequences(message) : []) if (sequence === stored.length) stored.push(sequence);
      if (arrives && chance() < 0.3) stream.ack(stored.length - 1);
    }
    expect(stored).toEqual(Array.from({ length: 1516 }, (_, i) => i));
  });
});

test("memory is bounded: after ten minutes without a line a frame is refused", () => {
  const stream = pushed(18_000);
  expect([stream.isFull, stream.push(frame(), 0), stream.unacked]).toEqual([true, false, 18_000]);
});
