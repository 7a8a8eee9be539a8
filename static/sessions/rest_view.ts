/** The pause after a set: the time left, how it was, what comes next and why. */

import { html, setText } from "../shared/elements";
import { sayDuration } from "../shared/moment_data";
import { postJson } from "../shared/page";
import { type Adjustment, AnswerQueue, type Changes, type EffortChoice } from "./answer_data";
import { AdjustmentNotice, AnswerQuestions } from "./answer_view";
import { saySide, sayTarget, type SetConfig } from "./flow_data";

export interface RestSettings {
  efforts: EffortChoice[];
  urls: { answer_set: string; keep_set: string };
}

export interface RestActions {
  onChanges(changes: Changes): void;
  say(words: string): void;
  skip(): void;
}

export class RestPause {
  readonly element: HTMLElement;
  private readonly time = html("p", { class: "live__rest-time", role: "timer" });
  private readonly nextWords = html("span", {});
  private readonly nextLabel = html("span", { class: "muted" });
  private readonly skip: HTMLButtonElement;
  private readonly questions: AnswerQuestions;
  private readonly notice: AdjustmentNotice;

  /** `done`: the set that is asked about. */
  constructor(
    done: SetConfig,
    settings: RestSettings,
    private readonly actions: RestActions,
  ) {
    const queue = new AnswerQueue(postJson, {
      onChanges: (changes) => actions.onChanges(changes),
      onProblem: (words) => this.questions.refuse(words),
    });
    const answerUrl = settings.urls.answer_set.replace("{set}", done.ref);
    this.questions = new AnswerQuestions(settings.efforts, (question, value) => {
      void queue.send(answerUrl, { [question]: value });
    });
    this.notice = new AdjustmentNotice((set) => {
      void queue.send(settings.urls.keep_set.replace("{set}", set), {});
    });
    this.skip = html("button", { class: "button button--large button--wide", type: "button", onclick: actions.skip });
    this.element = html(
      "div",
      { class: "card live__card live__card--rest stack" },
      html(
        "div",
        { class: "live__rest-head" },
        html("div", {}, html("h2", {}, "Rest"), html("p", {}, this.nextLabel, this.nextWords)),
        this.time,
      ),
      this.notice.element,
      this.questions.element,
      this.skip,
    );
  }

  /** What comes next, and why it is not what was planned; a new reason is also said. */
  show(next: SetConfig | null, adjustment: Adjustment | null): void {
    setText(this.nextLabel, next ? "Next: " : "That was the last set.");
    const words = next ? [next.exercise.name, saySide(next.side), sayTarget(next)] : [];
    setText(this.nextWords, words.filter(Boolean).join(" · "));
    setText(this.skip, next ? "Skip the rest" : "Go on");
    if (!this.notice.show(adjustment)) return;
    this.questions.rearm();
    if (!adjustment) return;
    this.actions.say(adjustment.words);
    this.nextWords.scrollIntoView({ block: "center" });
  }

  showLeft(seconds: number): void {
    setText(this.time, sayDuration(seconds));
  }
}

/** Why the next set is easier, beside the first card of a page that was loaded anew; null where it is as planned. */
export function keepNotice(config: RestSettings & { adjustment: Adjustment | null }): HTMLElement | null {
  if (!config.adjustment) return null;
  const notice = new AdjustmentNotice((set) => {
    const url = config.urls.keep_set.replace("{set}", set);
    // Whatever the answer is, the page as it is now tells.
    void postJson(url, {}).finally(() => window.location.reload());
  });
  notice.show(config.adjustment);
  return notice.element;
}
