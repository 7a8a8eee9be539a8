/** The phone's motion sensor: asks for it inside a tap, and hands its frames on. */

import {
  ASLEEP_AFTER_MS,
  describeSource,
  isAppleTouchDevice,
  type MotionFrame,
  type MotionSource,
  readMotion,
} from "./motion_sensor_data";

const DESCRIBE_AFTER_FRAMES = 20;
const SILENT_AFTER_MS = 2500;

export type MotionPermission = "granted" | "denied" | "unsupported" | "insecure";

type AskingEvent = { requestPermission?: () => Promise<string> };

/**
 * Must be called inside the tap itself, before anything is awaited: iPhones refuse it later, and without any word.
 * "granted" still does not say that a sensor is there: see what `MotionSensor.start` resolves to.
 */
export async function askMotionPermission(): Promise<MotionPermission> {
  if (!window.isSecureContext) return "insecure";
  if (!("DeviceMotionEvent" in window)) return "unsupported";
  const ask = (DeviceMotionEvent as unknown as AskingEvent).requestPermission;
  if (!ask) return "granted";
  const answer = await ask.call(DeviceMotionEvent).catch(() => "denied");
  return answer === "granted" ? "granted" : "denied";
}

export class MotionSensor {
  private readonly isApple = isAppleTouchDevice(navigator);
  private onFrames: (frames: MotionFrame[]) => void = () => undefined;
  private first: MotionFrame[] = [];
  private lastMs = -Infinity;
  private silenceTimer = 0;
  private describe: (source: MotionSource | null) => void = () => undefined;

  /** `onSlept` hears how many seconds are missing when readings come again after a pause. */
  constructor(private readonly onSlept: (seconds: number) => void = () => undefined) {}

  /**
   * Starts to listen. Resolves to what the sensor gives once there are enough readings, or to null when none came for
   * some seconds: a laptop without a sensor, or a permission that was refused without a word.
   */
  start(onFrames: (frames: MotionFrame[]) => void): Promise<MotionSource | null> {
    this.stop();
    this.onFrames = onFrames;
    this.first = [];
    this.lastMs = -Infinity;
    window.addEventListener("devicemotion", this.listen);
    return new Promise((resolve) => {
      this.describe = resolve;
      this.silenceTimer = window.setTimeout(() => this.describe(describeSource(this.first)), SILENT_AFTER_MS);
    });
  }

  stop(): void {
    window.removeEventListener("devicemotion", this.listen);
    window.clearTimeout(this.silenceTimer);
    this.describe(null);
  }

  private readonly listen = (event: DeviceMotionEvent): void => {
    const nowMs = performance.now();
    const frame = readMotion(event, { isApple: this.isApple, nowMs, lastMs: this.lastMs });
    if (!frame) return;
    const missing = frame.captureMs - this.lastMs;
    this.lastMs = frame.captureMs;
    if (Number.isFinite(missing) && missing > ASLEEP_AFTER_MS) this.onSlept(missing / 1000);
    if (this.first.length < DESCRIBE_AFTER_FRAMES) this.introduce(frame);
    this.onFrames([frame]);
  };

  private introduce(frame: MotionFrame): void {
    this.first.push(frame);
    if (this.first.length < DESCRIBE_AFTER_FRAMES) return;
    window.clearTimeout(this.silenceTimer);
    this.describe(describeSource(this.first));
  }
}
