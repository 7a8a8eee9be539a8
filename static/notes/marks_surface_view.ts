/** A text area with its marks behind it: the layer holds the same words in the same place, invisible, and draws marks. */

import { html } from "../shared/elements";
import { type Line, linesOf, type Mark, type Piece, sameEnds } from "./marks_lines_data";
import type { Stretch } from "./marks_text_data";

export class Surface {
  private lines: Line[] = [];

  constructor(
    readonly area: HTMLTextAreaElement,
    private readonly layer: HTMLElement,
  ) {}

  get text(): string {
    return this.area.value;
  }

  get selection(): Stretch {
    return { start: this.area.selectionStart, end: this.area.selectionEnd };
  }

  /** Only lines that look different are built anew: typing in a long note stays quick. */
  show(marks: readonly Mark[]): void {
    const lines = linesOf(this.area.value, marks);
    const { head, tail } = sameEnds(this.lines, lines);
    const gone = this.lines.length - head - tail;
    for (let count = 0; count < gone; count++) this.layer.children[head]?.remove();
    const after = this.layer.children[head] ?? null;
    const fresh = document.createDocumentFragment();
    for (const line of lines.slice(head, lines.length - tail)) fresh.append(lineElement(line));
    this.layer.insertBefore(fresh, after);
    this.lines = lines;
  }

  /** Put the caret there, or select the words, and bring them into view. */
  reveal(place: Stretch, focus = true): void {
    if (focus) this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(place.start, place.end);
    const box = this.boxOf(place.start);
    const room = window.innerHeight;
    if (box && (box.top < room * 0.2 || box.bottom > room * 0.75)) window.scrollBy({ top: box.top - room * 0.4 });
  }

  /** Replace words so that the text area's own undo can take it back. */
  replace(place: Stretch, words: string): void {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(place.start, place.end);
    // The only way to write into a text area that Ctrl+Z takes back.
    const done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
    if (done) return;
    this.area.setRangeText(words, place.start, place.end, "end");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Where a character stands on the screen; null before the layer shows it. */
  boxOf(offset: number): DOMRect | null {
    const before = this.area.value.slice(0, offset);
    const line = before.split("\n").length - 1;
    const element = this.layer.children[line];
    if (!element) return null;
    return boxIn(element, offset - (before.lastIndexOf("\n") + 1));
  }
}

function boxIn(line: Element, offset: number): DOMRect {
  let left = offset;
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (left <= length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.collapse(true);
      return range.getBoundingClientRect();
    }
    left -= length;
  }
  return line.getBoundingClientRect();
}

function lineElement(line: Line): HTMLElement {
  const element = html("div", { class: "surface__line" });
  for (const piece of line.pieces) element.append(pieceNode(piece));
  if (!line.pieces.length) element.append(html("br"));
  return element;
}

function pieceNode({ text, mark, begins }: Piece): Node {
  if (!mark) return document.createTextNode(text);
  const names = ["mark", `mark--${mark.css}`];
  if (mark.unsure) names.push("mark--unsure");
  if (mark.chosen) names.push("mark--chosen");
  return html("span", { class: names.join(" "), "data-tag": begins ? mark.tag : null }, text);
}
