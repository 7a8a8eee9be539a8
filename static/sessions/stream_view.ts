/** The socket of a running recording. Survives a broken line; says what it hears. */

import { socketUrl } from "../shared/page";
import { isFinalClose, retryDelayMs } from "../shared/reconnect_data";
import type { PoseFrame } from "./frame_data";
import type { ServerMessage, StateMessage } from "./server_messages";
import { type FrameFormat, FrameStream, POSE_FORMAT } from "./stream_data";
import type { TroubleCode } from "./trouble_data";

const PUMP_EVERY_MS = 50;
const MOST_BUFFERED_BYTES = 128 * 1024;
const AFTER_REFUSAL_MS = 500;
const CLOSE_AT_LATEST_MS = 5000;

export interface StreamHeader {
  model_sha256: string;
  width: number;
  height: number;
  mirror: boolean;
  source: "camera" | "sample";
}

export interface StreamListener<S = StateMessage> {
  onState(state: S): void;
  onLine(isUp: boolean): void;
  /** Who looks on, by name; nobody when empty. */
  onWatching(names: string[]): void;
  onTrouble(code: TroubleCode, words?: string): void;
}

/** `F`: a frame as it is pushed. `S`: the state that the server says. */
export class FrameSocket<F, S extends { type: "state"; ack: number }> {
  private readonly frames: FrameStream<F>;
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retryTimer = 0;
  private pumpTimer = 0;
  private isOver = false;
  private isEnding = false;
  private hasSaidEnd = false;
  /** Said once, and again to each new line: the server may not have heard it. */
  private readonly told: object[] = [];
  private readonly clock = { epoch_ms: Date.now(), monotonic_ms: performance.now() };
  private whenClosed: () => void = () => undefined;

  constructor(
    private readonly path: string,
    private readonly header: object,
    format: FrameFormat<F>,
    private readonly listener: StreamListener<S>,
  ) {
    this.frames = new FrameStream(format);
  }

  open(): void {
    this.connect();
    this.pumpTimer = window.setInterval(() => this.pump(), PUMP_EVERY_MS);
    window.addEventListener("online", this.connectNow);
  }

  push(frame: F): void {
    if (this.isOver || this.isEnding) return;
    if (!this.frames.push(frame, performance.now())) this.listener.onTrouble("line_long_lost");
    this.pump();
  }

  tell(message: object): void {
    this.told.push(message);
    if (this.frames.isConnected) this.say(message);
  }

  get lastSequence(): number {
    return this.frames.lastSequence;
  }

  /** Sends what is left and resolves when the server has closed the set, or cannot be reached for five seconds. */
  end(): Promise<void> {
    this.isEnding = true;
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => this.whenClosed(), CLOSE_AT_LATEST_MS);
      this.whenClosed = () => {
        window.clearTimeout(timer);
        this.close();
        resolve();
      };
      if (this.isOver) this.whenClosed();
      else this.pump();
    });
  }

  close(): void {
    this.isOver = true;
    window.clearInterval(this.pumpTimer);
    window.clearTimeout(this.retryTimer);
    window.removeEventListener("online", this.connectNow);
    this.socket?.close();
    this.socket = null;
  }

  private readonly connectNow = (): void => {
    if (this.isOver || this.socket) return;
    window.clearTimeout(this.retryTimer);
    this.connect();
  };

  private connect(): void {
    const socket = new WebSocket(socketUrl(this.path));
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "hello", header: { version: 1, ...this.header, ...this.clock } }));
    });
    socket.addEventListener("message", (event: MessageEvent<string>) =>
      this.receive(JSON.parse(event.data) as ServerMessage<S>),
    );
    socket.addEventListener("close", (event) => this.lose(socket, event.code));
  }

  private lose(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.frames.lost();
    if (this.isOver) return;
    if (isFinalClose(code)) {
      this.isOver = true;
      // A set that was closed while its last word was lost on the way is closed all the same.
      if (!this.isEnding) this.listener.onTrouble("line_refused");
      this.whenClosed();
      return;
    }
    this.listener.onLine(false);
    this.retryTimer = window.setTimeout(() => this.connect(), retryDelayMs(this.attempt++, Math.random()));
  }

  private receive(message: ServerMessage<S>): void {
    if (message.type === "welcome") {
      this.attempt = 0;
      this.hasSaidEnd = false;
      this.frames.welcome(message.next_sequence);
      this.told.forEach((one) => this.say(one));
      this.listener.onLine(true);
      this.pump();
    } else if (message.type === "state") {
      this.frames.ack(message.ack);
      this.listener.onState(message);
    } else if (message.type === "error") {
      if (message.next_sequence !== undefined)
        this.frames.rewind(message.next_sequence, performance.now(), AFTER_REFUSAL_MS);
    } else if (message.type === "watching") this.listener.onWatching(message.names);
    else if (message.type === "closed") this.whenClosed();
  }

  private say(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private pump(): void {
    const socket = this.socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    while (socket.bufferedAmount < MOST_BUFFERED_BYTES) {
      const message = this.frames.takeBatch(performance.now(), { flush: this.isEnding });
      if (!message) break;
      socket.send(message);
    }
    if (this.isEnding && !this.hasSaidEnd && this.frames.isConnected && this.frames.isDrained) {
      this.hasSaidEnd = true;
      socket.send(JSON.stringify({ type: "end" }));
    }
  }
}

/** What a camera sees of a set. */
export class SetStream extends FrameSocket<PoseFrame, StateMessage> {
  constructor(path: string, header: StreamHeader, listener: StreamListener) {
    super(path, { running_mode: "VIDEO", rotation: 0, ...header }, POSE_FORMAT, listener);
  }
}
