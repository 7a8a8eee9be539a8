/** Phrases while typing: a list to choose from, and blanks to jump to. The text area keeps its focus. */

import { html, setHidden, setText } from "../shared/elements";
import type { Surface } from "./marks_surface_view";
import { exact, nextBlank, offered, type Phrase, typedShort } from "./phrases_data";

export class PhraseList {
  private readonly list = html("ul", { class: "phrase-list", id: "phrase-list", role: "listbox", "aria-label": "Phrases", hidden: true });
  private readonly told = html("p", { class: "visually-hidden", role: "status" });
  private shown: Phrase[] = [];
  private at = 0;
  /** After a phrase with blanks, Tab leads to the next one until Escape or the last. */
  private inBlanks = false;

  constructor(
    private readonly surface: Surface,
    private readonly phrases: readonly Phrase[],
    place: HTMLElement,
  ) {
    place.append(this.list, this.told);
    surface.area.setAttribute("aria-autocomplete", "list");
    surface.area.setAttribute("aria-controls", this.list.id);
    surface.area.addEventListener("blur", () => this.close());
  }

  /** After each change of the text or the caret. */
  look(): void {
    const { start, end } = this.surface.selection;
    const typed = start === end ? typedShort(this.surface.text, start) : null;
    this.shown = typed ? offered(this.phrases, this.surface.text.slice(typed.start + 1, typed.end)) : [];
    this.at = 0;
    if (!typed || !this.shown.length) return this.close();
    this.show();
    this.placeAt(typed.start);
  }

  /** True when the key was for the list or a blank. */
  onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "F2") return this.toBlank();
    if (!this.list.hidden && this.onListKey(event.key)) return true;
    if (event.key === "Escape" && this.inBlanks) {
      this.inBlanks = false;
      setText(this.told, "Tab leaves the text again.");
      return true;
    }
    if (event.key === " " || event.key === "Tab") return this.expandTyped() || (event.key === "Tab" && !event.shiftKey && this.inBlanks && this.toBlank());
    return false;
  }

  private onListKey(key: string): boolean {
    if (key === "ArrowDown" || key === "ArrowUp") {
      this.at = (this.at + (key === "ArrowDown" ? 1 : -1) + this.shown.length) % this.shown.length;
      this.show();
      return true;
    }
    if (key === "Escape") {
      this.close();
      return true;
    }
    if (key !== "Enter" && key !== "Tab") return false;
    const phrase = this.shown[this.at];
    return Boolean(phrase && this.insert(phrase));
  }

  private expandTyped(): boolean {
    const typed = typedShort(this.surface.text, this.surface.selection.start);
    const phrase = typed && exact(this.phrases, this.surface.text.slice(typed.start + 1, typed.end));
    return Boolean(phrase && this.insert(phrase));
  }

  private insert(phrase: Phrase): boolean {
    const typed = typedShort(this.surface.text, this.surface.selection.start);
    if (!typed) return false;
    this.close();
    this.surface.replace(typed, phrase.text);
    const blank = nextBlank(phrase.text, 0);
    this.inBlanks = blank !== null;
    if (blank) this.surface.reveal({ start: typed.start + blank.start, end: typed.start + blank.end });
    setText(this.told, blank ? "Inserted. Tab leads to the next blank, Escape ends that." : "Inserted.");
    return true;
  }

  private toBlank(): boolean {
    const blank = nextBlank(this.surface.text, this.surface.selection.end);
    if (!blank || (this.inBlanks && blank.start < this.surface.selection.start)) {
      this.inBlanks = false;
      return false;
    }
    this.surface.reveal(blank);
    return true;
  }

  private show(): void {
    const rows = this.shown.map((phrase, index) => {
      const row = html(
        "li",
        { class: "phrase-list__row", id: `phrase-${index}`, role: "option", "aria-selected": String(index === this.at) },
        html("strong", {}, `.${phrase.short}`),
        html("span", { class: "muted" }, phrase.text.replace(/\s+/g, " ").slice(0, 70)),
      );
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.insert(phrase);
      });
      return row;
    });
    this.list.replaceChildren(...rows);
    setHidden(this.list, false);
    this.surface.area.setAttribute("aria-activedescendant", `phrase-${this.at}`);
    setText(this.told, `${this.shown.length} phrases. ${this.shown[this.at]?.short ?? ""}: Enter inserts it.`);
  }

  private placeAt(offset: number): void {
    const box = this.surface.boxOf(offset);
    const host = this.list.offsetParent?.getBoundingClientRect();
    if (!box || !host) return;
    const left = Math.min(box.left - host.left, Math.max(0, host.width - this.list.offsetWidth));
    this.list.style.setProperty("left", `${left}px`);
    this.list.style.setProperty("top", `${box.bottom - host.top + 4}px`);
  }

  private close(): void {
    if (this.list.hidden) return;
    setHidden(this.list, true);
    this.surface.area.removeAttribute("aria-activedescendant");
  }
}
