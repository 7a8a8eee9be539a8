import { html } from "../shared/elements";
import type { Assertion, Label } from "./annotation_keys_data";
import { piecesOf, type Piece } from "./annotation_layers_data";
import type { Item } from "./annotation_span_data";
import type { CodePoints, Place } from "./annotation_text_data";

/** Draws a stretch of a text with its marks, and knows which code point stands at a place of the page. */
export class Surface {
  private readonly starts = new Map<Node, number>();

  constructor(
    readonly host: HTMLElement,
    private readonly text: CodePoints,
    private readonly shown: Place,
    private readonly labels: ReadonlyMap<string, Label>,
    private readonly assertions: ReadonlyMap<string, Assertion>,
  ) {
    host.classList.add("note-text");
    host.dir = "auto";
  }

  draw(items: readonly Item[], chosen: Place | null): void {
    this.starts.clear();
    const inside = items.filter((one) => one.span.start >= this.shown.start && one.span.end <= this.shown.end);
    this.host.replaceChildren(...piecesOf(this.shown, inside, chosen).map((piece) => this.node(piece)));
    this.host.querySelector(".picked")?.scrollIntoView({ block: "nearest" });
  }

  /** The code point at a node and an offset within it, or null outside of the text. */
  pointAt(node: Node, offset: number): number | null {
    const start = this.starts.get(node);
    if (start === undefined) return null;
    return this.text.toPoint(this.text.toUnit(start) + offset);
  }

  /** The code point under the finger or the mouse. */
  pointUnder(x: number, y: number): number | null {
    const range = document.caretRangeFromPoint?.(x, y);
    if (range) return this.pointAt(range.startContainer, range.startOffset);
    const place = document.caretPositionFromPoint?.(x, y);
    return place ? this.pointAt(place.offsetNode, place.offset) : null;
  }

  /** What the browser's own selection covers within the text, or null. */
  selected(): Place | null {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const start = this.pointAt(range.startContainer, range.startOffset);
    const end = this.pointAt(range.endContainer, range.endOffset);
    return start === null || end === null || start >= end ? null : { start, end };
  }

  private node(piece: Piece): Node {
    const words = document.createTextNode(this.text.slice(piece.start, piece.end));
    this.starts.set(words, piece.start);
    if (!piece.item) return piece.isChosen ? html("span", { class: "picked" }, words) : words;
    return this.mark(piece, piece.item, words);
  }

  private mark(piece: Piece, item: Item, words: Text): HTMLElement {
    const label = this.labels.get(item.span.label);
    const said = this.assertions.get(item.span.assertion);
    const classes = ["mark", `mark--${label?.css ?? "br"}`];
    if (said?.short) classes.push("mark--unsure");
    if (item.isProposal) classes.push("mark--proposal");
    if (piece.isChosen) classes.push("picked");
    const tag = `${label?.tag ?? ""}${item.isProposal ? "?" : ""} ${said?.short ?? ""}`.trim();
    return html("mark", { class: classes.join(" "), "data-tag": piece.isFirst ? tag : "" }, words);
  }
}
