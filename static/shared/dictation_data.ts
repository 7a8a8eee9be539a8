/** Dictation: what spoken words become in a text, which language is asked for, and what is said when it fails. Knows no DOM. */

/** Offsets in the text that is dictated into. */
export interface Stretch {
  start: number;
  end: number;
}

export type Availability = "unavailable" | "downloadable" | "downloading" | "available";

export interface Language {
  tag: string;
  availability: Availability;
}

/** Words to write over a stretch of the text. */
export interface Written extends Stretch {
  words: string;
}

const SIGNS: Record<string, string> = { "full stop": ".", comma: ",", "new line": "\n", "new paragraph": "\n\n" };
// Engines that punctuate by themselves set a sign after the spoken name of one.
const SPOKEN = /[\s.,]*\b(full stop|comma|new ?line|new paragraph)\b[.,]?\s*/giu;
/** Stands where a spoken sign ended a sentence, until its next letter is made a capital. */
const SENTENCE_END = "\u0001";
const BEGINNING = /\u0001(\s*)(\p{Ll}?)/gu;
const ALWAYS_TRIED = ["en-US", "en-GB"];
const BY_USE: Availability[] = ["available", "downloading", "downloadable"];

export const SPOKEN_SIGNS = "“full stop”, “comma”, “new line”, “new paragraph”";

/** English as the reader's browser prefers it: the spoken names of signs are English. */
export function languagesToTry(preferred: readonly string[]): string[] {
  const english = preferred.filter((tag) => /^en-/i.test(tag));
  return [...new Set([...english, ...ALWAYS_TRIED])];
}

/** The first that is ready, or else the first that can be made ready; null when none can. */
export function bestLanguage(languages: readonly Language[]): Language | null {
  for (const wanted of BY_USE) {
    const found = languages.find((one) => one.availability === wanted);
    if (found) return found;
  }
  return null;
}

/** What was said, as it is typed into the text at that place: signs, spaces and capitals included; null when it is nothing. */
export function dictated(transcript: string, text: string, place: Stretch): Written | null {
  const before = text.slice(0, place.start);
  const said = withSigns(transcript.trim());
  if (!said) return null;
  // A sign or a line end follows its word without a space.
  const gap = /^[.,\n]/.test(said) ? before.length - before.replace(/[^\S\n]+$/u, "").length : 0;
  const lead = gap || !needsSpace(before, said) ? "" : " ";
  const words = lead + capitalised(said, before);
  const trail = /^[\p{L}\p{N}]/u.test(text.slice(place.end)) && !/\s$/u.test(words) ? " " : "";
  return { start: place.start - gap, end: place.end, words: words + trail };
}

function withSigns(transcript: string): string {
  const marked = transcript.replace(SPOKEN, (_, name: string) => {
    const sign = SIGNS[name.toLowerCase().replace("newline", "new line")] ?? "";
    if (sign === ",") return ", ";
    return sign === "." ? `.${SENTENCE_END} ` : `${sign}${SENTENCE_END}`;
  });
  const begun = marked.replace(BEGINNING, (_, space: string, letter: string) => space + letter.toUpperCase());
  return begun.replaceAll(SENTENCE_END, "").replace(/ +(?=\n|$)/g, "");
}

function needsSpace(before: string, said: string): boolean {
  return before !== "" && !/[\s(“"/]$/u.test(before) && !/^[.,\n]/.test(said);
}

/** What is said first begins with a capital where a sentence ended before it. */
function capitalised(said: string, before: string): string {
  return /(^|[.!?\n])\s*$/u.test(before) ? said.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()) : said;
}

const TROUBLES = new Map(Object.entries({
  "not-allowed": "The microphone was not allowed. Allow it for this page in the browser's settings, then press Dictate again.",
  "audio-capture": "No microphone was found. Connect one, then press Dictate again.",
  "no-speech": "Nothing was heard for a while, so dictation stopped.",
  "service-not-allowed": "The browser could not turn speech into text on this device, so dictation stopped.",
  "language-not-supported": "The browser has no speech recognition for this language on this device, so dictation stopped.",
  network: "The browser wanted a connection to turn speech into text, so dictation stopped.",
}));

/** The browser's name for what went wrong, in words; what was written before stays. */
export function sayTrouble(name: string): string {
  return TROUBLES.get(name) ?? "Dictation stopped: the browser could not go on. What was written stays.";
}

export const ENDED = "Dictation stopped.";
export const LEFT = "Dictation stopped because you left the text.";
export const NOT_OFFERED =
  "Your clinic allows dictation, but this browser cannot turn speech into text on this device itself, and Plumbline sends no sound anywhere. So there is no Dictate button here. The dictation of your keyboard or device works in the text.";
