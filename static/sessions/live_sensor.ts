/** Counting with the phone on the body: where it goes, what it says, how a set ends without looking at it. */

import { html, setHidden, setText } from "../shared/elements";
import { postJson } from "../shared/page";
import type { SensorPlace, SetConfig } from "./flow_data";
import type { MotionFrame, MotionSource } from "./motion_sensor_data";
import { askMotionPermission, type MotionPermission, MotionSensor } from "./motion_sensor_view";
import { motionHeader, MotionStream } from "./motion_stream_view";
import type { StateMessage } from "./server_messages";
import { trouble, type TroubleCode } from "./trouble_data";
import { WornLine } from "./worn_view";

const HOLD_TO_END_MS = 800;
const TAP_INSTEAD = "Count by tapping instead";
const SAY_SLEPT_MS = 15_000;
const BEGIN_AGAIN_MS = 2000;
const UNHEARD_AFTER_MS = 8000;
const UNHEARD = "Nothing comes from your sensor. Is it switched on, and close to its box?";
const PERMISSION_TROUBLE: Record<Exclude<MotionPermission, "granted">, TroubleCode> = {
  denied: "motion_denied",
  insecure: "motion_insecure",
  unsupported: "motion_unsupported",
};

export interface SensorActions {
  onState(state: StateMessage): void;
  onLine(words: string): void;
  onWatching(names: string[]): void;
  onTrouble(code: TroubleCode): void;
  /** Words to be spoken: the phone slept, and nobody looks at it. */
  onSlept(words: string): void;
  endSet(): void;
}

export class SensorSet {
  private readonly sensor = new MotionSensor((seconds) => this.slept(seconds));
  private readonly number = html("p", { class: "live__sensor-count", "aria-hidden": "true" }, "0");
  private readonly target = html("p", { class: "live__sensor-target muted" });
  private readonly works = html("p", { class: "live__advice", role: "status" }, "Looking for the sensor …");
  private source: MotionSource | null = null;
  private stream: MotionStream<StateMessage> | null = null;
  private placement = "";
  private worn: WornLine | null = null;
  private readonly unheard = html("div", { class: "stack", role: "status" });
  private unheardTimer = 0;
  private hasHeard = false;
  private current = "";
  private sleptWords = "";
  private sleptAtMs = -Infinity;
  private readyButton: HTMLButtonElement | null = null;

  constructor(
    /**
     * `worn`: where a worn sensor's count arrives, or "" when this phone is the sensor; `begin`: tells the server that a
     * set begins, so that a worn sensor hears where its movement belongs.
     */
    private readonly paths: { ws: string; worn: string; begin: string },
    private readonly actions: SensorActions,
  ) {}

  /** Call it inside the tap. */
  async start(): Promise<void> {
    if (this.paths.worn) return this.listenToWorn();
    const permission = await askMotionPermission();
    if (permission !== "granted") return this.actions.onTrouble(PERMISSION_TROUBLE[permission]);
    this.source = await this.sensor.start((frames) => this.take(frames));
    if (!this.source) return this.actions.onTrouble("no_motion");
    setText(this.works, "The sensor works.");
    if (this.readyButton) this.readyButton.disabled = false;
  }

  private listenToWorn(): void {
    this.worn = new WornLine(
      this.paths.worn,
      (set, state) => {
        if (set === this.current) this.actions.onState(state);
      },
      (isUp) => this.actions.onLine(isUp ? "" : "The connection is lost. Your sensor keeps what you do."),
    );
  }

  /** A sensor that sends by itself knows where it sits. */
  private wornCard(start: () => void, tap: () => void): HTMLElement {
    return html(
      "div",
      { class: "card live__card stack", "data-helper": "worn" },
      html("h2", {}, "Put your sensor on"),
      html("p", {}, "Wear it where your therapist showed you, and leave it switched on."),
      html(
        "button",
        { class: "button button--primary button--large button--wide", type: "button", onclick: start },
        "It is in place",
      ),
      html("button", { class: "button button--quiet button--wide", type: "button", onclick: tap }, TAP_INSTEAD),
    );
  }

  /** Where the phone goes for this set. */
  placeCard(set: SetConfig, actions: { start(): void; tap(): void }): HTMLElement {
    if (this.paths.worn) return this.wornCard(actions.start, actions.tap);
    const places = set.sensor ?? [];
    if (!places.some((place) => place.placement === this.placement)) this.placement = places[0]?.placement ?? "";
    const words = html("p", {}, this.placeWords(places));
    this.readyButton = html(
      "button",
      { class: "button button--primary button--large button--wide", type: "button", onclick: () => actions.start() },
      "It is in place",
    );
    this.readyButton.disabled = !this.source;
    return html(
      "div",
      { class: "card live__card stack", "data-helper": "sensor" },
      html("h2", {}, "Put the phone in place"),
      places.length > 1 ? this.placeChoice(places, words) : "",
      words,
      html(
        "p",
        { class: "notice" },
        "The screen must stay on: a phone that sleeps feels nothing. We keep it on. Do not press the side button.",
      ),
      this.works,
      this.readyButton,
      html(
        "button",
        { class: "button button--quiet button--wide", type: "button", onclick: () => actions.tap() },
        TAP_INSTEAD,
      ),
    );
  }

