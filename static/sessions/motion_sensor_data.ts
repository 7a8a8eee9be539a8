/** What a phone says about its movement, in one form whatever the phone: the frame of the sensor stream. */

export const MOTION_FRAME_BYTES = 36;
const DEGREE = Math.PI / 180;
/** A reading further from the page's clock than this carries another clock. */
const SAME_CLOCK_MS = 10_000;
/** Without a reading for so long the phone was asleep or the page was hidden. */
export const ASLEEP_AFTER_MS = 1500;

export type Vector = readonly [number, number, number];

/** One look at the sensor, in the phone's own axes: x to the right of the screen, y to its top, z out of it. */
export interface MotionFrame {
  /** On the page's clock (`performance.now()`). */
  captureMs: number;
  /** Specific force in m/s²: a phone that lies on a table says (0, 0, +9.81). */
  acceleration: Vector;
  /** In rad/s; null when the phone has no gyroscope. */
  angularVelocity: Vector | null;
}

type Maybe = number | null | undefined;

/** What we read of a `DeviceMotionEvent`. */
export interface MotionReading {
  timeStamp: number;
  accelerationIncludingGravity: { x: Maybe; y: Maybe; z: Maybe } | null;
  rotationRate: { alpha: Maybe; beta: Maybe; gamma: Maybe } | null;
}

/** What a sensor turned out to give, from its first readings. */
export interface MotionSource {
  samplingRateHz: number;
  hasGyroscope: boolean;
}

/**
 * Puts a reading into our form; null when it says nothing (a laptop) or its time does not go on.
 * Apple's browsers give gravity instead of the force against it, so all three signs are turned. Every browser counts
 * `rotationRate.alpha` about x, `beta` about y, `gamma` about z, in degrees a second (w3c/deviceorientation#44).
 */
export function readMotion(
  reading: MotionReading,
  options: { isApple: boolean; nowMs: number; lastMs: number },
): MotionFrame | null {
  const force = reading.accelerationIncludingGravity;
  const acceleration = vector(force?.x, force?.y, force?.z, options.isApple ? -1 : 1);
  if (!acceleration) return null;
  const isOurClock = Math.abs(reading.timeStamp - options.nowMs) < SAME_CLOCK_MS;
  const captureMs = isOurClock ? reading.timeStamp : options.nowMs;
  if (captureMs <= options.lastMs) return null;
  const turn = reading.rotationRate;
  return { captureMs, acceleration, angularVelocity: vector(turn?.alpha, turn?.beta, turn?.gamma, DEGREE) };
}

function vector(x: Maybe, y: Maybe, z: Maybe, factor: number): Vector | null {
  if (!isNumber(x) || !isNumber(y) || !isNumber(z)) return null;
  return [x * factor, y * factor, z * factor];
}

function isNumber(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Whether a browser is one of Apple's for the phone or tablet; an iPad calls itself a Mac. */
export function isAppleTouchDevice(platform: { userAgent: string; platform: string; maxTouchPoints: number }): boolean {
  if (/iPhone|iPad|iPod/.test(platform.userAgent)) return true;
  return platform.platform === "MacIntel" && platform.maxTouchPoints > 1;
}

/** Rate and kind of a sensor from a run of its frames; null while there are too few. */
export function describeSource(frames: readonly MotionFrame[]): MotionSource | null {
  const first = frames[0];
  const last = frames[frames.length - 1];
  if (!first || !last || frames.length < 2 || last.captureMs <= first.captureMs) return null;
  const hz = ((frames.length - 1) * 1000) / (last.captureMs - first.captureMs);
  return { samplingRateHz: Math.round(hz * 10) / 10, hasGyroscope: frames.every((frame) => frame.angularVelocity) };
}

export function encodeMotionFrame(frame: MotionFrame, sequence: number): Uint8Array {
  const bytes = new Uint8Array(MOTION_FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, sequence, true);
  view.setFloat64(4, frame.captureMs, true);
  const turn = frame.angularVelocity ?? [NaN, NaN, NaN];
  [...frame.acceleration, ...turn].forEach((value, index) => view.setFloat32(12 + 4 * index, value, true));
  return bytes;
}

export function decodeMotionFrame(view: DataView, offset: number): MotionFrame {
  const at = (index: number): number => view.getFloat32(offset + 12 + 4 * index, true);
  const turn: Vector = [at(3), at(4), at(5)];
  return {
    captureMs: view.getFloat64(offset + 4, true),
    acceleration: [at(0), at(1), at(2)],
    angularVelocity: turn.every(Number.isFinite) ? turn : null,
  };
}
