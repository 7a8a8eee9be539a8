import { expect, test } from "vitest";

import { refuseFiles, sayFile, sayFilesProgress } from "./motion_upload_data";

const MB = 1_000_000;

test("sensor files within the limit may be sent", () => {
  expect(refuseFiles([{ name: "Accelerometer.CSV", size: MB }, { name: "export.zip", size: 900 * MB }], 5000)).toBe("");
});

test("files that cannot be taken say why before they are sent", () => {
  expect(refuseFiles([], 5000)).toBe("Choose a file first.");
  expect(refuseFiles([{ name: "a.csv", size: 0 }], 5000)).toBe(
    "a.csv is empty. Export it again, then choose the new file.",
  );
  expect(refuseFiles([{ name: "holiday.jpg", size: MB }], 5000)).toMatch(/holiday.jpg is not a sensor file/);
  expect(refuseFiles([{ name: "a.csv", size: 3000 * MB }, { name: "b.csv", size: 3000 * MB }], 5000)).toMatch(
    /6.0 GB together, and 5.0 GB is the most/,
  );
});

test("sizes and progress in words", () => {
  expect([sayFile({ name: "a.csv", size: 400 }), sayFile({ name: "b.xml", size: 2100 * MB })]).toEqual([
    "a.csv, 1 kB",
    "b.xml, 2.1 GB",
  ]);
  expect([sayFilesProgress(0, 0), sayFilesProgress(1.5 * MB, 10 * MB), sayFilesProgress(10, 10)]).toEqual([
    "Sending …",
    "Sending: 1.5 MB of 10.0 MB",
    "Sent. The server takes the files …",
  ]);
});
