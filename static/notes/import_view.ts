import { FilesUpload } from "../sessions/motion_upload_view";
import { refuseNotes, sayNotesProgress } from "./import_data";

/** `<pl-note-files>` around a form: several notes, also dropped, sent with progress. */
export class NoteFiles extends FilesUpload {
  protected override refuse(form: HTMLFormElement): string {
    const files = [...(form.querySelector<HTMLInputElement>("input[type=file]")?.files ?? [])];
    return refuseNotes(files, Number(form.dataset["maxMb"] ?? 20), Number(form.dataset["mostFiles"] ?? 10));
  }

  protected override sayProgress(sent: number, total: number): string {
    return sayNotesProgress(sent, total);
  }
}
