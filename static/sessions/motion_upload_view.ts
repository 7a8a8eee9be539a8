import { html } from "../shared/elements";
import { refuseFiles, sayFile, sayFilesProgress } from "./motion_upload_data";
import { Upload } from "./upload_view";

/** `<pl-files-upload>` around a form: several files, also dropped, sent with progress. */
export class FilesUpload extends Upload {
  protected override readonly what: string = "files";

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("change", () => this.showChosen());
    this.addEventListener("dragover", (event) => this.hover(event, true));
    this.addEventListener("dragleave", (event) => this.hover(event, false));
    this.addEventListener("drop", (event) => this.drop(event));
  }

  protected override refuse(form: HTMLFormElement): string {
    return refuseFiles([...(this.input(form)?.files ?? [])], Number(form.dataset["maxMb"] ?? 5000));
  }

  protected override sayProgress(sent: number, total: number): string {
    return sayFilesProgress(sent, total);
  }

  private input(within: Element): HTMLInputElement | null {
    return within.querySelector<HTMLInputElement>("input[type=file]");
  }

  private hover(event: DragEvent, over: boolean): void {
    const area = (event.target as Element).closest?.("[data-drop]");
    if (!area) return;
    event.preventDefault();
    area.classList.toggle("drop--over", over);
  }

  private drop(event: DragEvent): void {
    const area = (event.target as Element).closest?.("[data-drop]");
    const input = area && this.input(area);
    if (!area || !input || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    area.classList.remove("drop--over");
    input.files = event.dataTransfer.files;
    this.showChosen();
  }

  private showChosen(): void {
    const files = [...(this.input(this)?.files ?? [])];
    const list = this.querySelector<HTMLElement>("[data-chosen]");
    if (!list) return;
    list.replaceChildren(...files.map((file) => html("li", {}, sayFile(file))));
    list.hidden = files.length < 2;
  }
}
