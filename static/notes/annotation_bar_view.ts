import { html } from "../shared/elements";
import type { SpanEditor } from "./annotation_editor_view";
import type { Assertion, Command, Label } from "./annotation_keys_data";

type Run = (command: Command) => void;

/** Labels, answers and steps as buttons, for fingers and as a reminder of the keys. */
export class LabelBar {
  readonly element: HTMLElement;
  private readonly now = html("p", { class: "bar__now", role: "status", "aria-live": "polite" });
  private readonly labelButtons: [string, HTMLButtonElement][];
  private readonly assertionButtons: [string, HTMLButtonElement][];
  private readonly acceptButton: HTMLButtonElement;
  private readonly acceptAllButton: HTMLButtonElement;
  private readonly removeButton: HTMLButtonElement;
  private readonly undoButton: HTMLButtonElement;
  private readonly reachButton: HTMLButtonElement;

  constructor(
    private readonly labels: readonly Label[],
    assertions: readonly Assertion[],
    private readonly editor: () => SpanEditor,
  ) {
    const run: Run = (command) => editor().run(command);
    this.labelButtons = labels.map((one) => [one.code, this.labelButton(one, run)]);
    this.assertionButtons = assertions.map((one) => [
      one.code,
      button("bar__answer", `${one.name}`, () => run({ kind: "assert", code: one.code }), one.key),
    ]);
    this.acceptButton = button("button--primary", "Accept", () => run({ kind: "accept" }), "Enter");
    this.removeButton = button("", "Remove", () => run({ kind: "reject" }), "⌫");
    this.acceptAllButton = button("button--quiet", "Accept all of this label", () => this.acceptAll(run));
    this.undoButton = button("button--quiet", "Undo", () => run({ kind: "undo" }), "u");
    this.reachButton = button("button--quiet", "To another word", () => this.reach());
    this.element = this.build(run);
  }

  /** Shows what is chosen and which buttons mean something now. */
  update(editor: SpanEditor): void {
    const item = editor.item;
    const label = this.labels.find((one) => one.code === item?.span.label);
    const words = editor.chosenWords();
    this.now.textContent = words ? `${item?.isProposal ? "Proposal: " : ""}“${shortened(words)}”${label ? `, ${label.name}` : ""}` : "Choose words in the text.";
    for (const [code, one] of this.labelButtons) {
      one.setAttribute("aria-disabled", String(!words));
      one.setAttribute("aria-pressed", String(code === item?.span.label));
    }
    for (const [code, one] of this.assertionButtons) {
      one.setAttribute("aria-disabled", String(!label?.asserted));
      one.setAttribute("aria-pressed", String(Boolean(label?.asserted) && code === item?.span.assertion));
    }
    this.acceptButton.disabled = this.acceptAllButton.disabled = !item?.isProposal;
    this.removeButton.disabled = !item;
    this.removeButton.firstChild!.textContent = item?.isProposal ? "Reject" : "Remove";
    this.undoButton.disabled = !editor.canUndo;
    this.reachButton.setAttribute("aria-pressed", String(editor.isReaching));
  }

  private build(run: Run): HTMLElement {
    const labels = html("div", { class: "bar__group bar__group--labels", role: "group", "aria-label": "Label" }, ...this.labelButtons.map(([, one]) => one));
    const group = (name: string, ...buttons: HTMLElement[]) =>
      html("div", { class: "bar__group", role: "group", "aria-label": name }, ...buttons);
    const edge = (words: string, at: "start" | "end", by: 1 | -1) => {
      const one = button("button--quiet bar__edge", words, () => run({ kind: "nudge", edge: at, by }));
      one.setAttribute("aria-label", `${at === "start" ? "Beginning" : "End"} one character ${by > 0 ? "on" : "back"}`);
      return one;
    };
    return html(
      "div",
      { class: "bar" },
      this.now,
      labels,
      group("Is it so?", ...this.assertionButtons.map(([, one]) => one)),
      group("Single characters", edge("⇤", "start", -1), edge("↦", "start", 1), edge("↤", "end", -1), edge("⇥", "end", 1)),
      group("Steps", this.acceptButton, this.removeButton, this.acceptAllButton, this.undoButton,
        button("button--quiet", "Previous", () => run({ kind: "go", by: -1 }), "p"),
        button("button--quiet", "Next", () => run({ kind: "go", by: 1 }), "n"),
        this.reachButton),
    );
  }

  private labelButton(label: Label, run: Run): HTMLButtonElement {
    const tag = html("span", { class: `mark-tag mark--${label.css}`, "aria-hidden": "true" }, label.tag);
    const one = button("bar__label", label.name, () => run({ kind: "label", code: label.code }), label.key);
    one.prepend(tag);
    one.title = label.help;
    return one;
  }

  private acceptAll(run: Run): void {
    const item = this.editor().item;
    if (item?.isProposal) run({ kind: "accept-all", code: item.span.label });
  }

  private reach(): void {
    const editor = this.editor();
    editor.isReaching = !editor.isReaching;
    this.update(editor);
  }
}

function button(classes: string, words: string, press: () => void, key = ""): HTMLButtonElement {
  const one = html("button", { type: "button", class: `button ${classes}`.trim() }, html("span", {}, words), key && html("kbd", {}, key));
  one.addEventListener("click", press);
  return one;
}

function shortened(words: string): string {
  return words.length > 60 ? `${words.slice(0, 40)} … ${words.slice(-15)}` : words;
}
