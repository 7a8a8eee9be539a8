/** `<pl-session-watch>`: what the patient does right now, in numbers and words; no picture of the room. */

import { html, setHidden, setText } from "../shared/elements";
import { socketUrl } from "../shared/page";
import { isFinalClose, retryDelayMs } from "../shared/reconnect_data";
import type { LimbStates } from "./body_data";
import { ReplayCanvas } from "./replay_view";
import { CountRing } from "./ring_view";
import { SeenPanel } from "./seen_view";
import type { Cue } from "./server_messages";

interface Summary {
  type: "summary";
  state: "waiting" | "live" | "resting" | "ended";
  exercise?: string;
  side?: string;
  count?: number;
  target?: number | null;
  phase?: number;
  cue?: Cue | null;
  limbs?: LimbStates;
  not_scored?: { code: string; words: string } | null;
  skipping?: boolean;
  points?: [number, number, number][];
  width?: number;
  height?: number;
}

const STATE_WORDS: Record<Summary["state"], string> = {
  waiting: "Waiting for the patient to start",
  live: "Exercising now",
  resting: "Resting between sets",
  ended: "The session has ended. The review shows everything.",
};

const QUIET_AFTER_MS = 4000;
const QUIET = "Nothing is coming from the patient right now. What was done so far is below.";

const CUE_CLASSES: Record<string, string> = {
  mild: "state--mild",
  significant: "state--significant",
  correct: "state--correct",
  not_scored: "state--not-scored",
};

export class SessionWatch extends HTMLElement {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer = 0;
  private quietTimer = 0;
  private readonly state = html("p", { class: "watch__state", role: "status" }, "Connecting …");
  private readonly exercise = html("h2", {});
  private readonly cue = html("p", { class: "watch__cue", role: "status", "aria-live": "polite" });
  private readonly spokenCount = html("p", { class: "visually-hidden", role: "status" });
  private readonly ring = new CountRing();
  private readonly seen = new SeenPanel({ whose: "the patient", mirrored: false });
  private readonly replay = new ReplayCanvas("The patient's skeleton, now");

  connectedCallback(): void {
    this.replaceChildren(
      html(
        "div",
        { class: "watch card" },
        html("div", { class: "watch__body" }, this.ring.element, this.spokenCount),
        html(
          "div",
          { class: "watch__words stack" },
          this.state,
          this.exercise,
          this.cue,
          this.seen.element,
          this.replay.canvas,
        ),
      ),
    );
    this.replay.canvas.hidden = true;
    this.open();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
    window.clearTimeout(this.quietTimer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private open(): void {
    const socket = new WebSocket(socketUrl(this.getAttribute("ws-path") ?? ""));
    this.socket = socket;
    socket.addEventListener("open", () => (this.attempt = 0));
    socket.addEventListener("message", (event: MessageEvent<string>) => {
      const message = JSON.parse(event.data) as Summary;
      if (message.type === "summary") this.show(message);
    });
    socket.addEventListener("close", (event) => this.lose(socket, event.code));
  }

  private lose(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    if (isFinalClose(code)) {
      setText(
        this.state,
        "You may no longer watch this session. It is over, or the patient has withdrawn the consent to be watched.",
      );
      return;
    }
    setText(this.state, "The connection is lost. The session goes on and is recorded. Trying again …");
    this.timer = window.setTimeout(() => this.open(), retryDelayMs(this.attempt++, Math.random()));
  }

  private show(summary: Summary): void {
    setText(
      this.state,
      summary.skipping
        ? "Exercising now. Feedback skips frames under load; everything is recorded."
        : STATE_WORDS[summary.state],
    );
    if (summary.exercise) setText(this.exercise, summary.exercise);
    window.clearTimeout(this.quietTimer);
    if (summary.state === "live") {
      window.dispatchEvent(new Event("plumbline:active"));
      this.quietTimer = window.setTimeout(() => setText(this.state, QUIET), QUIET_AFTER_MS);
    }
    if (summary.count !== undefined) {
      this.ring.show({
        number: summary.count,
        target: summary.target ? `of ${summary.target}` : "",
        share: summary.phase ?? 0,
      });
      setText(this.spokenCount, `${summary.count} repetitions`);
    }
    this.showCue(summary);
    setHidden(this.seen.element, !summary.limbs || !Object.keys(summary.limbs).length);
    if (summary.limbs) this.seen.show(summary.limbs);
    if (summary.points && summary.width && summary.height)
      this.drawPoints(summary.points, summary.width, summary.height);
  }

  private showCue(summary: Summary): void {
    const words = summary.not_scored ? `${summary.not_scored.words}, not scored` : (summary.cue?.words ?? "");
    const kind = summary.not_scored ? "not_scored" : (summary.cue?.severity ?? "");
    setText(this.cue, words);
    this.cue.className = `watch__cue${CUE_CLASSES[kind] ? ` state ${CUE_CLASSES[kind]}` : ""}`;
  }

  private drawPoints(points: [number, number, number][], width: number, height: number): void {
    const image = new Float32Array(132);
    points.forEach(([x, y, visibility], i) => image.set([x, y, 0, visibility], i * 4));
    this.replay.canvas.hidden = false;
    this.replay.show({ width, height, frames: [{ captureMs: 0, presence: 1, image, world: new Float32Array(99) }] });
    this.replay.draw(0);
  }
}
