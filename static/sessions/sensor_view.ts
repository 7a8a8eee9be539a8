/** The screen while the phone measures: what to do, the time, whether it feels you, Stop and Done. */

import { html, setHidden, setText, svg } from "../shared/elements";
import { CountRing } from "./ring_view";
import { sayElapsed, type TestConfig } from "./sensor_data";
import type { SensorTrouble } from "./sensor_trouble_data";

export interface SensorActions {
  stop(): void;
  done(): void;
  moreTime(): void;
  cancel(): void;
  toggleVoice(): boolean;
  finishWithout(): void;
}

const ASK_AGAIN_MS = 6000;

export class SensorScreen {
  readonly element: HTMLElement;
  private readonly title = html("p", { class: "measure__title" });
  private readonly big = html("p", { class: "measure__big", role: "timer", "aria-live": "off" });
  private readonly words = html("p", { class: "measure__words", role: "status", "aria-live": "polite" });
  private readonly line = html("p", { class: "measure__line", role: "alert", hidden: true });
  private readonly screenLine = html("p", { class: "measure__line measure__line--quiet", hidden: true });
  private readonly ring = new CountRing();
  private readonly pulse = svg("circle", { class: "measure__pulse", cx: 50, cy: 50, r: 12 });
  private readonly progress = html("progress", { class: "progress measure__progress", "aria-label": "Sending" });
  private readonly feels = html("p", { class: "measure__feels" });
  private readonly feelSign: HTMLElement;
  private readonly more: HTMLButtonElement;
  private readonly done: HTMLButtonElement;
  private readonly cancel: HTMLButtonElement;
  private readonly without: HTMLButtonElement;
  private readonly voice: HTMLButtonElement;
  private askTimer = 0;

  constructor(config: TestConfig, actions: SensorActions) {
    const stop = html("a", { class: "measure__stop", href: config.urls.stop }, "Something is wrong");
    stop.addEventListener("click", () => actions.stop());
    const button = (look: string, words: string, act: () => void): HTMLButtonElement =>
      html("button", { class: `button ${look}`, type: "button", onclick: act }, words);
    this.more = button("button--wide", "I need more time", () => actions.moreTime());
    this.cancel = button("button--quiet button--wide", "Go back", () => actions.cancel());
    this.without = button("button--wide", "Finish with what was sent", () => actions.finishWithout());
    this.done = button("button--primary measure__done", "Done", () => this.askOrFinish(actions));
    this.voice = button("button--quiet measure__voice", "Voice on", () => this.showVoice(actions.toggleVoice()));
    this.feelSign = html(
      "div",
      { class: "measure__feel" },
      svg("svg", { viewBox: "0 0 100 100", class: "measure__sign", "aria-hidden": "true" }, this.pulse),
      this.feels,
    );
    setText(this.title, config.title);
    this.element = html(
      "section",
      { class: "measure", "aria-label": config.title },
      html("div", { class: "measure__top" }, this.title, this.voice),
      this.line,
      html("div", { class: "measure__middle" }, this.big, this.ring.element, this.words, this.progress, this.feelSign),
      this.screenLine,
      html(
        "div",
        { class: "measure__bottom" },
        this.more,
        this.cancel,
        this.without,
        html("div", { class: "measure__ends" }, stop, this.done),
      ),
    );
    setHidden(this.without, true);
    this.showVoice(config.voice);
  }

  private askOrFinish(actions: SensorActions): void {
    if (this.done.dataset["asked"] === "yes") return actions.done();
    // A waistband taps too: one tap alone does not end a walk.
    this.done.dataset["asked"] = "yes";
    setText(this.done, "Tap again to finish");
    window.clearTimeout(this.askTimer);
    this.askTimer = window.setTimeout(() => {
      delete this.done.dataset["asked"];
      setText(this.done, "Done");
    }, ASK_AGAIN_MS);
  }

  showPhase(phase: "countdown" | "recording" | "sending"): void {
    this.element.dataset["phase"] = phase;
    setHidden(this.big, phase !== "countdown");
    setHidden(this.more, phase !== "countdown");
    setHidden(this.cancel, phase !== "countdown");
    setHidden(this.ring.element, phase !== "recording");
    setHidden(this.done, phase !== "recording");
    setHidden(this.feelSign, phase === "sending");
    setHidden(this.progress, phase !== "sending");
    if (phase === "sending") this.showWords("Well done. Sending your movement. Keep this page open.");
  }

  showWords(words: string): void {
    setText(this.words, words);
  }

  countdown(seconds: number): void {
    setText(this.big, String(seconds));
  }

  showTime(seconds: number, share: number, target: string): void {
    this.ring.show({ number: sayElapsed(seconds), target, share });
  }

  showFeeling(level: number, isMoving: boolean): void {
    this.pulse.setAttribute("r", String(Math.round(12 + 34 * level)));
    this.feelSign.classList.toggle("measure__feel--moving", isMoving);
    setText(this.feels, isMoving ? "The phone feels you moving" : "The phone is still");
  }

  showSilence(): void {
    this.showFeeling(0, false);
    setText(this.feels, "The phone feels nothing now");
  }

  /** One remark above everything; empty when all is well. */
  showLine(words: string): void {
    setText(this.line, words);
    setHidden(this.line, !words);
  }

  showScreenLine(words: string): void {
    setText(this.screenLine, words);
    setHidden(this.screenLine, !words);
  }

  offerToFinishWithout(): void {
    setHidden(this.without, false);
  }

  private showVoice(isOn: boolean): void {
    setText(this.voice, isOn ? "Voice on" : "Voice off");
    this.voice.setAttribute("aria-pressed", String(isOn));
  }
}

export function troubleScreen(trouble: SensorTrouble, actions: { retry(): void; backUrl: string }): HTMLElement {
  const card = html(
    "section",
    { class: "card stack sensor__trouble", role: "alert", tabindex: "-1", "data-trouble": trouble.code },
    html("h2", {}, trouble.title),
    html("p", {}, trouble.words),
  );
  if (trouble.cure.length > 1)
    card.append(html("ol", { class: "steps" }, ...trouble.cure.map((line) => html("li", {}, line))));
  else if (trouble.cure[0]) card.append(html("p", { class: "strong" }, trouble.cure[0]));
  if (trouble.retry)
    card.append(
      html(
        "button",
        { class: "button button--primary button--large button--wide", type: "button", onclick: () => actions.retry() },
        "Try again",
      ),
    );
  card.append(html("a", { class: "button button--wide", href: actions.backUrl }, "Back to My movement"));
  return card;
}
