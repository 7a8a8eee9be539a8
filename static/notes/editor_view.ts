/** The editor: the text with its marks, the facts beside it, saving below it. Without scripts the form works alone. */

import { html, setHidden, setText } from "../shared/elements";
import { readConfig } from "../shared/page";
import { showToast } from "../shared/toast_view";
import { BasisView } from "./basis_view";
import { showBothTexts } from "./conflict_view";
import { dictated } from "../shared/dictation_data";
import { Dictation } from "../shared/dictation_view";
import { type EditorConfig, told, toUnits } from "./editor_config";
import { FactBar } from "./fact_bar_view";
import { type Fact, FactBook, type Links } from "./facts_data";
import { FactsView } from "./facts_view";
import { showKeys } from "./help_view";
import { altKey } from "./keys_data";
import { aboutLine } from "./line_data";
import { keepAboveKeyboard, LineView } from "./line_view";
import type { Mark } from "./marks_lines_data";
import { Surface } from "./marks_surface_view";
import { Offsets, type Stretch, storable } from "./marks_text_data";
import { sectionStarts } from "./phrases_data";
import { PhraseList } from "./phrases_view";
import { Reader } from "./reader_view";
import { type SaveState, sayState } from "./save_data";
import { type OtherText, Saver } from "./saver_view";

export class NoteEditor extends HTMLElement {
  private config!: EditorConfig;
  private surface!: Surface;
  private book!: FactBook;
  private facts!: FactsView;
  private bar!: FactBar;
  private bases!: BasisView;
  private line!: LineView;
  private dictation: Dictation | null = null;
  private phrases!: PhraseList;
  private reader!: Reader;
  private saver!: Saver;
  private chosen: Stretch | null = null;
  private conflict: HTMLDialogElement | null = null;
  private form!: HTMLFormElement;

  connectedCallback(): void {
    this.config = readConfig<EditorConfig>(this.getAttribute("config") ?? "editor-config");
    this.form = this.piece("form") as HTMLFormElement;
    this.surface = new Surface(this.piece("text") as HTMLTextAreaElement, this.piece("marks"));
    const offsets = new Offsets(this.surface.text);
    this.book = new FactBook(
      this.surface.text,
      toUnits(this.config.found, offsets),
      toUnits(this.config.corrections, offsets),
    );
    this.makeParts();
    this.offerDictation();
    this.listen();
    keepAboveKeyboard(this);
    this.classList.add("is-running");
    this.saver.start();
    this.reader.soon(0);
    this.render();
  }

  disconnectedCallback(): void {
    this.saver.stop();
    this.reader.stop();
  }

  private makeParts(): void {
    const changes = {
      choose: (fact: Fact) => this.choose(fact),
      jump: (fact: Fact) => this.jump(fact),
      mark: (place: Stretch, label: string) => this.decided(this.book.add(place, label)),
      relabel: (fact: Fact, label: string) => this.decided(this.book.change(fact, { label, assertion: this.assertionFor(label, fact) })),
      assert: (fact: Fact, assertion: string) => this.decided(this.book.change(fact, { assertion })),
      link: (fact: Fact, links: Links) => this.decided(this.book.change(fact, { links })),
      confirm: (fact: Fact) => this.decided(this.book.change(fact, {})),
      remove: (fact: Fact) => this.takeAway(fact),
      undo: () => this.undo(),
      leave: () => this.surface.area.focus({ preventScroll: true }),
    };
    this.facts = new FactsView(this.config, this.book, { facts: this.piece("facts"), findings: this.piece("findings") }, changes);
    this.bar = new FactBar(this.piece("bar"), this.config, this.book, changes);
    this.bases = new BasisView(this.piece("bases"), this.config.bases, (place) => this.surface.reveal(place));
    this.line = new LineView(this.piece("line"), (finding) => this.surface.reveal(finding));
    this.phrases = new PhraseList(this.surface, this.config.phrases, this.piece("surface"));
    this.reader = new Reader(this.config, this.book, () => this.surface.selection.start, ({ warning }) => {
      setText(this.piece("warning"), warning);
      setHidden(this.piece("warning"), !warning);
      this.render();
    });
    this.saver = new Saver(this.config.urls.autosave, this.config.revision, {
      draft: () => {
        const text = storable(this.surface.text);
        return { text, facts: told(this.book.corrections, text) };
      },
      onState: (state) => this.showState(state),
      onOtherText: (other) => this.showConflict(other),
      onTakenOver: (name) => this.takenOver(name),
      onRefused: (places, text) => this.refused(places, text),
    });
  }

