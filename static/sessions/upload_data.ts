/** What may be uploaded, and how far it is. */

const MEGABYTE = 1024 * 1024;

/** Why a file is not worth sending, or nothing. The server decides in the end. */
export function refuseFile(file: { size: number; type: string; name: string }, mostMegabytes: number): string {
  if (file.size === 0) return "This file is empty. Choose another one.";
  if (file.size > mostMegabytes * MEGABYTE) {
    return `This film has ${Math.ceil(file.size / MEGABYTE)} MB, and ${mostMegabytes} MB is the most. Film one set only, or choose a lower quality.`;
  }
  if (file.type && !file.type.startsWith("video/")) return "This is not a film. Choose an MP4, MOV or WebM file.";
  return "";
}

export function sayProgress(sent: number, total: number): string {
  if (total <= 0) return "Sending …";
  if (sent >= total) return "Sent. The server checks the film …";
  return `Sending: ${Math.floor(sent / MEGABYTE)} of ${Math.ceil(total / MEGABYTE)} MB`;
}
