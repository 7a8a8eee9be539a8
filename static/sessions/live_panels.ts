/** The cards that lie on the live screen before, between and after the sets. */

import { html, setText } from "../shared/elements";
import type { StopWords } from "./answer_data";
import { type Mode, saySide, sayTarget, type SetConfig } from "./flow_data";
import type { Check } from "./framing_data";
import type { Trouble } from "./trouble_data";

export interface Choice {
  mode: Mode;
  words: string;
}

/** `notice`: what is easier than planned, on a page that was loaded anew. */
export function welcomeCard(
  set: SetConfig,
  choices: Choice[],
  choose: (mode: Mode) => void,
  notice: HTMLElement | null,
): HTMLElement {
  const exercise = set.exercise;
  const card = html("div", { class: "card live__card live__card--welcome stack" });
  card.append(
    html("h2", {}, exercise.name),
    html("p", { class: "muted" }, [saySide(set.side), sayTarget(set)].filter(Boolean).join(" · ")),
  );
  if (notice) card.append(notice);
  const figure = figureOf(exercise.figure);
  if (figure) card.append(figure);
  if (exercise.instructions?.length)
    card.append(html("ol", {}, ...exercise.instructions.map((line) => html("li", {}, line))));
  const films = choices[0]?.mode !== "sensor" && choices[0]?.mode !== "worn";
  if (exercise.camera && films) card.append(html("p", { class: "notice" }, exercise.camera));
  choices.forEach((choice, index) => {
    const look = index === 0 ? "button button--primary button--large button--wide" : "button button--wide";
    card.append(
      html(
        "button",
        { class: look, type: "button", "data-mode": choice.mode, onclick: () => choose(choice.mode) },
        choice.words,
      ),
    );
  });
  card.append(
    html(
      "p",
      { class: "muted text-small" },
      films
        ? "The picture stays on this device. Only the positions of your joints are sent."
        : "Only how the sensor moves is sent and kept, no place and no sound.",
    ),
  );
  return card;
}

function figureOf(keyframes: unknown): HTMLElement | null {
  if (!keyframes) return null;
  const figure = document.createElement("pl-figure") as HTMLElement & { keyframes?: unknown };
  figure.className = "live__figure";
  figure.keyframes = keyframes;
  return figure;
}

/** Ticks that change while the person moves; updated in place, so that a screen reader hears only changes. */
export class HelperCard {
  readonly element: HTMLElement;
  private readonly list = html("ul", { class: "ticks" });
  private readonly advice = html("p", { class: "live__advice", role: "status", "aria-live": "polite" });
  private readonly items = new Map<string, { item: HTMLElement; state: HTMLElement }>();

  constructor(set: SetConfig, actions: { start(): void; tap(): void }) {
    const camera = set.exercise.camera ? html("p", { class: "muted" }, set.exercise.camera) : null;
    this.element = html(
      "div",
      { class: "card live__card live__card--side stack" },
      html("h2", {}, "Place the camera"),
      camera,
      this.list,
      this.advice,
      html(
        "button",
        { class: "button button--primary button--large button--wide", type: "button", onclick: () => actions.start() },
        "Start now",
      ),
      html(
        "button",
        { class: "button button--quiet button--wide", type: "button", onclick: () => actions.tap() },
        "Count by tapping instead",
      ),
    );
  }

  waiting(words: string): void {
    setText(this.advice, words);
  }

  show(checks: Check[]): void {
    for (const check of checks) {
      const { item, state } = this.itemFor(check);
      item.classList.toggle("ticks__item--ok", check.ok);
      setText(state, check.ok ? "yes" : "not yet");
    }
    const first = checks.find((check) => !check.ok);
    setText(
      this.advice,
      first ? first.words || "Hold still for a moment." : "All good. Hold still, we start by ourselves.",
    );
  }

  private itemFor(check: Check): { item: HTMLElement; state: HTMLElement } {
    const known = this.items.get(check.code);
    if (known) return known;
    const state = html("span", { class: "visually-hidden" });
    const item = html("li", { class: "ticks__item" }, html("span", {}, check.name), " ", state);
    this.list.append(item);
    const entry = { item, state };
    this.items.set(check.code, entry);
    return entry;
  }
}

export function troubleCard(trouble: Trouble, actions: { retry(): void; tap(): void; leaveUrl: string }): HTMLElement {
  const card = html(
    "div",
    { class: "card live__card stack", role: "alert", "data-trouble": trouble.code },
    html("h2", {}, trouble.title),
    html("p", {}, trouble.words),
  );
  if (trouble.retry)
    card.append(
      html(
        "button",
        { class: "button button--primary button--large button--wide", type: "button", onclick: () => actions.retry() },
        "Try again",
      ),
    );
  if (trouble.code === "line_refused")
    card.append(
      html("a", { class: "button button--primary button--large button--wide", href: actions.leaveUrl }, "Go on"),
    );
  else
    card.append(
      html(
        "button",
        { class: "button button--wide", type: "button", onclick: () => actions.tap() },
        "Count by tapping instead",
      ),
    );
  return card;
}

/** Too much pain: fixed words, and the questions of Stop behind one button. */
export function stopCard(stop: StopWords, url: string): HTMLElement {
  return html(
    "div",
    { class: "card live__card stack", role: "alert", "data-stopped": true },
    html("h2", {}, stop.title),
    html("p", {}, stop.words),
    html(
      "a",
      { class: "button button--danger button--filled button--large button--wide", href: url },
      "Say what is wrong",
    ),
  );
}

export function waitingCard(title: string, words: string): HTMLElement {
  return html(
    "div",
    { class: "card live__card stack", role: "status" },
    html("h2", {}, title),
    html("p", { class: "muted" }, words),
    html("progress", { class: "progress", "aria-label": title }),
  );
}

export function doneCard(url: string): HTMLElement {
  return html(
    "div",
    { class: "card live__card stack", role: "status" },
    html("h2", {}, "Well done"),
    html("p", {}, "All sets are saved."),
    html("a", { class: "button button--primary button--large button--wide", href: url }, "Go on"),
  );
}