  private offerDictation(): void {
    if (!this.config.dictation) return;
    const parts = { button: this.piece("dictate"), strip: this.piece("dictation"), why: this.piece("dictation-why") };
    this.dictation = new Dictation(parts, this.surface.area, (transcript) => this.writeDown(transcript));
    void this.dictation.offer();
  }

  /** As if it were typed: Ctrl+Z takes it back, it is saved and read. */
  private writeDown(transcript: string): void {
    const written = dictated(transcript, this.surface.text, this.surface.selection);
    if (!written) return;
    this.surface.replace(written, written.words);
    const { end } = this.surface.selection;
    this.surface.reveal({ start: end, end });
  }

  private listen(): void {
    const { area } = this.surface;
    area.addEventListener("input", () => this.typed());
    area.addEventListener("keydown", (event) => this.phrases.onKey(event) && event.preventDefault());
    document.addEventListener("selectionchange", () => document.activeElement === area && this.caretMoved());
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    this.piece("keys").addEventListener("click", () => this.showKeys());
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key === "?" && !isTyping && !document.querySelector("dialog[open]")) this.showKeys();
    });
  }

  private showKeys(): void {
    showKeys(this.dictation?.isOffered ?? false);
  }

  private typed(): void {
    this.book.retype(this.surface.text);
    this.chosen = null;
    this.saver.changed();
    this.reader.soon();
    this.paint();
    this.phrases.look();
    this.bases.show(this.surface.text);
    this.showLine();
  }

  private showLine(): void {
    this.line.show(aboutLine(this.surface.text, this.surface.selection.start, this.config.bases, this.book.findings));
  }

  private caretMoved(): void {
    if (this.book.text !== this.surface.text) return;
    const { start, end } = this.surface.selection;
    this.bases.follow(this.surface.text, start);
    this.showLine();
    const fact = start === end ? this.book.around(start) : this.book.at({ start, end });
    if (fact) this.choose(fact);
    else if (start !== end) this.chooseWords({ start, end });
    else this.chooseNothing();
  }

  private choose(fact: Fact): void {
    const isSame = this.chosen?.start === fact.start && this.chosen.end === fact.end;
    this.chosen = fact;
    this.bar.showFact(fact);
    if (!isSame) this.paint();
  }

  private chooseWords(place: Stretch): void {
    this.chosen = null;
    this.bar.showSelection(place);
    this.paint();
  }

  private chooseNothing(): void {
    if (this.chosen === null && this.piece("bar").querySelector(".fact-bar__hint")) return;
    this.chosen = null;
    this.bar.showHint();
    this.paint();
  }

  private jump(fact: Fact): void {
    this.surface.reveal(fact);
    this.choose(fact);
  }

  private assertionFor(label: string, fact: Fact): string {
    const mayBeDenied = this.config.labels.find((one) => one.label === label)?.may_be_denied;
    return mayBeDenied ? fact.assertion : "present";
  }

  private decided(fact: Fact | null): void {
    if (!fact) return;
    this.saver.changed();
    this.reader.soon(0);
    const place = document.activeElement;
    const wasInBar = place instanceof HTMLElement && this.piece("bar").contains(place) && !(place instanceof HTMLInputElement);
    this.chosen = fact;
    this.render();
    this.bar.showFact(fact);
    if (wasInBar) this.bar.focus();
  }

  private takeAway(fact: Fact): void {
    this.book.remove(fact);
    this.saver.changed();
    this.reader.soon(0);
    this.chosen = null;
    const wasInBar = this.piece("bar").contains(document.activeElement);
    this.bar.showHint();
    this.render();
    if (wasInBar) this.surface.area.focus({ preventScroll: true });
    showToast({ words: "Taken away. Undo the last mark brings it back." });
  }

  private undo(): void {
    if (!this.book.undo()) return;
    this.saver.changed();
    this.reader.soon(0);
    this.chosen = null;
    this.bar.showHint();
    this.render();
    this.surface.area.focus({ preventScroll: true });
  }

  private render(): void {
    this.paint();
    const chosen = this.chosen && this.book.at(this.chosen);
    this.facts.show(chosen);
    if (chosen) this.bar.showFact(chosen);
    else if (!this.piece("bar").childElementCount) this.bar.showHint();
    this.bases.show(this.surface.text);
    this.showLine();
  }

  private paint(): void {
    const words = new Map(this.config.labels.map((one) => [one.label, one]));
    const shorts = new Map(this.config.assertions.map((one) => [one.assertion, one.short]));
    const marks = this.book.facts.map((fact): Mark => {
      const label = words.get(fact.label);
      const short = shorts.get(fact.assertion) ?? "";
      return {
        start: fact.start,
        end: fact.end,
        label: fact.label,
        css: (label?.tag ?? "").toLowerCase(),
        tag: `${label?.tag ?? ""} ${short}`.trim(),
        unsure: short !== "",
        chosen: this.chosen?.start === fact.start && this.chosen.end === fact.end,
      };
    });
    this.surface.show(marks);
  }

  private onKey(event: KeyboardEvent): void {
    const isCommand = event.ctrlKey || event.metaKey;
    const letter = altKey(event);
    if (isCommand && event.key.toLowerCase() === "s") void this.saver.save();
    else if (isCommand && event.key === "Enter") void this.sign();
    else if (/^[1-9]$/.test(letter)) this.toSection(Number(letter) - 1);
    else if (letter === "m") this.bar.focus();
    else if (letter === "l") this.line.open();
    else if (letter === "d" && this.dictation) this.dictation.toggle();
    else if (letter === "f") this.facts.focusOn({ start: this.surface.selection.start });
    else return;
    event.preventDefault();
  }

  private toSection(index: number): void {
    const section = sectionStarts(this.surface.text)[index];
    if (section) this.surface.reveal({ start: section.body, end: section.body });
  }

  private onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const act = event.submitter?.getAttribute("value");
    if (act === "sign") void this.sign();
    else void this.saver.save();
  }

  private async sign(): Promise<void> {
    this.dictation?.settle();
    if (await this.saver.save()) window.location.assign(this.config.urls.sign);
    else showToast({ words: "It could not be saved yet, so there is nothing to sign. Your text stays here." });
  }

  private showState(state: SaveState): void {
    const element = this.piece("state");
    setText(element, sayState(state, Date.now()));
    element.classList.toggle("editor__state--trouble", state.trouble !== "");
    const isOut = state.trouble === "signed_out";
    setHidden(this.piece("sign-in"), !isOut);
  }

  private showConflict(other: OtherText): void {
    if (this.conflict?.open) return;
    this.conflict = showBothTexts(this.surface.text, other, {
      keep: (text) => {
        this.setText(text);
        void this.saver.insist(other);
      },
      give: () => {
        this.setText(other.text);
        // Somebody else goes on writing: this page becomes one to read.
        void this.saver.giveWay(other).then(() => other.editor && window.location.assign(this.config.urls.edit));
      },
    });
  }

  private setText(text: string): void {
    this.surface.area.value = text;
    this.book.retype(this.surface.text);
    this.reader.soon(0);
    this.render();
  }

  private takenOver(name: string): void {
    if (this.saver.state.dirty) return void this.saver.save();
    const words = `${name} is writing here now. Your text is saved.`;
    this.dictation?.leave();
    this.saver.stop();
    this.surface.area.readOnly = true;
    setText(this.piece("state"), words);
    this.piece("state").append(" ", html("a", { href: this.config.urls.edit }, "Load the page again"));
  }

  private refused(places: [number, number][], text: string): void {
    const offsets = new Offsets(text);
    this.book.drop(places.map(([start, end]) => ({ start: offsets.toUnit(start), end: offsets.toUnit(end) })));
    showToast({ words: "A mark did not fit its words any more and was dropped." });
    this.reader.soon(0);
    this.render();
  }

  private piece(name: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the editor's page lacks its part "${name}"`);
    return found;
  }
}
