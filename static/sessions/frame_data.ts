/** The frame of the live stream: 940 bytes, little endian, as written in the project's decisions on the stream. */

export const FRAME_BYTES = 940;
export const LANDMARK_COUNT = 33;
const IMAGE_VALUES = LANDMARK_COUNT * 4;
const WORLD_VALUES = LANDMARK_COUNT * 3;
const IMAGE_AT = 16;
const WORLD_AT = IMAGE_AT + IMAGE_VALUES * 4;
const MOTION_HEADER_BYTES = 8;

/** One look at the picture. Landmarks mean nothing while `presence` is 0. */
export interface PoseFrame {
  captureMs: number;
  presence: number;
  /** 33 × (x, y as shares of the picture, z, visibility). */
  image: Float32Array;
  /** 33 × (x, y, z) in metres. */
  world: Float32Array;
}

/** A recorded motion and the picture it was seen in, in pixels. */
export interface Motion {
  width: number;
  height: number;
  frames: PoseFrame[];
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

export function encodeFrame(frame: PoseFrame, sequence: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, sequence, true);
  view.setFloat64(4, frame.captureMs, true);
  view.setFloat32(12, frame.presence, true);
  for (let i = 0; i < IMAGE_VALUES; i++) view.setFloat32(IMAGE_AT + 4 * i, finite(frame.image[i] ?? 0), true);
  for (let i = 0; i < WORLD_VALUES; i++) view.setFloat32(WORLD_AT + 4 * i, finite(frame.world[i] ?? 0), true);
  return bytes;
}

/** Gives an encoded frame another sequence number, in place. */
export function renumberFrame(bytes: Uint8Array, sequence: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, sequence, true);
}

export function decodeFrame(view: DataView, offset: number): PoseFrame {
  const image = new Float32Array(IMAGE_VALUES);
  const world = new Float32Array(WORLD_VALUES);
  for (let i = 0; i < IMAGE_VALUES; i++) image[i] = view.getFloat32(offset + IMAGE_AT + 4 * i, true);
  for (let i = 0; i < WORLD_VALUES; i++) world[i] = view.getFloat32(offset + WORLD_AT + 4 * i, true);
  return { captureMs: view.getFloat64(offset + 4, true), presence: view.getFloat32(offset + 12, true), image, world };
}

/** Reads a motion file: uint32 width, uint32 height, then whole frames. Throws on any other length. */
export function decodeMotion(buffer: ArrayBuffer): Motion {
  const length = buffer.byteLength - MOTION_HEADER_BYTES;
  if (length < 0 || length % FRAME_BYTES) throw new Error("this is not a motion file");
  const view = new DataView(buffer);
  const frames: PoseFrame[] = [];
  for (let at = MOTION_HEADER_BYTES; at < buffer.byteLength; at += FRAME_BYTES) frames.push(decodeFrame(view, at));
  return { width: view.getUint32(0, true), height: view.getUint32(4, true), frames };
}

export function concatenate(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
