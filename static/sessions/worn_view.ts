/** The line on which a worn sensor's count arrives: it sends to the server by itself. */

import { socketUrl } from "../shared/page";
import { isFinalClose, retryDelayMs } from "../shared/reconnect_data";
import type { Cue, StateMessage } from "./server_messages";

/** Numbers of a running set with the words that belong to them. */
interface SensorState {
  type: "sensor_state";
  set: string;
  count: number;
  phase: number;
  hold_s: number | null;
  cue: Cue | null;
  not_scored: { code: string; words: string } | null;
}

export class WornLine {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer = 0;
  private isOver = false;

  constructor(
    private readonly path: string,
    private readonly onState: (set: string, state: StateMessage) => void,
    private readonly onLine: (isUp: boolean) => void,
  ) {
    this.connect();
  }

  close(): void {
    this.isOver = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
  }

  private connect(): void {
    const socket = new WebSocket(socketUrl(this.path));
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.attempt = 0;
      this.onLine(true);
    });
    socket.addEventListener("message", (event: MessageEvent<string>) => this.hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.lose(event.code));
  }

  private lose(code: number): void {
    if (this.isOver || isFinalClose(code)) return;
    this.onLine(false);
    this.timer = window.setTimeout(() => this.connect(), retryDelayMs(this.attempt++, Math.random()));
  }

  private hear(said: SensorState | { type: string }): void {
    if (said.type !== "sensor_state") return;
    const state = said as SensorState;
    this.onState(state.set, {
      ...state,
      type: "state",
      ack: -1,
      seen: -1,
      limbs: {},
      last: null,
      skipping: false,
      side: null,
    });
  }
}
