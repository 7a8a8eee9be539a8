/** Which files of notes may be sent, and how they are told. */

import { type ChosenFile, saySize } from "../sessions/motion_upload_data";

const MEGABYTE = 1_000_000;
const KINDS = /\.(txt|docx|pdf)$/i;

/** Why these files are not worth sending, or nothing. The server decides in the end. */
export function refuseNotes(files: readonly ChosenFile[], mostMegabytes: number, mostFiles: number): string {
  if (files.length === 0) return "Choose a file first.";
  if (files.length > mostFiles) return `Send at most ${mostFiles} files at once.`;
  const empty = files.find((file) => file.size === 0);
  if (empty) return `${empty.name} is empty.`;
  const strange = files.find((file) => !KINDS.test(file.name));
  if (strange) return `${strange.name} cannot be read. Send .txt, .docx or .pdf files.`;
  const large = files.find((file) => file.size > mostMegabytes * MEGABYTE);
  return large ? `${large.name} has ${saySize(large.size)}; up to ${saySize(mostMegabytes * MEGABYTE)} are read.` : "";
}

export function sayNotesProgress(sent: number, total: number): string {
  if (total <= 0) return "Sending …";
  if (sent >= total) return "Sent. The notes are being read …";
  return `Sending: ${saySize(sent)} of ${saySize(total)}`;
}
