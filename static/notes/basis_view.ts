/** What drafted sentences rest on. A sentence that was changed rests on its author, and the list says so. */

import { html, setHidden } from "../shared/elements";
import type { Basis } from "./editor_config";
import type { Stretch } from "./marks_text_data";

const SHOWN_WORDS = 70;

export class BasisView {
  private readonly rows: { basis: Basis; row: HTMLElement; own: HTMLElement; link: HTMLElement }[];

  constructor(
    place: HTMLElement,
    bases: readonly Basis[],
    private readonly onSentence: (place: Stretch) => void,
  ) {
    this.rows = bases.map((basis) => this.row(basis));
    if (!bases.length) return;
    setHidden(place, false);
    place.querySelector("ul")?.replaceChildren(...this.rows.map((one) => one.row));
  }

  show(text: string): void {
    for (const { basis, own, link } of this.rows) {
      const stands = text.includes(basis.sentence);
      setHidden(own, stands);
      setHidden(link, !stands);
    }
  }

  private row(basis: Basis): { basis: Basis; row: HTMLElement; own: HTMLElement; link: HTMLElement } {
    const words = basis.sentence.length > SHOWN_WORDS ? `${basis.sentence.slice(0, SHOWN_WORDS)}…` : basis.sentence;
    const sentence = html("button", { class: "bases-list__sentence", type: "button", onclick: () => this.find(basis) }, words);
    // A new tab: the text stays on the screen.
    const link = html("a", { href: basis.url, target: "_blank", rel: "noopener" }, basis.words);
    const own = html("span", { class: "muted", hidden: true }, "Changed: this sentence is your own now.");
    return { basis, row: html("li", {}, sentence, link, own), own, link };
  }

  private find(basis: Basis): void {
    const area = document.querySelector<HTMLTextAreaElement>("[data-part='text']");
    const start = area?.value.indexOf(basis.sentence) ?? -1;
    if (start >= 0) this.onSentence({ start, end: start + basis.sentence.length });
  }
}
