/** Which sensor files may be sent, and how they are told. */

const MEGABYTE = 1_000_000;
const KINDS = /\.(csv|txt|tsv|xml|zip|c3d)$/i;

export interface ChosenFile {
  readonly name: string;
  readonly size: number;
}

/** Why these files are not worth sending, or nothing. The server decides in the end. */
export function refuseFiles(files: readonly ChosenFile[], mostMegabytes: number): string {
  if (files.length === 0) return "Choose a file first.";
  const empty = files.find((file) => file.size === 0);
  if (empty) return `${empty.name} is empty. Export it again, then choose the new file.`;
  const strange = files.find((file) => !KINDS.test(file.name));
  if (strange) return `${strange.name} is not a sensor file. Send CSV, XML, ZIP or C3D files.`;
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (total > mostMegabytes * MEGABYTE) {
    return `These files have ${saySize(total)} together, and ${saySize(mostMegabytes * MEGABYTE)} is the most. Send fewer at once.`;
  }
  return "";
}

export function saySize(bytes: number): string {
  if (bytes >= 1000 * MEGABYTE) return `${(bytes / MEGABYTE / 1000).toFixed(1)} GB`;
  return bytes >= MEGABYTE ? `${(bytes / MEGABYTE).toFixed(1)} MB` : `${Math.ceil(bytes / 1000)} kB`;
}

export function sayFile(file: ChosenFile): string {
  return `${file.name}, ${saySize(file.size)}`;
}

export function sayFilesProgress(sent: number, total: number): string {
  if (total <= 0) return "Sending …";
  if (sent >= total) return "Sent. The server takes the files …";
  return `Sending: ${saySize(sent)} of ${saySize(total)}`;
}
