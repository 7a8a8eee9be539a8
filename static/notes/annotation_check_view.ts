import { html } from "../shared/elements";
import { readConfig } from "../shared/page";
import { CodePoints, snap, wordsOf, type Place } from "./annotation_text_data";

interface Config {
  readonly text: string;
  readonly kinds: readonly string[];
}

/** `<pl-check>`: n and p move over what was found, k keeps, r replaces; selected words are added. */
export class CheckPage extends HTMLElement {
  private text = new CodePoints("");
  private words: readonly Place[] = [];
  private swept: Place | null = null;

  connectedCallback(): void {
    this.text = new CodePoints(readConfig<Config>("check-config").text);
    this.words = wordsOf(this.text);
    for (const one of this.querySelectorAll<HTMLElement>("[data-script-only]")) one.hidden = false;
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("selectionchange", () => this.follow());
    for (const one of this.querySelectorAll<HTMLButtonElement>("[data-kind]")) {
      one.addEventListener("click", () => this.add(one.dataset["kind"] ?? "OTHER"));
    }
    this.boxes()[0]?.focus({ preventScroll: true });
  }

  private boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("input[name=keep]")];
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      this.querySelector<HTMLFormElement>("#check-form")?.requestSubmit();
      return;
    }
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("textarea, input[type=text]")) return;
    const key = event.key.toLowerCase();
    const boxes = this.boxes();
    const at = boxes.indexOf(document.activeElement as HTMLInputElement);
    const box = boxes[at];
    if (key === "n" || key === "p") this.moveTo(boxes[key === "n" ? at + 1 : at - 1]);
    else if (box && (key === "k" || key === "r")) {
      box.checked = key === "k";
      this.moveTo(boxes[at + 1]);
    } else return;
    event.preventDefault();
  }

  private moveTo(box: HTMLInputElement | undefined): void {
    box?.focus();
    box?.closest("li")?.scrollIntoView({ block: "nearest" });
  }

  /** Offers the kinds while words of the whole text are selected. */
  private follow(): void {
    const place = this.querySelector("[data-text]");
    const selection = document.getSelection();
    const kinds = this.querySelector<HTMLElement>("[data-kinds]");
    if (!place || !kinds || !selection?.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (range.startContainer !== place.firstChild || range.endContainer !== place.firstChild) return;
    this.swept = snap(this.words, this.text.toPoint(range.startOffset), this.text.toPoint(range.endOffset));
    kinds.hidden = this.swept === null;
  }

  private add(kind: string): void {
    const added = this.querySelector<HTMLElement>("[data-added]");
    if (!this.swept || !added) return;
    const { start, end } = this.swept;
    const line = html(
      "p",
      { class: "check__added row" },
      html("mark", { class: "check__word" }, this.text.slice(start, end)),
      html("span", { class: "muted" }, `becomes [${kind === "OTHER" ? "REMOVED" : kind}]`),
      html("input", { type: "hidden", name: "replace", value: `${start}-${end}-${kind}` }),
      html("button", { type: "button", class: "button button--quiet", onclick: () => line.remove() }, "Take back"),
    );
    added.append(line);
    this.swept = null;
    document.getSelection()?.removeAllRanges();
    const kinds = this.querySelector<HTMLElement>("[data-kinds]");
    if (kinds) kinds.hidden = true;
  }
}
