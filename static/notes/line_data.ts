/** What is known about the line that the caret stands in: what it rests on, and what was found in it. Knows no DOM. */

import type { Basis } from "./editor_config";
import type { FindingWords } from "./facts_data";
import { overlap, type Stretch } from "./marks_text_data";

export interface AboutLine {
  words: string;
  bases: Basis[];
  findings: FindingWords[];
}

export function lineAround(text: string, caret: number): Stretch {
  const start = text.lastIndexOf("\n", caret - 1) + 1;
  const end = text.indexOf("\n", caret);
  return { start, end: end < 0 ? text.length : end };
}

/** Null where nothing is known. A drafted sentence that was changed rests on its author, and on nothing here. */
export function aboutLine(
  text: string,
  caret: number,
  bases: readonly Basis[],
  findings: readonly FindingWords[],
): AboutLine | null {
  const line = lineAround(text, caret);
  const words = text.slice(line.start, line.end);
  const about = {
    words,
    bases: bases.filter((basis) => words.includes(basis.sentence)),
    findings: findings.filter((finding) => overlap(finding, line)),
  };
  return about.bases.length || about.findings.length ? about : null;
}

/** "This line: 2 sources, 1 finding". */
export function sayAbout({ bases, findings }: AboutLine): string {
  const parts = [counted(bases.length, "source"), counted(findings.length, "finding")];
  return `This line: ${parts.filter(Boolean).join(", ")}`;
}

function counted(number: number, noun: string): string {
  return number ? `${number} ${noun}${number === 1 ? "" : "s"}` : "";
}
