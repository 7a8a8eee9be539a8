/** What to send when, so that no frame is lost or doubled over a line that breaks. Knows no socket and no clock. */

import { concatenate, encodeFrame, type PoseFrame, renumberFrame } from "./frame_data";

/** How frames of one kind travel. Their sequence number stands in the first four bytes. */
export interface FrameFormat<F> {
  encode(frame: F, sequence: number): Uint8Array;
  framesPerBatch: number;
  batchAfterMs: number;
  mostPerMessage: number;
  mostUnacked: number;
}

export const POSE_FORMAT: FrameFormat<PoseFrame> = {
  encode: encodeFrame,
  framesPerBatch: 3,
  batchAfterMs: 100,
  mostPerMessage: 30,
  // Ten minutes at 30 Hz, 17 MB: longer than any pause that the server accepts.
  mostUnacked: 18_000,
};

interface Waiting {
  sequence: number;
  bytes: Uint8Array;
  queuedMs: number;
}

export class FrameStream<F = PoseFrame> {
  private waiting: Waiting[] = [];
  private nextSequence = 0;
  private sendFrom = 0;
  private connected = false;
  private wasWelcomed = false;
  private holdUntilMs = 0;

  constructor(private readonly format: FrameFormat<F>) {}

  /** Frames not yet confirmed as stored. */
  get unacked(): number {
    return this.waiting.length;
  }

  /** Whether every frame has left; the server may still have to store some. */
  get isDrained(): boolean {
    return this.sendFrom >= this.nextSequence;
  }

  /** The number of the newest frame, counted as the server counts; -1 before the first. */
  get lastSequence(): number {
    return this.nextSequence - 1;
  }

  get isFull(): boolean {
    return this.waiting.length >= this.format.mostUnacked;
  }

  get isConnected(): boolean {
    return this.connected;
  }

  /** Takes a frame in; `false` means that the line has been away too long and the frame was not kept. */
  push(frame: F, nowMs: number): boolean {
    if (this.isFull) return false;
    const sequence = this.nextSequence++;
    this.waiting.push({ sequence, bytes: this.format.encode(frame, sequence), queuedMs: nowMs });
    return true;
  }

  /**
   * The server said which frame it expects next. Usually that is one of ours. Otherwise numbers go on from there:
   * after a reload of the page the server already holds some, and a server that was restored from a backup asks for
   * frames that it had confirmed and that are gone here.
   */
  welcome(expected: number): void {
    this.connected = true;
    const isAhead = this.wasWelcomed && expected > this.nextSequence;
    // The server holds more than this page ever sent: another page wrote to the same set. Ours would be doubles.
    if (isAhead) this.waiting = [];
    else this.ack(this.wasWelcomed ? expected - 1 : -1);
    const first = this.waiting[0]?.sequence ?? this.nextSequence;
    if (expected !== first) this.renumberFrom(expected);
    this.sendFrom = expected;
    this.wasWelcomed = true;
  }

  lost(): void {
    this.connected = false;
  }

  /** Frames up to and with `sequence` are stored: forget them. */
  ack(sequence: number): void {
    let count = 0;
    while (count < this.waiting.length && (this.waiting[count] as Waiting).sequence <= sequence) count++;
    if (count) this.waiting.splice(0, count);
    this.sendFrom = Math.max(this.sendFrom, sequence + 1);
  }

  /** The server asks to send again from `sequence`, after `waitMs`. */
  rewind(sequence: number, nowMs: number, waitMs: number): void {
    const first = this.waiting[0]?.sequence ?? this.nextSequence;
    this.sendFrom = Math.min(this.nextSequence, Math.max(sequence, first));
    this.holdUntilMs = nowMs + waitMs;
  }

  /** The next message, or null while there is no reason to send. `flush` sends what is there. */
  takeBatch(nowMs: number, options: { flush?: boolean } = {}): Uint8Array<ArrayBuffer> | null {
    if (!this.connected || nowMs < this.holdUntilMs) return null;
    const start = this.sendFrom - (this.waiting[0]?.sequence ?? this.sendFrom);
    const ready = this.waiting.length - start;
    const oldest = this.waiting[start];
    if (ready <= 0 || !oldest) return null;
    const isEarly = ready < this.format.framesPerBatch && nowMs - oldest.queuedMs < this.format.batchAfterMs;
    if (isEarly && !options.flush) return null;
    const batch = this.waiting.slice(start, start + this.format.mostPerMessage);
    this.sendFrom = (batch[batch.length - 1] as Waiting).sequence + 1;
    return concatenate(batch.map((item) => item.bytes));
  }

  private renumberFrom(expected: number): void {
    this.waiting.forEach((item, index) => {
      item.sequence = expected + index;
      renumberFrame(item.bytes, item.sequence);
    });
    this.nextSequence = expected + this.waiting.length;
  }
}
