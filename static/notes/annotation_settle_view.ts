import { readConfig } from "../shared/page";
import { html } from "../shared/elements";
import { SpanEditor } from "./annotation_editor_view";
import type { Assertion, Label } from "./annotation_keys_data";
import { CodePoints } from "./annotation_text_data";
import { LabelBar } from "./annotation_bar_view";

interface Config {
  readonly text: string;
  readonly places: readonly (readonly [number, number])[];
  readonly labels: readonly Label[];
  readonly assertions: readonly Assertion[];
}

const AROUND = 60;
const TAKES: Readonly<Record<string, string>> = { a: "a", b: "b", o: "own", x: "neither" };

/** `<pl-settle>`: a and b take a side, o opens an editor of one's own, n and p move. */
export class SettlePage extends HTMLElement {
  private config: Config | null = null;
  private text = new CodePoints("");

  connectedCallback(): void {
    this.config = readConfig<Config>("settle-config");
    this.text = new CodePoints(this.config.text);
    for (const one of this.querySelectorAll<HTMLElement>("[data-script-only]")) one.hidden = false;
    for (const one of this.querySelectorAll<HTMLElement>("[data-own]")) one.hidden = true;
    this.addEventListener("change", () => this.show());
    this.addEventListener("keydown", (event) => this.press(event));
    this.show();
    this.differences()[0]?.focus({ preventScroll: true });
  }

  private differences(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-difference]")];
  }

  /** Opens the editor where "own" is chosen, and tells how many are left. */
  private show(): void {
    let left = 0;
    for (const one of this.differences()) {
      const take = one.querySelector<HTMLInputElement>("input[type=radio]:checked")?.value;
      const isEmpty = one.querySelector<HTMLInputElement>("input[type=hidden]")?.value === "[]";
      left += !take || (take === "own" && isEmpty) ? 1 : 0;
      const own = one.querySelector<HTMLElement>("[data-own]");
      if (own) own.hidden = take !== "own";
      if (own && take === "own" && !own.querySelector("[data-editor]")) this.openEditor(one, own);
    }
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = left > 0 ? `${left} to decide` : "All decided. Ctrl+Enter settles.";
  }

  private openEditor(difference: HTMLElement, own: HTMLElement): void {
    const number = difference.dataset["difference"] ?? "";
    const place = this.config?.places[Number(number)];
    if (!this.config || !place) return;
    const host = html("div", { class: "settle__editor", role: "application", "aria-label": "Your own spans" });
    const sent = html("input", { type: "hidden", name: `own-${number}`, value: "[]" });
    let editor: SpanEditor | null = null;
    const bar = new LabelBar(this.config.labels, this.config.assertions, () => editor as SpanEditor);
    own.replaceChildren(html("div", { "data-editor": true, class: "stack stack--tight" }, bar.element, host, sent));
    editor = new SpanEditor(host, {
      text: this.text,
      shown: { start: this.border(place[0] - AROUND), end: this.border(place[1] + AROUND) },
      marks: { entities: [], rejected: [] },
      proposals: [],
      labels: this.config.labels,
      assertions: this.config.assertions,
      changed: (marks) => {
        sent.value = JSON.stringify(marks.entities);
        this.show();
      },
      moved: (moved) => bar.update(moved),
    });
    editor.choosePlace({ start: place[0], end: place[1] });
    editor.focus();
  }

  /** The nearest blank, so that no word is cut. */
  private border(point: number): number {
    let at = Math.max(0, Math.min(point, this.text.length));
    while (at > 0 && at < this.text.length && this.text.slice(at, at + 1).trim()) at -= 1;
    return at;
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      this.querySelector("form")?.requestSubmit();
      return;
    }
    const target = event.target as HTMLElement;
    const difference = target.closest<HTMLElement>("[data-difference]");
    if (!difference || event.ctrlKey || event.metaKey || event.altKey || target.matches("select, input:not([type=radio])")) return;
    const key = event.key.toLowerCase();
    if (key === "escape") difference.focus();
    else if (target.closest("[data-editor]")) return;
    else if (key === "n" || key === "p") this.go(difference, key === "n" ? 1 : -1);
    else if (TAKES[key]) this.take(difference, TAKES[key]);
    else return;
    event.preventDefault();
  }

  private take(difference: HTMLElement, what: string): void {
    const radio = difference.querySelector<HTMLInputElement>(`input[type=radio][value=${what}]`);
    if (!radio) return;
    radio.checked = true;
    this.show();
    if (what !== "own") this.go(difference, 1);
  }

  private go(from: HTMLElement, by: 1 | -1): void {
    const all = this.differences();
    const next = all[all.indexOf(from) + by];
    (next ?? from).focus();
    (next ?? from).scrollIntoView({ block: "nearest" });
  }
}
