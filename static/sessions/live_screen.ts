/** The live screen: what fills it, and what lies on it. Knows nothing of cameras or sockets. */

import { html, setHidden, setText, svg } from "../shared/elements";
import type { LimbStates } from "./body_data";
import { saySide, sayTarget, type SessionFlow, type SetConfig } from "./flow_data";
import { type Placement, placePicture, type Size } from "./picture_data";
import { CountRing } from "./ring_view";
import { SeenPanel } from "./seen_view";
import type { StateMessage } from "./server_messages";
import { drawSkeleton, prepareCanvas, skeletonStyle, type SkeletonStyle } from "./skeleton_view";

export interface LiveActions {
  stop(): void;
  endSet(): void;
  toggleVoice(): boolean;
}

/** Room for the corner signs above the picture on a phone. */
const BELOW_THE_BAR = 96;

const STATE_CLASS: Record<string, string> = {
  correct: "state--correct",
  mild: "state--mild",
  significant: "state--significant",
  not_scored: "state--not-scored",
};

function speaker(): SVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true", class: "live__icon" },
    svg("path", { d: "M4 9v6h4l5 4V5L8 9z" }),
    svg("path", { d: "M16 8.5a5 5 0 010 7M18.5 6a8.5 8.5 0 010 12", class: "live__icon-waves" }),
    svg("path", { d: "M16.5 9.5l5 5m0-5l-5 5", class: "live__icon-off" }),
  );
}

