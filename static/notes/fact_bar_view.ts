/** The bar below the text: what the chosen words are, and the ways to say it otherwise. */

import { html } from "../shared/elements";
import type { EditorConfig } from "./editor_config";
import { type Fact, type FactBook, type FindingWords, type Links } from "./facts_data";
import { sayWho } from "./facts_view";
import type { Stretch } from "./marks_text_data";

const SHOWN_WORDS = 40;
const HINT = "Select words to mark them, or choose a mark to change it. Alt+M leads here from the text.";
const LINK_FIELDS: Record<string, [string, string][]> = {
  range: [["side", "Side"], ["region", "Body part"], ["motion", "Movement"]],
  strength: [["side", "Side"], ["region", "Body part"], ["motion", "Movement"]],
  pain: [["side", "Side"], ["region", "Body part"]],
  score: [["measure", "Measure"]],
};

export interface BarHandlers {
  mark(place: Stretch, label: string): void;
  relabel(fact: Fact, label: string): void;
  assert(fact: Fact, assertion: string): void;
  link(fact: Fact, links: Links): void;
  confirm(fact: Fact): void;
  remove(fact: Fact): void;
  undo(): void;
  leave(): void;
}

export class FactBar {
  private place: Stretch | null = null;
  private fact: Fact | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly config: EditorConfig,
    private readonly book: FactBook,
    private readonly handlers: BarHandlers,
  ) {
    element.addEventListener("keydown", (event) => this.onKey(event));
  }

  showHint(): void {
    this.fact = this.place = null;
    this.element.replaceChildren(html("p", { class: "muted text-small fact-bar__hint" }, HINT), ...this.undoButton());
  }

  showSelection(place: Stretch): void {
    this.fact = null;
    this.place = place;
    this.element.replaceChildren(
      html("p", { class: "fact-bar__words" }, "Mark ", html("q", { dir: "auto" }, this.words(place)), " as"),
      this.labels(""),
      ...this.undoButton(),
    );
  }

  showFact(fact: Fact): void {
    // Somebody who fills in what a value belongs to keeps the fields.
    const isSame = this.fact?.start === fact.start && this.fact.end === fact.end && this.fact.label === fact.label;
    if (isSame && this.element.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement) return;
    this.place = null;
    this.fact = fact;
    const finding = this.book.findings.find((one) => one.start === fact.start && one.end === fact.end);
    this.element.replaceChildren(
      html(
        "div",
        { class: "row row--between fact-bar__head" },
        html("p", { class: "fact-bar__words" }, html("q", { dir: "auto" }, this.words(fact)), html("span", { class: "muted text-small" }, ` ${sayWho(fact)}`)),
        html("div", { class: "row" }, ...this.actions(fact), ...this.undoButton()),
      ),
      this.labels(fact.label),
      ...this.assertions(fact),
      ...(finding ? [this.linkForm(fact, finding)] : []),
    );
  }

  /** Lead the keyboard here; false when there is nothing to change. */
  focus(): boolean {
    const button = this.element.querySelector<HTMLElement>(".fact-bar__labels [aria-pressed='true'], .fact-bar__labels button");
    button?.focus();
    return Boolean(button);
  }

  private words(place: Stretch): string {
    const words = this.book.text.slice(place.start, place.end).replace(/\s+/g, " ");
    return words.length > SHOWN_WORDS ? `${words.slice(0, SHOWN_WORDS)}…` : words;
  }

  private labels(current: string): HTMLElement {
    const buttons = this.config.labels.map((one) =>
      html(
        "button",
        {
          class: `label-button mark--${one.tag.toLowerCase()}`,
          type: "button",
          "aria-pressed": String(one.label === current),
          "aria-keyshortcuts": one.key,
          onclick: () => this.choose(one.label),
        },
        html("kbd", { "aria-hidden": "true" }, one.key),
        one.name,
      ),
    );
    return html("div", { class: "fact-bar__labels", role: "group", "aria-label": "What the words are" }, ...buttons);
  }

  private assertions(fact: Fact): HTMLElement[] {
    const mayBeDenied = this.config.labels.find((one) => one.label === fact.label)?.may_be_denied;
    if (!mayBeDenied) return [];
    const buttons = this.config.assertions.map((one) =>
      html(
        "button",
        {
          class: "label-button",
          type: "button",
          "aria-pressed": String(one.assertion === fact.assertion),
          "aria-keyshortcuts": one.key,
          onclick: () => this.handlers.assert(fact, one.assertion),
        },
        html("kbd", { "aria-hidden": "true" }, one.key),
        one.name,
      ),
    );
    return [html("div", { class: "fact-bar__labels", role: "group", "aria-label": "Whether it is so" }, ...buttons)];
  }

  private linkForm(fact: Fact, finding: FindingWords): HTMLElement {
    const fields = (LINK_FIELDS[finding.kind] ?? []).map(([name, words]) => {
      const value = fact.links[name] ?? (finding as unknown as Links)[name] ?? "";
      const input = html("input", { class: "input fact-bar__link", name, value, maxlength: 60, autocomplete: "off", spellcheck: "false" });
      return html("label", { class: "fact-bar__field" }, words, input);
    });
    const form = html("div", { class: "fact-bar__links", role: "group", "aria-label": `What ${finding.value} belongs to` }, ...fields);
    form.addEventListener("change", () => this.handlers.link(fact, linksIn(form)));
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.handlers.link(fact, linksIn(form));
      this.handlers.leave();
    });
    return form;
  }

  private actions(fact: Fact): HTMLElement[] {
    const confirm = html("button", { class: "button button--quiet", type: "button", onclick: () => this.handlers.confirm(fact) }, "Confirm");
    const remove = html("button", { class: "button button--quiet", type: "button", onclick: () => this.handlers.remove(fact) }, "Not a fact");
    return fact.decided ? [remove] : [confirm, remove];
  }

  private undoButton(): HTMLElement[] {
    if (!this.book.canUndo) return [];
    return [html("button", { class: "button button--quiet", type: "button", onclick: () => this.handlers.undo() }, "Undo the last mark")];
  }

  private choose(label: string): void {
    if (this.fact) this.handlers.relabel(this.fact, label);
    else if (this.place) this.handlers.mark(this.place, label);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.preventDefault();
      this.handlers.leave();
      return;
    }
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const label = this.config.labels.find((one) => one.key === event.key);
    const assertion = this.config.assertions.find((one) => one.key === event.key.toLowerCase());
    if (label) this.choose(label.label);
    else if (this.fact && event.key === "Delete") this.handlers.remove(this.fact);
    else if (this.fact && assertion && this.mayBeDenied(this.fact)) this.handlers.assert(this.fact, assertion.assertion);
    else return;
    event.preventDefault();
  }

  private mayBeDenied(fact: Fact): boolean {
    return this.config.labels.some((one) => one.label === fact.label && one.may_be_denied);
  }
}

function linksIn(form: HTMLElement): Links {
  const inputs = [...form.querySelectorAll<HTMLInputElement>("input")];
  return Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()]).filter(([, value]) => value));
}
