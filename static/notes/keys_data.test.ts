import { expect, test } from "vitest";

import { altKey, plainKey } from "./keys_data";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test("a letter is a key", () => {
  expect(plainKey(press("n"), false)).toBe("n");
  expect(plainKey(press("?"), false)).toBe("?");
});

test("what is typed into a field is not", () => {
  expect(plainKey(press("n"), true)).toBeNull();
});

test("keys with another key held belong to the browser", () => {
  expect(plainKey(press("p", { ctrlKey: true }), false)).toBeNull();
  expect(plainKey(press("p", { metaKey: true }), false)).toBeNull();
  expect(plainKey(press("p", { altKey: true }), false)).toBeNull();
});

test("keys without a letter are none", () => {
  expect(plainKey(press("Enter"), false)).toBeNull();
});

test.each([
  ["m", "KeyM", "m"],
  ["M", "KeyM", "m"],
  ["µ", "KeyM", "m"],
  ["¡", "Digit1", "1"],
  ["Dead", "KeyN", "n"],
  ["d", "KeyH", "d"],
  ["Tab", "Tab", ""],
  ["ArrowLeft", "ArrowLeft", ""],
])("with Alt, %s of %s is %j; without it or with another key it is none", (key, code, letter) => {
  const held = { key, code, ctrlKey: false, metaKey: false, altKey: true };
  expect(altKey(held)).toBe(letter);
  expect(altKey({ ...held, altKey: false })).toBe("");
  expect(altKey({ ...held, ctrlKey: true })).toBe("");
  expect(altKey({ ...held, metaKey: true })).toBe("");
});
