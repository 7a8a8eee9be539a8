import { expect, test } from "vitest";

import { refuseNotes, sayNotesProgress } from "./import_data";

const file = (name: string, size = 5000) => ({ name, size });

test("files that are worth sending are not refused", () => {
  expect(refuseNotes([file("a.txt"), file("B.DOCX"), file("c.pdf", 20_000_000)], 20, 10)).toBe("");
});

test("one that cannot be read does not hold the others back", () => {
  expect(refuseNotes([file("a.txt", 0), file("b.doc"), file("c.pdf")], 20, 10)).toBe("");
});

test("others are refused in words", () => {
  const refusals = [
    refuseNotes([], 20, 10),
    refuseNotes([file("a.txt"), file("b.txt"), file("c.txt")], 20, 2),
    refuseNotes([file("a.txt", 0)], 20, 10),
    refuseNotes([file("b.doc")], 20, 10),
    refuseNotes([file("a.pdf", 20_000_001)], 20, 10),
  ];
  expect(refusals).toEqual([
    "Choose a file first.",
    "Send at most 2 files at once.",
    "a.txt is empty.",
    "b.doc cannot be read. Send .txt, .docx or .pdf files.",
    "a.pdf has 20.0 MB; up to 20.0 MB are read. Divide it, or choose the files without it.",
  ]);
});

test("progress is told in words", () => {
  expect([sayNotesProgress(0, 0), sayNotesProgress(1_000_000, 2_000_000), sayNotesProgress(9, 9)]).toEqual([
    "Sending …",
    "Sending: 1.0 MB of 2.0 MB",
    "Sent. The notes are being read …",
  ]);
});
