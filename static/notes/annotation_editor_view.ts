import { commandOf, type Assertion, type Command, type Label } from "./annotation_keys_data";
import { choose, extend, nudge, reach, step, type Selection } from "./annotation_selection_data";
import {
  accept,
  acceptAll,
  addSpan,
  changeSpan,
  itemAt,
  itemsOf,
  nextItem,
  reject,
  removeSpan,
  undecided,
  type Item,
  type Marks,
  type Span,
} from "./annotation_span_data";
import { Surface } from "./annotation_surface_view";
import { snap, wordsOf, type CodePoints, type Place } from "./annotation_text_data";
import { UndoStack } from "./annotation_undo_data";

export interface EditorSettings {
  readonly text: CodePoints;
  readonly shown: Place;
  readonly marks: Marks;
  readonly proposals: readonly Span[];
  readonly labels: readonly Label[];
  readonly assertions: readonly Assertion[];
  /** After a change of the marks. */
  readonly changed: (marks: Marks) => void;
  /** After a change of the marks or of the choice. */
  readonly moved: (editor: SpanEditor) => void;
}

/** Marks spans in a text by keyboard, mouse or finger. */
export class SpanEditor {
  chosen: Selection | null = null;
  /** The next tap widens the choice instead of beginning anew. */
  isReaching = false;
  private readonly steps: UndoStack<Marks>;
  private readonly words: readonly Place[];
  private readonly surface: Surface;

  constructor(
    host: HTMLElement,
    private readonly settings: EditorSettings,
  ) {
    const labels = new Map(settings.labels.map((one) => [one.code, one]));
    const assertions = new Map(settings.assertions.map((one) => [one.code, one]));
    this.surface = new Surface(host, settings.text, settings.shown, labels, assertions);
    this.words = wordsOf(settings.text).filter(
      (word) => word.start >= settings.shown.start && word.end <= settings.shown.end,
    );
    this.steps = new UndoStack(settings.marks);
    host.tabIndex = 0;
    host.addEventListener("keydown", (event) => this.press(event));
    host.addEventListener("pointerup", (event) => this.tap(event));
    document.addEventListener("selectionchange", () => this.followSelection());
    this.draw();
  }

  get marks(): Marks {
    return this.steps.value;
  }

  get left(): Span[] {
    return undecided(this.marks, this.settings.proposals);
  }

  /** The span or proposal that is chosen exactly. */
  get item(): Item | null {
    return itemAt(this.items(), this.chosen);
  }

  get canUndo(): boolean {
    return this.steps.canUndo;
  }

  focus(): void {
    this.surface.host.focus({ preventScroll: true });
  }

  /** The words that are chosen. */
  chosenWords(): string {
    return this.chosen ? this.settings.text.slice(this.chosen.start, this.chosen.end) : "";
  }

  choosePlace(place: Place): void {
    this.chosen = choose(place);
    this.draw();
  }

  /** Carries out a command; "hand-in" is the page's own. */
  run(command: Command): void {
    const { kind } = command;
    if (kind === "step") this.chosen = step(this.words, this.chosen, command.by);
    else if (kind === "extend") this.reshape(extend(this.words, this.chosen, command.by));
    else if (kind === "nudge") this.reshape(nudge(this.chosen, command.edge, command.by, this.settings.text.length));
    else if (kind === "go") this.go(command.by);
    else if (kind === "label") this.label(command.code);
    else if (kind === "assert") this.assert(command.code);
    else if (kind === "accept-all") this.change(acceptAll(this.marks, this.settings.proposals, command.code));
    else if (kind === "accept") this.decide(accept);
    else if (kind === "reject") this.remove();
    else if (kind === "undo" && this.steps.undo()) this.settings.changed(this.marks);
    this.draw();
  }

  private items(): Item[] {
    return itemsOf(this.marks, this.settings.proposals);
  }

  private change(marks: Marks): void {
    if (this.steps.push(marks)) this.settings.changed(marks);
  }

  /** A chosen span of one's own follows its words; anything else is only chosen anew. */
  private reshape(chosen: Selection | null): void {
    const item = this.item;
    this.chosen = chosen;
    if (!item || item.isProposal || !chosen) return;
    if (chosen.start === item.span.start && chosen.end === item.span.end) return;
    this.change(changeSpan(this.marks, item.span, { start: chosen.start, end: chosen.end }));
  }

  private go(by: 1 | -1): void {
    const next = nextItem(this.items(), this.chosen, by);
    if (next) this.chosen = choose(next.span);
  }

  private label(code: string): void {
    if (!this.chosen) return;
    const { start, end } = this.chosen;
    const item = this.item;
    const asserted = this.settings.labels.find((one) => one.code === code)?.asserted;
    const assertion = asserted ? (item?.span.assertion ?? "present") : "present";
    const fresh: Span = { start, end, label: code, assertion, origin: item?.isProposal ? "changed" : "own" };
    if (item && !item.isProposal) this.change(changeSpan(this.marks, item.span, { label: code, assertion }));
    else this.change(addSpan(this.marks, fresh));
  }

  private assert(code: string): void {
    const item = this.item;
    const label = this.settings.labels.find((one) => one.code === item?.span.label);
    if (!item || !label?.asserted) return;
    if (item.isProposal) this.change(addSpan(this.marks, { ...item.span, assertion: code, origin: "changed" }));
    else this.change(changeSpan(this.marks, item.span, { assertion: code }));
  }

  /** Decides the chosen proposal and goes on to the next one that waits. */
  private decide(how: (marks: Marks, proposal: Span) => Marks): void {
    const item = this.item;
    if (!item?.isProposal) return;
    this.change(how(this.marks, item.span));
    const waiting = this.left.map((span) => ({ span, isProposal: true }));
    const next = nextItem(waiting, item.span, 1);
    if (next) this.chosen = choose(next.span);
  }

  private remove(): void {
    const item = this.item;
    if (item?.isProposal) this.decide(reject);
    else if (item) this.change(removeSpan(this.marks, item.span));
  }

  private draw(): void {
    this.surface.draw(this.items(), this.chosen);
    this.settings.moved(this);
  }

  private press(event: KeyboardEvent): void {
    const command = commandOf(event, this.settings.labels, this.settings.assertions);
    if (!command || command.kind === "hand-in") return;
    event.preventDefault();
    event.stopPropagation();
    document.getSelection()?.removeAllRanges();
    this.run(command);
  }

  private tap(event: PointerEvent): void {
    const swept = this.surface.selected();
    // On a touch screen the handles of the selection stay: the words follow them.
    if (swept && event.pointerType === "touch") return;
    const point = swept?.start ?? this.surface.pointUnder(event.clientX, event.clientY);
    const place = point === null ? null : snap(this.words, point, swept?.end ?? point);
    if (!place) return;
    document.getSelection()?.removeAllRanges();
    const item = swept ? null : this.items().find((one) => one.span.start <= place.start && place.end <= one.span.end);
    const widen = event.shiftKey || this.isReaching;
    this.isReaching = false;
    this.chosen = widen ? reach(this.chosen, place) : choose(item?.span ?? place);
    this.focus();
    this.draw();
  }

  /** Keeps the words under a touch screen's handles, without drawing: that would take the handles away. */
  private followSelection(): void {
    const swept = this.surface.selected();
    const place = swept && snap(this.words, swept.start, swept.end);
    if (!place) return;
    this.chosen = choose(place);
    this.settings.moved(this);
  }
}