  private placeChoice(places: SensorPlace[], words: HTMLElement): HTMLElement {
    const list = html("select", { class: "input", "aria-label": "Where the phone is" });
    for (const place of places) list.append(html("option", { value: place.placement }, place.name));
    list.value = this.placement;
    list.addEventListener("change", () => {
      this.placement = list.value;
      setText(words, this.placeWords(places));
    });
    return list;
  }

  private placeWords(places: SensorPlace[]): string {
    return places.find((place) => place.placement === this.placement)?.words ?? "";
  }

  /** Opens the line; frames from now on belong to the set, so that it begins with a moment of stillness. */
  open(set: SetConfig): void {
    this.current = set.ref;
    setText(this.number, "0");
    setText(this.target, set.target_repetitions ? `of ${set.target_repetitions}` : "");
    this.sleptWords = "";
    this.stream?.close();
    if (this.paths.worn) void this.beginWorn(set);
    if (!this.source) return;
    this.stream = new MotionStream<StateMessage>(
      this.paths.ws.replace("{set}", set.ref),
      motionHeader(this.source, this.placement),
      {
        onState: (state) => this.actions.onState(state),
        onLine: (isUp) => this.actions.onLine(isUp ? "" : trouble("line_lost").words),
        onWatching: (names) => this.actions.onWatching(names),
        onTrouble: (code) => this.actions.onTrouble(code),
      },
    );
  }

  private async beginWorn(set: SetConfig): Promise<void> {
    this.hasHeard = false;
    window.clearTimeout(this.unheardTimer);
    while (this.worn && this.current === set.ref) {
      const answer = await postJson(this.paths.begin.replace("{set}", set.ref), { count: 0 }).catch(() => null);
      if (answer && answer.status < 500) break;
      await new Promise((resolve) => window.setTimeout(resolve, BEGIN_AGAIN_MS));
    }
  }

  /** A number to be seen at arm's length, and a button that a pocket cannot press by accident. */
  countPanel(tap: () => void): HTMLElement {
    const panel = html(
      "div",
      { class: "card live__card live__sensor stack" },
      this.number,
      this.target,
      holdButton("Hold to end this set", () => this.actions.endSet()),
    );
    if (!this.paths.worn) return panel;
    this.unheard.replaceChildren();
    panel.insertBefore(this.unheard, panel.lastElementChild);
    this.unheardTimer = window.setTimeout(() => this.sayUnheard(tap), UNHEARD_AFTER_MS);
    return panel;
  }

  /** A sensor that says nothing must not be trusted in silence. */
  private sayUnheard(tap: () => void): void {
    if (this.hasHeard || !this.worn) return;
    this.unheard.replaceChildren(
      html("p", { class: "notice notice--warning" }, UNHEARD),
      html("button", { class: "button button--large button--wide", type: "button", onclick: tap }, TAP_INSTEAD),
    );
    this.actions.onSlept("Your sensor sends nothing. Look at the screen.");
  }

  show(state: StateMessage, set: SetConfig | null): void {
    this.hasHeard = true;
    this.unheard.replaceChildren();
    setText(this.number, String(state.count));
    setHidden(this.target, !set?.target_repetitions);
  }

  /** What to say below the number for a while: the phone slept. */
  get note(): string {
    return performance.now() - this.sleptAtMs < SAY_SLEPT_MS ? this.sleptWords : "";
  }

  async end(): Promise<void> {
    await this.stream?.end();
    this.stream = null;
  }

  stop(): void {
    this.sensor.stop();
    window.clearTimeout(this.unheardTimer);
    this.worn?.close();
    this.worn = null;
    this.stream?.close();
    this.stream = null;
  }

  private take(frames: MotionFrame[]): void {
    this.stream?.push(frames);
  }

  private slept(seconds: number): void {
    if (!this.stream) return;
    this.sleptAtMs = performance.now();
    this.sleptWords = `The phone slept for ${Math.round(seconds)} seconds. What you did then is not counted.`;
    this.actions.onLine(this.sleptWords);
    this.actions.onSlept("The phone was asleep. Keep the screen on.");
  }
}

/** A button for a finger that stays on it; a keyboard or a screen reader presses it as any other. */
function holdButton(words: string, act: () => void): HTMLButtonElement {
  const button = html("button", { class: "button button--large button--wide live__hold", type: "button" }, words);
  let timer = 0;
  const release = (): void => {
    window.clearTimeout(timer);
    button.classList.remove("live__hold--down");
  };
  button.addEventListener("pointerdown", () => {
    button.classList.add("live__hold--down");
    timer = window.setTimeout(act, HOLD_TO_END_MS);
  });
  for (const name of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(name, release);
  button.addEventListener("click", (event) => {
    if (event.detail === 0) act();
  });
  return button;
}
