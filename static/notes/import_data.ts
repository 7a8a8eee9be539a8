/** Which files of notes may be sent, and how they are told. */

import { type ChosenFile, saySize } from "../sessions/motion_upload_data";

const MEGABYTE = 1_000_000;
const KINDS = /\.(txt|docx|pdf)$/i;

/**
 * Why these files are not worth sending, or nothing. One that cannot be read does not hold the others back:
 * the server reads what it can and says what became of each.
 */
export function refuseNotes(files: readonly ChosenFile[], mostMegabytes: number, mostFiles: number): string {
  if (files.length === 0) return "Choose a file first.";
  if (files.length > mostFiles) return `Send at most ${mostFiles} files at once.`;
  const large = files.find((file) => file.size > mostMegabytes * MEGABYTE);
  if (large) {
    const most = saySize(mostMegabytes * MEGABYTE);
    return `${large.name} has ${saySize(large.size)}; up to ${most} are read. Divide it, or choose the files without it.`;
  }
  if (files.some((file) => file.size > 0 && KINDS.test(file.name))) return "";
  const empty = files.find((file) => file.size === 0);
  return empty ? `${empty.name} is empty.` : `${files[0]?.name ?? ""} cannot be read. Send .txt, .docx or .pdf files.`;
}

export function sayNotesProgress(sent: number, total: number): string {
  if (total <= 0) return "Sending …";
  if (sent >= total) return "Sent. The notes are being read …";
  return `Sending: ${saySize(sent)} of ${saySize(total)}`;
}
