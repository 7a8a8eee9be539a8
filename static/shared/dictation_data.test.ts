import { describe, expect, it } from "vitest";

import { bestLanguage, dictated, languagesToTry, sayTrouble } from "./dictation_data";
import { languageOnDevice, localEngine, recognitionOf } from "./speech_engine";

/** The text after the words were said at the caret, which `|` marks. */
function said(transcript: string, marked: string): string | null {
  const at = marked.indexOf("|");
  const text = marked.replace("|", "");
  const written = dictated(transcript, text, { start: at, end: at });
  return written && text.slice(0, written.start) + written.words + text.slice(written.end);
}

describe("dictated words", () => {
  it.each([
    ["left knee swollen", "|", "Left knee swollen"],
    ["left knee", "SUBJECTIVE:\n|", "SUBJECTIVE:\nLeft knee"],
    ["walks well", "Seen today.|", "Seen today. Walks well"],
    ["walks well", "Seen today. |", "Seen today. Walks well"],
    ["swollen", "Left knee|", "Left knee swollen"],
    ["mildly", "Left knee |swollen", "Left knee mildly swollen"],
    ["left", "(|)", "(left)"],
    ["pain 3 out of 10 full stop flexion 95 degrees comma better", "|", "Pain 3 out of 10. Flexion 95 degrees, better"],
    ["full stop", "Left knee |", "Left knee."],
    ["comma then right", "Left knee  |", "Left knee, then right"],
    ["new line gait", "Knee. |", "Knee.\nGait"],
    ["knee full stop new paragraph plan", "|", "Knee.\n\nPlan"],
    ["Knee. Full stop. New line. Gait.", "|", "Knee.\nGait."],
    ["knee newline gait", "|", "Knee\nGait"],
    ["better vs. left full stop new line e.g. taping", "|", "Better vs. left.\nE.g. taping"],
    ["full stopped commas newlines", "|", "Full stopped commas newlines"],
    ["rodilla izquierda", "🦵|", "🦵 rodilla izquierda"],
  ])("%j into %j", (transcript, before, after) => {
    expect(said(transcript, before)).toBe(after);
  });

  it("writes over selected words, and nothing for silence", () => {
    expect(dictated("right", "left knee", { start: 0, end: 4 })).toEqual({ start: 0, end: 4, words: "Right" });
    expect(said("  ", "Knee|")).toBeNull();
  });

  it("keeps every other word, whatever is said", () => {
    const words = "a b c ".repeat(2000).trim();
    expect(said(words, "Knee|")).toBe(`Knee ${words}`);
  });
});

describe("the language", () => {
  it("is English as the browser prefers it, each once", () => {
    expect(languagesToTry(["de-DE", "en-AU", "en", "en-US"])).toEqual(["en-AU", "en-US", "en-GB"]);
    expect(languagesToTry([])).toEqual(["en-US", "en-GB"]);
  });

  it("is one that is ready, before one to fetch", () => {
    const ready = { tag: "en-US", availability: "available" } as const;
    const fetched = { tag: "en-GB", availability: "downloadable" } as const;
    expect(bestLanguage([fetched, ready])).toBe(ready);
    expect(bestLanguage([{ tag: "en-AU", availability: "unavailable" }, fetched])).toBe(fetched);
    expect(bestLanguage([{ tag: "en-AU", availability: "unavailable" }])).toBeNull();
  });
});

describe("the browser's engine", () => {
  class Local extends EventTarget {
    static async available({ langs, processLocally }: { langs: string[]; processLocally: boolean }) {
      if (langs[0] === "en-AU") throw new Error("no such language");
      return processLocally && langs[0] === "en-GB" ? "available" : "unavailable";
    }
    declare lang: string;
    get processLocally(): boolean {
      return this.local;
    }
    set processLocally(value: boolean) {
      this.local = value;
    }
    private local = false;
  }

  it("is taken only where it can be held to the device", () => {
    class Sends extends EventTarget {}
    class SendsAndAsks extends Sends {
      static available() {}
    }
    for (const page of [{}, { SpeechRecognition: 1 }, { webkitSpeechRecognition: Sends }, { SpeechRecognition: SendsAndAsks }]) {
      expect(localEngine(page)).toBeNull();
    }
    expect(localEngine({ webkitSpeechRecognition: Local })).toBe(Local);
  });

  it("is asked for each language, and one that fails is passed over", async () => {
    const engine = localEngine({ SpeechRecognition: Local });
    if (!engine) throw new Error("not there");
    expect(await languageOnDevice(engine, ["en-AU", "en-US", "en-GB"])).toEqual({ tag: "en-GB", availability: "available" });
    expect(await languageOnDevice(engine, ["en-AU"])).toBeNull();
    expect(recognitionOf(engine, "en-GB")?.processLocally).toBe(true);
  });

  it("is not started where it forgets that it was held to the device", () => {
    class Forgets extends Local {
      override set processLocally(_: boolean) {}
      override get processLocally(): boolean {
        return false;
      }
    }
    const engine = localEngine({ SpeechRecognition: Forgets });
    expect(engine && recognitionOf(engine, "en-GB")).toBeNull();
  });

  it("says in words what went wrong, also what it never heard of", () => {
    expect(sayTrouble("not-allowed")).toContain("microphone was not allowed");
    expect(sayTrouble("toString-ish")).toContain("could not go on");
  });
});
