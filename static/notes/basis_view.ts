/** What drafted sentences rest on. A sentence that was changed rests on its author, and the list says so. */

import { html, setHidden } from "../shared/elements";
import type { Basis } from "./editor_config";
import type { Stretch } from "./marks_text_data";

const SHOWN_WORDS = 60;

interface Row {
  sentence: string;
  row: HTMLElement;
  links: HTMLElement;
  own: HTMLElement;
}

export class BasisView {
  private readonly rows: Row[];

  constructor(
    place: HTMLElement,
    bases: readonly Basis[],
    private readonly onSentence: (place: Stretch) => void,
  ) {
    const sentences = [...new Set(bases.map((basis) => basis.sentence))];
    this.rows = sentences.map((sentence) => this.row(sentence, bases.filter((basis) => basis.sentence === sentence)));
    if (!bases.length) return;
    setHidden(place, false);
    place.querySelector("ul")?.replaceChildren(...this.rows.map((one) => one.row));
  }

  show(text: string): void {
    for (const { sentence, own, links } of this.rows) {
      const stands = text.includes(sentence);
      setHidden(own, stands);
      setHidden(links, !stands);
    }
  }

  /** The sentence around the caret is the one shown, so that its evidence stays beside it. */
  follow(text: string, caret: number): void {
    const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1).split("\n", 1)[0] ?? "";
    for (const { sentence, row } of this.rows) {
      const isHere = line.includes(sentence);
      if (isHere && !row.classList.contains("bases-list__here")) bringUp(row);
      row.classList.toggle("bases-list__here", isHere);
    }
  }

  private row(sentence: string, bases: readonly Basis[]): Row {
    const words = sentence.length > SHOWN_WORDS ? `${sentence.slice(0, SHOWN_WORDS)}…` : sentence;
    const find = html("button", { class: "bases-list__sentence", type: "button", onclick: () => this.find(sentence) }, words);
    // A new tab: the text stays on the screen.
    const links = html(
      "span",
      { class: "bases-list__links" },
      ...bases.map((basis) => html("a", { href: basis.url, target: "_blank", rel: "noopener" }, basis.words)),
    );
    const own = html("span", { class: "muted", hidden: true }, "Changed: this sentence is your own now.");
    return { sentence, row: html("li", {}, find, links, own), links, own };
  }

  private find(sentence: string): void {
    const area = document.querySelector<HTMLTextAreaElement>("[data-part='text']");
    const start = area?.value.indexOf(sentence) ?? -1;
    if (start >= 0) this.onSentence({ start, end: start + sentence.length });
  }
}

/** Scrolls the list alone: the page stays where the writer is. */
function bringUp(row: HTMLElement): void {
  const list = row.parentElement;
  if (list) list.scrollTop = row.offsetTop - list.offsetTop;
}