export class LiveScreen {
  readonly video = html("video", { class: "live__video", playsinline: true, muted: true, "aria-hidden": "true" });
  readonly panel = html("div", { class: "live__panel" });
  private readonly canvas = html("canvas", { class: "live__skeleton", "aria-hidden": "true" });
  private readonly seen = new SeenPanel();
  private readonly ring = new CountRing();
  private readonly title = html("p", { class: "live__title" });
  private readonly subtitle = html("p", { class: "live__subtitle" });
  private readonly cue = html("p", { class: "live__cue", role: "status", "aria-live": "polite", hidden: true });
  private readonly last = html("p", { class: "live__last", hidden: true });
  private readonly line = html("p", { class: "live__line", role: "status", hidden: true });
  private readonly watching = html("p", { class: "live__watching", role: "status", hidden: true });
  private readonly dots = html("div", { class: "live__dots" });
  private readonly timer = html("p", { class: "live__timer", role: "timer", hidden: true });
  private readonly spokenCount = html("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  private readonly bigNumber = html("p", { class: "live__countdown", role: "timer", "aria-live": "off" });
  private readonly bigWords = html("p", { class: "live__countdown-words" });
  private readonly endButton: HTMLButtonElement;
  private readonly voiceButton: HTMLButtonElement;
  private readonly root: HTMLElement;
  private style: SkeletonStyle | null = null;

  constructor(host: HTMLElement, stopUrl: string, actions: LiveActions) {
    this.endButton = html(
      "button",
      { class: "button live__end", type: "button", onclick: () => actions.endSet() },
      "End this set",
    );
    this.voiceButton = html(
      "button",
      { class: "live__voice", type: "button", "aria-pressed": "true", "aria-label": "Voice" },
      speaker(),
    );
    this.voiceButton.addEventListener("click", () => this.showVoice(actions.toggleVoice()));
    const stop = html("a", { class: "live__stop", href: stopUrl }, "Stop");
    stop.addEventListener("click", () => actions.stop());
    this.video.muted = true;
    this.root = html(
      "div",
      { class: "live" },
      this.video,
      this.canvas,
      html(
        "div",
        { class: "live__top" },
        this.seen.element,
        html("div", { class: "live__names" }, this.title, this.subtitle),
        this.voiceButton,
      ),
      html("div", { class: "live__notes" }, this.cue, this.line, this.watching),
      html("div", { class: "live__edge" }, this.dots, this.timer),
      html(
        "div",
        { class: "live__bottom" },
        stop,
        this.endButton,
        html("div", { class: "live__counting" }, this.last, this.ring.element),
      ),
      this.panel,
      this.spokenCount,
    );
    host.replaceChildren(this.root);
  }

  /** Shows what belongs to the phase; everything else disappears. */
  showPhase(flow: SessionFlow): void {
    this.root.dataset["phase"] = flow.phase;
    this.root.dataset["mode"] = flow.counting;
    const set = flow.phase === "resting" ? flow.next : flow.current;
    if (set) this.showSet(set, flow);
    setHidden(this.endButton, flow.phase !== "moving");
    if (flow.phase !== "moving") {
      setHidden(this.cue, true);
      setHidden(this.last, true);
      setHidden(this.timer, true);
    }
  }

  private showSet(set: SetConfig, flow: SessionFlow): void {
    setText(this.title, set.exercise.name);
    const parts = [saySide(set.side), `Set ${set.set_number} of ${set.sets_total}`, sayTarget(set)];
    setText(this.subtitle, parts.filter(Boolean).join(" · "));
    const dots = flow.dots.map((dot) =>
      html("span", {
        class: `dots__dot${dot === "done" ? " dots__dot--done" : dot === "now" ? " dots__dot--now" : ""}`,
      }),
    );
    this.dots.replaceChildren(
      ...dots,
      html("span", { class: "visually-hidden" }, `Set ${set.set_number} of ${set.sets_total}`),
    );
  }

  showLimbs(limbs: LimbStates): void {
    this.seen.show(limbs);
  }

  showCount(count: number, set: SetConfig | null, share: number): void {
    this.ring.show({ number: count, target: set?.target_repetitions ? `of ${set.target_repetitions}` : "", share });
    setText(this.spokenCount, count ? `${count}` : "");
  }

  /** One line, one cue: not scored comes first, since advice on what nobody saw would be a guess. */
  showCue(state: Pick<StateMessage, "cue" | "not_scored">): void {
    const words = state.not_scored ? notScoredWords(state.not_scored.words) : (state.cue?.words ?? "");
    const kind = state.not_scored ? "not_scored" : (state.cue?.severity ?? "");
    setHidden(this.cue, words === "");
    setText(this.cue, words);
    this.cue.className = `live__cue${STATE_CLASS[kind] ? ` state ${STATE_CLASS[kind]}` : ""}`;
  }

  showLast(last: StateMessage["last"]): void {
    setHidden(this.last, !last?.words);
    if (!last) return;
    setText(this.last, last.words);
    this.last.className = `live__last state ${STATE_CLASS[last.classification] ?? ""}`;
  }

  showHold(holdS: number | null, targetS: number | null): void {
    setHidden(this.timer, holdS === null);
    if (holdS !== null)
      setText(
        this.timer,
        targetS ? `Hold ${Math.max(0, Math.ceil(targetS - holdS))} s` : `Held ${Math.floor(holdS)} s`,
      );
  }

  showLine(words: string): void {
    setHidden(this.line, words === "");
    setText(this.line, words);
  }

  showWatching(names: string[]): void {
    setHidden(this.watching, names.length === 0);
    setText(this.watching, names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} watching` : "");
  }

  showVoice(isOn: boolean): void {
    this.voiceButton.setAttribute("aria-pressed", String(isOn));
    this.voiceButton.title = isOn ? "Voice is on" : "Voice is off";
  }

  clearBody(): void {
    prepareCanvas(this.canvas);
  }

  /** Draws over the picture, or on the dark ground where there is none. */
  drawBody(image: Float32Array | null, picture: Size, options: { mirror: boolean; limbs: LimbStates }): void {
    const prepared = prepareCanvas(this.canvas);
    if (!prepared) return;
    const placement = this.place(picture, prepared);
    if (!image) return;
    this.style ??= skeletonStyle(this.root, Math.max(4, Math.min(prepared.width, prepared.height) / 110));
    drawSkeleton(prepared.context, image, {
      placement,
      mirror: options.mirror,
      limbs: options.limbs,
      style: this.style,
    });
  }

  private place(picture: Size, screen: Size): Placement {
    const placement = placePicture(picture, screen, { inset: BELOW_THE_BAR });
    this.video.style.objectFit = placement.fit;
    this.video.style.objectPosition = `50% ${placement.top}px`;
    return placement;
  }

  showPanel(...children: Node[]): void {
    this.panel.replaceChildren(...children);
    setHidden(this.panel, children.length === 0);
  }

  /** A number that fills the screen: get ready. */
  countdown(seconds: number, words: string): void {
    setText(this.bigNumber, String(seconds));
    setText(this.bigWords, words);
    if (this.panel.firstChild !== this.bigWords) this.showPanel(this.bigWords, this.bigNumber);
  }
}

function notScoredWords(words: string): string {
  return /not scored/i.test(words) ? words : `${words.replace(/\.$/, "")}, not scored`;
}
