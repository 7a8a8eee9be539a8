/** On a narrow screen: a button below the text opens what the caret's line rests on and what was found in it. */

import { html, setHidden, setText } from "../shared/elements";
import type { FindingWords } from "./facts_data";
import { type AboutLine, sayAbout } from "./line_data";

/** A keyboard takes more than this of the screen; the bars of a browser take less. */
const KEYBOARD_PX = 120;

export class LineView {
  private about: AboutLine | null = null;

  constructor(
    private readonly button: HTMLElement,
    private readonly onFinding: (finding: FindingWords) => void,
  ) {
    button.addEventListener("click", () => this.open());
  }

  show(about: AboutLine | null): void {
    this.about = about;
    setHidden(this.button, about === null);
    if (about) setText(this.button, sayAbout(about));
  }

  open(): void {
    if (!this.about) return;
    const { words, bases, findings } = this.about;
    const dialog: HTMLDialogElement = html(
      "dialog",
      { class: "dialog sheet stack", "aria-labelledby": "line-title" },
      html("h2", { id: "line-title" }, "This line"),
      html("p", { class: "sheet__words", dir: "auto" }, words),
      ...(bases.length ? [html("h3", {}, "What it rests on"), sources(this.about)] : []),
      ...(findings.length ? [html("h3", {}, "What was found in it"), this.findings(findings, () => dialog.close())] : []),
      html("form", { method: "dialog", class: "dialog__actions" }, html("button", { class: "button button--primary" }, "Close")),
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  private findings(findings: readonly FindingWords[], close: () => void): HTMLElement {
    const rows = findings.map((finding) => {
      const go = () => {
        close();
        this.onFinding(finding);
      };
      const unlinked = finding.unlinked && html("span", { class: "state state--mild text-small" }, "say what it belongs to");
      return html("li", {}, html("button", { class: "sheet__row", type: "button", onclick: go }, finding.words, unlinked));
    });
    return html("ul", { class: "sheet__rows" }, ...rows);
  }
}

function sources({ bases }: AboutLine): HTMLElement {
  // A new tab: the text stays on the screen.
  const rows = bases.map((basis) => html("li", {}, html("a", { class: "sheet__row", href: basis.url, target: "_blank", rel: "noopener" }, basis.words)));
  return html("ul", { class: "sheet__rows" }, ...rows);
}

/** The foot of the editor stays in view above a phone's keyboard. */
export function keepAboveKeyboard(editor: HTMLElement): void {
  const view = window.visualViewport;
  if (!view) return;
  const place = () => {
    const covered = view.scale > 1 ? 0 : Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop));
    editor.style.setProperty("--covered", `${covered}px`);
    editor.classList.toggle("has-keyboard", covered > KEYBOARD_PX);
  };
  view.addEventListener("resize", place);
  view.addEventListener("scroll", place);
}
