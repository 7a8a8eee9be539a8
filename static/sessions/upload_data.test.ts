import { expect, test } from "vitest";

import { refuseFile, sayProgress } from "./upload_data";

const MB = 1024 * 1024;

test("a film within the limit may be sent", () => {
  expect(refuseFile({ size: 20 * MB, type: "video/mp4", name: "squat.mp4" }, 500)).toBe("");
  expect(refuseFile({ size: 20 * MB, type: "", name: "squat.mov" }, 500)).toBe("");
});

test("a file that cannot be taken says why before it is sent", () => {
  expect(refuseFile({ size: 0, type: "video/mp4", name: "a.mp4" }, 500)).toBe(
    "This file is empty. Choose another one.",
  );
  expect(refuseFile({ size: 1024 * MB, type: "video/mp4", name: "a.mp4" }, 500)).toMatch(
    /1024 MB, and 500 MB is the most/,
  );
  expect(refuseFile({ size: MB, type: "text/plain", name: "a.txt" }, 500)).toMatch(/not a film/);
});

test("progress in words", () => {
  expect([sayProgress(0, 0), sayProgress(3.5 * MB, 10 * MB), sayProgress(10, 10)]).toEqual([
    "Sending …",
    "Sending: 3 of 10 MB",
    "Sent. The server checks the film …",
  ]);
});
