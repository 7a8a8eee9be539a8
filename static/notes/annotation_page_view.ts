import { readConfig } from "../shared/page";
import { LabelBar } from "./annotation_bar_view";
import { SpanEditor } from "./annotation_editor_view";
import type { Assertion, Label } from "./annotation_keys_data";
import { Saver } from "./annotation_saver_view";
import type { Refusal, Span } from "./annotation_span_data";
import { CodePoints } from "./annotation_text_data";

interface Config {
  readonly text: string;
  readonly entities: readonly Span[];
  readonly proposals: readonly Span[];
  readonly rejected: readonly Refusal[];
  readonly revision: number;
  readonly labels: readonly Label[];
  readonly assertions: readonly Assertion[];
  readonly saveUrl: string;
}

/** `<pl-annotate>`: the annotating page. Without a document to work on it leaves the page as it is. */
export class AnnotatePage extends HTMLElement {
  connectedCallback(): void {
    const surface = this.querySelector<HTMLElement>("[data-surface]");
    if (!surface || !document.getElementById("annotate-config")) return;
    const config = readConfig<Config>("annotate-config");
    const saver = new Saver(config.saveUrl, config.revision, document.querySelector<HTMLElement>("[data-saved]"));
    const editor = this.build(surface, config, saver);
    this.querySelector<HTMLElement>("[data-plain]")?.remove();
    const form = this.querySelector<HTMLFormElement>("[data-hand-in]");
    form?.addEventListener("submit", (event) => this.handIn(event, form, saver));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form?.requestSubmit();
    });
    editor.focus();
    if (editor.left.length > 0) editor.run({ kind: "go", by: 1 });
  }

  private build(surface: HTMLElement, config: Config, saver: Saver): SpanEditor {
    const text = new CodePoints(config.text);
    const host = document.createElement("div");
    host.setAttribute("role", "application");
    host.setAttribute("aria-label", "Text to annotate");
    surface.replaceChildren(host);
    let editor: SpanEditor | null = null;
    const bar = new LabelBar(config.labels, config.assertions, () => editor as SpanEditor);
    const place = this.querySelector<HTMLElement>("[data-bar]");
    place?.replaceChildren(bar.element);
    if (place) place.hidden = false;
    editor = new SpanEditor(host, {
      text,
      shown: { start: 0, end: text.length },
      marks: { entities: config.entities, rejected: config.rejected },
      proposals: config.proposals,
      labels: config.labels,
      assertions: config.assertions,
      changed: (marks) => saver.keep(marks),
      moved: (moved) => {
        bar.update(moved);
        this.tellLeft(moved.left.length, config.proposals.length);
      },
    });
    return editor;
  }

  private tellLeft(left: number, of: number): void {
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = of === 0 ? "" : left === 0 ? "All proposals are decided." : `${left} of ${of} proposals to decide`;
  }

  /** Stores first, then hands in what is stored. */
  private handIn(event: SubmitEvent, form: HTMLFormElement, saver: Saver): void {
    event.preventDefault();
    void saver.flush().then((stored) => {
      if (!stored) return;
      const revision = form.querySelector<HTMLInputElement>("input[name=revision]");
      if (revision) revision.value = String(saver.revision);
      form.submit();
    });
  }
}
