/** The socket of a sensor recording, or of a set that a sensor counts. */

import { encodeMotionFrame, type MotionFrame, type MotionSource } from "./motion_sensor_data";
import type { RecordingState, StateMessage } from "./server_messages";
import type { FrameFormat } from "./stream_data";
import { FrameSocket } from "./stream_view";
import type { TroubleCode } from "./trouble_data";

export const MOTION_FORMAT: FrameFormat<MotionFrame> = {
  encode: encodeMotionFrame,
  framesPerBatch: 128,
  batchAfterMs: 250,
  mostPerMessage: 256,
  // Ten minutes at 100 Hz, 2 MB: longer than any pause that the server accepts.
  mostUnacked: 60_000,
};

export interface MotionHeader {
  placement: string;
  sampling_rate_hz: number;
  has_gyroscope: boolean;
  source: "phone";
}

export interface MotionHandlers<S = RecordingState> {
  onState(state: S): void;
  onLine?(isUp: boolean): void;
  /** Who looks on, by name; nobody when empty. */
  onWatching?(names: string[]): void;
  /** "line_refused": over or not allowed. "line_long_lost": ten minutes without a line, nothing more is kept. */
  onTrouble?(code: TroubleCode, words?: string): void;
}

export function motionHeader(source: MotionSource, placement: string): MotionHeader {
  return {
    placement,
    sampling_rate_hz: source.samplingRateHz,
    has_gyroscope: source.hasGyroscope,
    source: "phone",
  };
}

/** Connects at once. `url` is a path of this site, such as `/ws/c/north/recordings/<ref>/stream/`. */
export class MotionStream<S extends RecordingState | StateMessage = RecordingState> {
  private readonly socket: FrameSocket<MotionFrame, S>;

  constructor(url: string, header: MotionHeader, handlers: MotionHandlers<S>) {
    this.socket = new FrameSocket(url, { kind: "imu", ...header }, MOTION_FORMAT, {
      onState: (state) => handlers.onState(state),
      onLine: (isUp) => handlers.onLine?.(isUp),
      onWatching: (names) => handlers.onWatching?.(names),
      onTrouble: (code, words) => handlers.onTrouble?.(code, words),
    });
    this.socket.open();
  }

  push(frames: readonly MotionFrame[]): void {
    for (const frame of frames) this.socket.push(frame);
  }

  /** When the person was told to go, on the frames' clock. */
  go(captureMs: number): void {
    this.socket.tell({ type: "go", capture_ms: captureMs });
  }

  /** The server has received everything once the state's `seen` is this number. */
  get lastSequence(): number {
    return this.socket.lastSequence;
  }

  /** Sends what is left; resolves when the server has stored and closed it, or cannot be reached for five seconds. */
  end(): Promise<void> {
    return this.socket.end();
  }

  /** Lets go of the line without ending the recording: a reloaded page may go on with it. */
  close(): void {
    this.socket.close();
  }
}
