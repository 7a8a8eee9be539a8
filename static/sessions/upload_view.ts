import { html, setText } from "../shared/elements";
import { refuseFile, sayProgress } from "./upload_data";

/** `<pl-upload>` around a form: sends the same form, with progress. Without scripts the form sends itself. */
export class Upload extends HTMLElement {
  protected readonly what: string = "film";
  private request: XMLHttpRequest | null = null;
  private readonly words = html("p", { role: "status" });
  private readonly bar = html("progress", { class: "progress", max: 100, value: 0, "aria-label": "Upload" });
  private readonly error = html("p", { class: "error", role: "alert" });

  connectedCallback(): void {
    this.addEventListener("submit", (event) => this.submit(event));
  }

  private submit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    event.preventDefault();
    if (this.request) return;
    const refusal = this.refuse(form);
    setText(this.error, refusal);
    form.append(this.error);
    if (!refusal) this.send(form);
  }

  /** Why what was chosen is not worth sending, or nothing. */
  protected refuse(form: HTMLFormElement): string {
    const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
    return file ? refuseFile(file, Number(form.dataset["maxMb"] ?? 500)) : "Choose a film first.";
  }

  protected sayProgress(sent: number, total: number): string {
    return sayProgress(sent, total);
  }

  private send(form: HTMLFormElement): void {
    const request = new XMLHttpRequest();
    this.request = request;
    const cancel = html(
      "button",
      { class: "button button--quiet", type: "button", onclick: () => request.abort() },
      "Cancel",
    );
    const progress = html("div", { class: "stack stack--tight" }, this.words, this.bar, cancel);
    setText(this.words, this.sayProgress(0, 0));
    form.append(progress);
    this.setBusy(form, true);
    request.upload.addEventListener("progress", (event) => {
      setText(this.words, this.sayProgress(event.loaded, event.total));
      this.bar.value = event.total ? (100 * event.loaded) / event.total : 0;
      window.dispatchEvent(new Event("plumbline:active"));
    });
    request.addEventListener("loadend", () => {
      this.request = null;
      progress.remove();
      this.setBusy(form, false);
      this.finish(form, request);
    });
    request.responseType = "document";
    request.open("POST", form.action);
    request.send(new FormData(form));
  }

  private finish(form: HTMLFormElement, request: XMLHttpRequest): void {
    if (request.status >= 200 && request.status < 300 && request.responseURL !== form.action) {
      window.location.assign(request.responseURL);
      return;
    }
    const answered = request.status
      ? request.responseXML?.querySelector("pl-upload form, pl-files-upload form, pl-note-files form, main form[enctype], form.form")
      : null;
    if (answered) form.replaceWith(document.adoptNode(answered));
    else setText(this.error, request.status ? unexpected(this.what) : INTERRUPTED);
  }

  private setBusy(form: HTMLFormElement, busy: boolean): void {
    for (const button of form.querySelectorAll<HTMLButtonElement>("button:not([type=button])")) button.disabled = busy;
  }
}

function unexpected(what: string): string {
  return `The server did not take the ${what}. Nothing was stored. Try again, or choose another file.`;
}

const INTERRUPTED = "The upload was interrupted. Nothing was stored. Check your connection and try again.";
