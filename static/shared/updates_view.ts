import { socketUrl } from "./page";
import { isFinalClose, retryDelayMs } from "./reconnect_data";

/** `<pl-updates ws-path="…">`: says on `<body>` that something changed, so that parts of the page fetch themselves again. */
export class Updates extends HTMLElement {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer = 0;
  private wasLost = false;

  connectedCallback(): void {
    this.open();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  private open(): void {
    const path = this.getAttribute("ws-path");
    if (!path) return;
    const socket = new WebSocket(socketUrl(path));
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.attempt = 0;
      // Something may have happened while nobody listened.
      if (this.wasLost) this.announce({});
    });
    socket.addEventListener("message", (event: MessageEvent<string>) => this.announce(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      if (this.socket !== socket || isFinalClose(event.code)) return;
      this.wasLost = true;
      this.timer = window.setTimeout(() => this.open(), retryDelayMs(this.attempt++, Math.random()));
    });
  }

  private announce(detail: unknown): void {
    document.body.dispatchEvent(new CustomEvent("plumbline:update", { detail }));
  }
}
