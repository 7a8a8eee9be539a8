/** `<pl-session-review>`: the replay on the left, the curve on the right, the worst beside the best below. */

import { html, setText } from "../shared/elements";
import { readConfig } from "../shared/page";
import { Comparison } from "./compare_view";
import { AngleCurve } from "./curve_view";
import type { Motion } from "./frame_data";
import { ReplayCanvas } from "./replay_view";
import {
  CLASS_NAMES,
  CLASS_WORDS,
  faultsOf,
  frameAt,
  frameTimes,
  neighbour,
  placeOf,
  Playback,
  repetitionAt,
  type Repetition,
  type ReviewSet,
  sayRepetition,
} from "./review_data";
import { fetchMotion } from "./sample_view";

const SPEEDS = [0.25, 0.5, 1, 1.5];
const TOKENS = {
  correct: "--correct",
  mild: "--mild",
  significant: "--significant",
  not_scored: "--not-scored",
} as const;
const LEGEND = ["correct", "mild", "significant", "not_scored"] as const;

export class SessionReview extends HTMLElement {
  private sets: ReviewSet[] = [];
  private set: ReviewSet | null = null;
  private motion: Motion | null = null;
  private times: number[] = [];
  private playback = new Playback(0);
  private curve: AngleCurve | null = null;
  private frame = 0;
  private drawnFrame = -1;
  private readonly wantsLessMotion = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  private readonly replay = new ReplayCanvas("The recorded movement, drawn as a skeleton");
  private readonly comparison = new Comparison();
  private readonly chart = html("div", { class: "curve__plot" });
  private readonly caption = html("p", { class: "muted text-small" });
  private readonly marks = html("div", { class: "review__marks", role: "group", "aria-label": "Jump to a repetition" });
  private readonly now = html("p", { class: "review__now", role: "status" });
  private readonly notes = html("div", { class: "stack stack--tight" });
  private readonly clock = html("span", { class: "review__clock" });
  private readonly scrubber = html("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.01,
    value: 0,
    "aria-label": "Position in the set",
  });
  private readonly playButton = html(
    "button",
    { class: "button button--primary review__play", type: "button" },
    "Play",
  );
  private readonly loopButton = html(
    "button",
    { class: "chip", type: "button", "aria-pressed": "false" },
    "Repeat this one",
  );
  private readonly speed = html("select", { class: "input review__speed", "aria-label": "Speed" });
  private readonly compareCard = html(
    "section",
    { class: "card stack" },
    html("h2", {}, "Worst beside best"),
    this.comparison.element,
  );

  connectedCallback(): void {
    this.sets = readConfig<{ sets: ReviewSet[] }>(this.getAttribute("config") ?? "review-config").sets;
    const asked = placeOf(location.hash, this.sets);
    const first = asked?.set ?? this.sets[0];
    if (!first) return;
    this.build([...this.childNodes]);
    this.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("hashchange", this.onHash);
    void this.choose(first, asked?.repetition ?? null);
    if (asked) this.scrollIntoView();
    const draw = (nowMs: number) => {
      this.drawMoment(nowMs / 1000);
      this.frame = requestAnimationFrame(draw);
    };
    this.frame = requestAnimationFrame(draw);
  }

  disconnectedCallback(): void {
    cancelAnimationFrame(this.frame);
    window.removeEventListener("hashchange", this.onHash);
    this.curve?.destroy();
  }

  private build(serverRendered: Node[]): void {
    for (const speed of SPEEDS) this.speed.append(html("option", { value: speed, selected: speed === 1 }, `${speed}×`));
    this.playButton.addEventListener("click", () => this.togglePlay());
    this.loopButton.addEventListener("click", () => this.toggleLoop());
    this.speed.addEventListener("change", () => (this.playback.speed = Number(this.speed.value)));
    this.scrubber.addEventListener("input", () => this.seek(Number(this.scrubber.value)));
    const legend = html(
      "div",
      { class: "row text-small" },
      ...LEGEND.map((kind) => html("span", { class: `state ${CLASS_NAMES[kind]}` }, CLASS_WORDS[kind])),
    );
    const table = html(
      "details",
      { class: "review__table stack" },
      html("summary", {}, "All repetitions as a table"),
      ...serverRendered,
    );
    this.replaceChildren(
      this.setChooser(),
      html(
        "div",
        { class: "review" },
        html(
          "section",
          { class: "card review__replay", "aria-label": "Replay" },
          this.replay.canvas,
          this.now,
          html("div", { class: "review__controls" }, this.playButton, this.scrubber, this.clock),
          html("div", { class: "row review__ways" }, this.speed, this.loopButton),
        ),
        html(
          "section",
          { class: "card review__curve stack", "aria-label": "Joint angle" },
          legend,
          html("figure", { class: "curve" }, this.chart, this.caption),
          this.marks,
          this.notes,
        ),
      ),
      this.compareCard,
      table,
    );
  }

  private setChooser(): HTMLElement {
    const chooser = html("div", {
      class: "row review__sets",
      role: "group",
      "aria-label": "Sets",
      hidden: this.sets.length < 2,
    });
    for (const set of this.sets) {
      const chip = html(
        "button",
        { class: "chip", type: "button", "data-set": set.ref, onclick: () => void this.choose(set) },
        set.label,
      );
      const faults = faultsOf(set.repetitions);
      if (faults) chip.append(" ", this.faultMark(faults.kind, faults.count));
      chooser.append(chip);
    }
    return chooser;
  }

  private faultMark(kind: Repetition["classification"], count: number): HTMLElement {
    const words = `${count} ${CLASS_WORDS[kind].toLowerCase()}`;
    return html("span", { class: `state ${CLASS_NAMES[kind]}`, title: words, "aria-label": words, role: "img" }, String(count));
  }

  /** An address on the same page that names another repetition. */
  private readonly onHash = (): void => {
    const asked = placeOf(location.hash, this.sets);
    if (!asked) return;
    void this.choose(asked.set, asked.repetition);
    this.scrollIntoView();
  };

  /** Shows one set, at `asked` where an address named a repetition; its recording is fetched when looked at. */
  private async choose(set: ReviewSet, asked: Repetition | null = null): Promise<void> {
    this.set = set;
    this.motion = null;
    this.drawnFrame = -1;
    for (const chip of this.querySelectorAll<HTMLElement>("[data-set]"))
      chip.setAttribute("aria-pressed", String(chip.dataset["set"] === set.ref));
    this.curve?.destroy();
    this.chart.replaceChildren();
    this.curve = new AngleCurve(this.chart, set, (timeS) => this.jump(timeS));
    const target = set.curve.target_deg;
    setText(
      this.caption,
      `${target ? `Pale band: the exercise's target, ${target[0]} to ${target[1]}${set.curve.unit}. ` : ""}${set.curve.source}`,
    );
    this.marks.replaceChildren(...set.repetitions.map((one) => this.mark(one, set)));
    this.notes.replaceChildren(...set.notes.map((words) => html("p", { class: "notice" }, words)));
    this.compareCard.hidden = true;
    this.classList.toggle("review--still", !set.frames_url);
    if (!set.frames_url) {
      if (asked) this.tell(asked.peak_s);
      else this.say("There is no recording of the body for this set. The curve and every repetition are kept.");
      return;
    }
    this.say("Loading the recording …");
    const motion = await fetchMotion(set.frames_url).catch(() => null);
    if (this.set !== set) return;
    if (motion?.frames.length) this.show(set, motion, asked);
    else
      this.say(
        motion
          ? "This set has no recording."
          : "The recording did not load. The results beside it are complete. Load the page again to try once more.",
      );
  }

  private mark(one: Repetition, set: ReviewSet): HTMLElement {
    const words = sayRepetition(one, set.curve.unit);
    return html(
      "button",
      {
        class: `review__mark state ${CLASS_NAMES[one.classification]}`,
        type: "button",
        title: words,
        "aria-label": words,
        onclick: () => this.jump(one.start_s),
      },
      String(one.index),
    );
  }

  private show(set: ReviewSet, motion: Motion, asked: Repetition | null): void {
    this.motion = motion;
    this.times = frameTimes(motion);
    const playback = new Playback(this.times[this.times.length - 1] ?? 0);
    playback.speed = Number(this.speed.value);
    this.playback = playback;
    this.scrubber.max = String(playback.durationS);
    this.replay.show(motion);
    const find = (index: number | null) => set.repetitions.find((one) => one.index === index);
    const [worst, best] = [find(set.worst), find(set.best)];
    this.compareCard.hidden = !worst || !best || worst === best;
    if (worst && best && worst !== best) this.comparison.show(worst, best, motion, this.times, set.curve.unit);
    if (this.wantsLessMotion) this.comparison.drawStill();
    this.seek(asked?.peak_s ?? worst?.start_s ?? 0);
  }

  private drawMoment(clockS: number): void {
    if (!this.motion || !this.set) return;
    this.playback.advance(clockS);
    if (!this.compareCard.hidden && !this.wantsLessMotion) this.comparison.draw(clockS, this.playback.speed);
    setText(this.playButton, this.playback.isPlaying ? "Pause" : "Play");
    const index = frameAt(this.times, this.playback.timeS);
    if (index === this.drawnFrame) return;
    this.drawnFrame = index;
    this.showNow(this.set, index);
  }

  private showNow(set: ReviewSet, index: number): void {
    const timeS = this.playback.timeS;
    const one = repetitionAt(set.repetitions, timeS);
    this.replay.draw(index, one ? TOKENS[one.classification] : "--accent");
    this.curve?.showTime(timeS);
    this.scrubber.value = String(timeS);
    this.scrubber.setAttribute("aria-valuetext", `${timeS.toFixed(1)} seconds`);
    setText(this.clock, `${timeS.toFixed(1)} / ${this.playback.durationS.toFixed(1)} s`);
    setText(this.now, one ? sayRepetition(one, set.curve.unit) : "Between repetitions");
    this.now.className = `review__now${one ? ` state ${CLASS_NAMES[one.classification]}` : " muted"}`;
    for (const [i, mark] of [...this.marks.children].entries())
      mark.classList.toggle("review__mark--now", set.repetitions[i] === one);
  }

  private seek(timeS: number): void {
    this.playback.seek(timeS);
    this.drawnFrame = -1;
    if (this.playback.loop) this.loopHere();
  }

  private say(words: string): void {
    setText(this.now, words);
    this.now.className = "review__now muted";
  }

  private jump(timeS: number): void {
    if (!this.motion) this.tell(timeS);
    this.seek(timeS);
    this.playback.play();
  }

  /** Without a recording a click still says which repetition it met. */
  private tell(timeS: number): void {
    const one = repetitionAt(this.set?.repetitions ?? [], timeS);
    this.curve?.showTime(timeS);
    this.say(one && this.set ? sayRepetition(one, this.set.curve.unit) : "Between repetitions");
  }

  private togglePlay(): void {
    if (this.playback.isPlaying) this.playback.pause();
    else this.playback.play();
  }

  private toggleLoop(): void {
    if (this.playback.loop) this.playback.loop = null;
    else this.loopHere();
    this.loopButton.setAttribute("aria-pressed", String(this.playback.loop !== null));
  }

  private loopHere(): void {
    const one = repetitionAt(this.set?.repetitions ?? [], this.playback.timeS);
    this.playback.loop = one ? { fromS: one.start_s, toS: one.end_s } : { fromS: 0, toS: this.playback.durationS };
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.closest("select, textarea, input:not([type=range]), a, summary")
    )
      return;
    const step = event.shiftKey ? 1 : 1 / 30;
    const onButton = target.closest("button") !== null;
    if (event.key === " " && !onButton) this.togglePlay();
    else if (event.key === "ArrowRight") this.seek(this.playback.timeS + step);
    else if (event.key === "ArrowLeft") this.seek(this.playback.timeS - step);
    else if (event.key === "n" || event.key === "p") this.jumpToNeighbour(event.key === "n" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  private jumpToNeighbour(step: 1 | -1): void {
    const one = neighbour(this.set?.repetitions ?? [], this.playback.timeS, step);
    if (one) this.seek(one.start_s);
  }
}
