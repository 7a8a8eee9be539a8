/** The two questions after a set, and the sentence that says why the next one is easier. */

import { html, setHidden, setText } from "../shared/elements";
import type { Adjustment, EffortChoice, Question } from "./answer_data";

/** A tap meant for something else must not answer a question that has just come up, or moved, under the finger. */
const ARMED_AFTER_MS = 600;
const FACES = "pain-faces";
const PAIN_ENDS = "0 is none, 10 the worst";

/** Both questions, each answered with one tap; either may be left out. */
export class AnswerQuestions {
  readonly element: HTMLElement;
  private readonly problem = html("p", { class: "error", role: "alert", hidden: true });
  private armedMs = 0;
  private tapped: Question | null = null;
  private readonly groups = new Map<Question, HTMLButtonElement[]>();

  constructor(
    choices: EffortChoice[],
    private readonly onAnswer: (question: Question, value: number) => void,
  ) {
    this.rearm();
    const effort = choices.map(({ value, words }) => this.button("effort", value, "button answer__effort", words));
    this.element = html(
      "div",
      { class: "stack answers" },
      this.group("effort", ["How hard was it?"], "answer__efforts", effort),
      this.group("pain", ["Any pain?", PAIN_ENDS], "pain-scale answer__faces", this.faces()),
      this.problem,
    );
  }

  /** Takes no tap for a moment: something above the questions has come or gone. */
  rearm(): void {
    this.armedMs = performance.now() + ARMED_AFTER_MS;
  }

  /** The answer that was tapped last could not be kept: it is taken back, and the words say so. */
  refuse(words: string): void {
    if (this.tapped) this.clear(this.tapped);
    this.showProblem(words);
  }

  private showProblem(words: string): void {
    setText(this.problem, words);
    setHidden(this.problem, words === "");
  }

  private clear(question: Question): void {
    for (const button of this.groups.get(question) ?? []) button.setAttribute("aria-pressed", "false");
  }

  private group(
    question: Question,
    [words, ends = ""]: string[],
    look: string,
    buttons: HTMLButtonElement[],
  ): HTMLElement {
    this.groups.set(question, buttons);
    const small = ends ? html("span", { class: "muted text-small" }, ` ${ends}`) : null;
    return html(
      "fieldset",
      { "data-question": question },
      html("legend", {}, words, small),
      html("div", { class: look }, ...buttons),
    );
  }

  private button(question: Question, value: number, look: string, ...content: (Node | string)[]): HTMLButtonElement {
    return html(
      "button",
      {
        class: look,
        type: "button",
        "aria-pressed": "false",
        "data-value": value,
        onclick: (event) => this.tap(question, value, event.currentTarget as HTMLElement),
      },
      ...content,
    );
  }

  /** The faces that the server drew for its forms. Buttons: arrow keys through radios would send each on the way. */
  private faces(): HTMLButtonElement[] {
    const drawn = document.querySelector<HTMLTemplateElement>(`#${FACES}`)?.content;
    return [...(drawn?.querySelectorAll(".pain-scale__choice") ?? [])].map((choice, value) => {
      const content = [...choice.children].filter((child) => child.tagName !== "INPUT");
      return this.button("pain", value, choice.className, ...content.map((child) => child.cloneNode(true)));
    });
  }

  private tap(question: Question, value: number, pressed: HTMLElement): void {
    if (performance.now() < this.armedMs) return;
    this.showProblem("");
    this.clear(question);
    this.tapped = question;
    pressed.setAttribute("aria-pressed", "true");
    this.onAnswer(question, value);
  }
}

/** One sentence, and the way to decline. */
export class AdjustmentNotice {
  readonly element: HTMLElement;
  private readonly words = html("p", { role: "status", "aria-live": "polite" });
  private shown: Adjustment | null = null;

  constructor(keep: (set: string) => void) {
    this.element = html(
      "div",
      { class: "notice answer__notice stack stack--tight", hidden: true },
      this.words,
      html(
        "button",
        { class: "button", type: "button", onclick: () => this.shown && keep(this.shown.set) },
        "Keep it as planned",
      ),
    );
  }

  /** Says whether something else is shown than before. */
  show(adjustment: Adjustment | null): boolean {
    const isNew = adjustment?.words !== this.shown?.words;
    this.shown = adjustment;
    setText(this.words, adjustment?.words ?? "");
    setHidden(this.element, adjustment === null);
    return isNew;
  }
}
