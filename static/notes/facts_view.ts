/** The list of facts and findings beside the text: read, jumped to, and changed by keyboard. */

import { html } from "../shared/elements";
import type { EditorConfig, LabelWords } from "./editor_config";
import type { Fact, FactBook, FindingWords } from "./facts_data";

const EMPTY = "Pain, ranges, strength and scores appear here in words.";
const EMPTY_DRAFT =
  "Nothing here yet: what the draft took from the record is on the timeline already, under its own day. Pain, ranges, strength and scores that you write appear here.";

export interface FactHandlers {
  choose(fact: Fact): void;
  jump(fact: Fact): void;
  relabel(fact: Fact, label: string): void;
  assert(fact: Fact, assertion: string): void;
  confirm(fact: Fact): void;
  remove(fact: Fact): void;
}

export class FactsView {
  private readonly list = html("div", { class: "facts-list" });
  private readonly findings = html("ul", { class: "findings-list" });
  private shown = new Map<HTMLElement, Fact>();

  constructor(
    private readonly config: EditorConfig,
    private readonly book: FactBook,
    places: { facts: HTMLElement; findings: HTMLElement },
    private readonly handlers: FactHandlers,
  ) {
    places.facts.replaceChildren(this.list);
    places.findings.replaceChildren(this.findings);
    this.list.addEventListener("keydown", (event) => this.onKey(event));
  }

  show(chosen: Fact | null): void {
    const focused = this.focusedFact();
    this.shown = new Map();
    const facts = this.book.facts;
    const groups = this.config.labels
      .map((label) => ({ label, facts: facts.filter((fact) => fact.label === label.label) }))
      .filter((group) => group.facts.length);
    this.list.replaceChildren(...groups.map((group) => this.group(group.label, group.facts, chosen)));
    if (!groups.length) this.list.append(html("p", { class: "muted" }, "Facts appear here as you write."));
    this.showFindings();
    if (focused) this.focusOn(focused);
  }

  /** Where the keyboard goes on after a fact was removed or changed. */
  focusOn(fact: Pick<Fact, "start">): void {
    this.list.closest("details")?.setAttribute("open", "");
    const near = [...this.shown].find(([, one]) => one.start >= fact.start) ?? [...this.shown].at(-1);
    near?.[0].focus({ preventScroll: true });
  }

  private showFindings(): void {
    const { findings } = this.book;
    const lines = alike(findings).map(([finding, count]) => this.finding(finding, count));
    this.findings.replaceChildren(...lines);
    if (!lines.length) this.findings.append(html("li", { class: "muted" }, this.config.is_drafted ? EMPTY_DRAFT : EMPTY));
  }

  private finding(finding: FindingWords, count: number): HTMLElement {
    const fact = this.book.at(finding);
    const open = () => fact && this.handlers.jump(fact);
    const words = html("button", { class: "findings-list__words", type: "button", onclick: open }, finding.words);
    const unlinked = finding.unlinked && html("span", { class: "state state--mild text-small" }, "say what it belongs to");
    const times = count > 1 && html("span", { class: "muted text-small" }, `${count} times`);
    return html("li", {}, words, times, finding.goal && html("span", { class: "muted text-small" }, "goal"), unlinked);
  }

  private group(label: LabelWords, facts: Fact[], chosen: Fact | null): HTMLElement {
    const rows = facts.map((fact) => html("li", {}, this.row(fact, label, chosen)));
    const heading = html("h3", { class: "facts-list__label" }, label.name, " ", html("span", { class: "count" }, String(facts.length)));
    return html("section", {}, heading, html("ul", { class: "facts-list__rows" }, ...rows));
  }

  private row(fact: Fact, label: LabelWords, chosen: Fact | null): HTMLElement {
    const isChosen = chosen !== null && chosen.start === fact.start && chosen.end === fact.end;
    const assertion = this.config.assertions.find((one) => one.assertion === fact.assertion);
    const row = html(
      "button",
      {
        class: `facts-list__fact${isChosen ? " facts-list__fact--chosen" : ""}`,
        type: "button",
        "aria-pressed": String(isChosen),
        onclick: () => this.handlers.jump(fact),
      },
      html("span", { class: `mark-tag mark--${label.tag.toLowerCase()}`, "aria-hidden": "true" }, label.tag),
      html("span", { class: "facts-list__words", dir: "auto" }, this.book.text.slice(fact.start, fact.end)),
      assertion?.short ? html("span", { class: "facts-list__assertion" }, assertion.name) : null,
      html("span", { class: "facts-list__source muted" }, sayWho(fact)),
    );
    row.addEventListener("focus", () => this.handlers.choose(fact));
    this.shown.set(row, fact);
    return row;
  }

  private focusedFact(): Fact | null {
    const active = document.activeElement;
    return active instanceof HTMLElement ? (this.shown.get(active) ?? null) : null;
  }

  private onKey(event: KeyboardEvent): void {
    const fact = this.focusedFact();
    if (!fact || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.step(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Delete" || event.key === "Backspace") this.handlers.remove(fact);
    else if (event.key === "c") this.handlers.confirm(fact);
    else if (!this.onLetter(event.key, fact)) return;
    event.preventDefault();
  }

  private onLetter(key: string, fact: Fact): boolean {
    const label = this.config.labels.find((one) => one.key === key);
    const assertion = this.config.assertions.find((one) => one.key === key.toLowerCase());
    const mayBeDenied = this.config.labels.find((one) => one.label === fact.label)?.may_be_denied ?? false;
    if (label) this.handlers.relabel(fact, label.label);
    else if (assertion && mayBeDenied) this.handlers.assert(fact, assertion.assertion);
    else return false;
    return true;
  }

  private step(by: number): void {
    const rows = [...this.shown.keys()];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
  }
}

/** Each value once, with how often it is said; those that belong to nothing yet are each to be looked at. */
function alike(findings: readonly FindingWords[]): [FindingWords, number][] {
  const groups = new Map<string, [FindingWords, number]>();
  for (const finding of findings) {
    const key = finding.unlinked ? `${finding.start}` : `${finding.words}|${finding.goal}`;
    const [first, count] = groups.get(key) ?? [finding, 0];
    groups.set(key, [first, count + 1]);
  }
  return [...groups.values()];
}

export function sayWho(fact: Fact): string {
  if (fact.marked) return "marked by you";
  return fact.decided ? "confirmed" : "found";
}
