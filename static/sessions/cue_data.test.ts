import { expect, test } from "vitest";

import { limbsSeen, sayLimbs } from "./body_data";
import { chooseVoice, VoicePolicy } from "./cue_data";

test("a cue is not repeated within eight seconds, another waits three", () => {
  const policy = new VoicePolicy();
  expect([policy.mayCue("knees out", 0), policy.mayCue("knees out", 7999), policy.mayCue("knees out", 8000)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([policy.mayCue("stand tall", 10_999), policy.mayCue("stand tall", 11_000)]).toEqual([false, true]);
});

test("each number is spoken once, and only upwards", () => {
  const policy = new VoicePolicy();
  expect([1, 1, 2, 1, 2].map((count) => policy.countToSay(count))).toEqual([1, null, 2, null, 2]);
});

test("only voices of the device speak", () => {
  const cloud = { lang: "en-GB", localService: false, default: true };
  const local = { lang: "en-US", localService: true, default: false };
  expect(chooseVoice([cloud, local], "en-GB")).toBe(local);
  expect(chooseVoice([cloud], "en-GB")).toBeNull();
});

test("limbs in words", () => {
  const image = new Float32Array(132).fill(1);
  expect(sayLimbs(limbsSeen(image, 1))).toEqual({ seen: true, words: "I can see you" });
  image[27 * 4 + 3] = 0.2;
  expect(sayLimbs(limbsSeen(image, 1))).toEqual({ seen: true, words: "I cannot see your left leg" });
  expect(sayLimbs(limbsSeen(image, 1), "the patient")).toEqual({ seen: true, words: "Not seen: left leg" });
  expect(sayLimbs(limbsSeen(image, 0))).toEqual({ seen: false, words: "I cannot see you" });
});
