/** The worst repetition beside the best, each from its start, over and over. */

import { html } from "../shared/elements";
import type { Motion } from "./frame_data";
import { ReplayCanvas } from "./replay_view";
import { CLASS_NAMES, CLASS_WORDS, frameAt, type Repetition } from "./review_data";

const PAUSE_S = 0.6;

class ComparedRepetition {
  readonly element: HTMLElement;
  private readonly replay: ReplayCanvas;

  constructor(
    title: string,
    private readonly one: Repetition,
    motion: Motion,
    private readonly times: number[],
    unit: string,
  ) {
    this.replay = new ReplayCanvas(`${title}: repetition ${one.index}`);
    this.replay.show(motion);
    const state = html("span", { class: `state ${CLASS_NAMES[one.classification]}` }, CLASS_WORDS[one.classification]);
    const angle = one.peak_deg === null ? "" : `Reached ${Math.round(one.peak_deg)}${unit}`;
    const why = one.findings.map((finding) => finding.words).join(" ") || one.reason;
    this.element = html(
      "figure",
      { class: "compare__one" },
      this.replay.canvas,
      html(
        "figcaption",
        {},
        html("strong", {}, `${title}, number ${one.index}`),
        state,
        html("span", { class: "muted" }, [angle, why].filter(Boolean).join(". ")),
      ),
    );
  }

  draw(clockS: number, speed: number): void {
    const duration = this.one.end_s - this.one.start_s;
    const at = Math.min(duration, (clockS * speed) % (duration + PAUSE_S * speed));
    this.replay.draw(frameAt(this.times, this.one.start_s + at), TOKEN[this.one.classification]);
  }

  drawPeak(): void {
    this.replay.draw(frameAt(this.times, this.one.peak_s), TOKEN[this.one.classification]);
  }
}

const TOKEN = {
  correct: "--correct",
  mild: "--mild",
  significant: "--significant",
  not_scored: "--not-scored",
} as const;

export class Comparison {
  readonly element = html("div", { class: "compare" });
  private parts: ComparedRepetition[] = [];

  show(worst: Repetition, best: Repetition, motion: Motion, times: number[], unit: string): void {
    this.parts = [
      new ComparedRepetition("Worst", worst, motion, times, unit),
      new ComparedRepetition("Best", best, motion, times, unit),
    ];
    this.element.replaceChildren(...this.parts.map((part) => part.element));
  }

  draw(clockS: number, speed: number): void {
    for (const part of this.parts) part.draw(clockS, speed);
  }

  /** For people who want less motion: both at their deepest point. */
  drawStill(): void {
    for (const part of this.parts) part.drawPeak();
  }
}
