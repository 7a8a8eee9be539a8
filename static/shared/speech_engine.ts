/** The browser's own speech recognition, where it can be held to this device. TypeScript does not know it yet. */

import { type Availability, bestLanguage, type Language } from "./dictation_data";

export interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}

interface Wanted {
  langs: string[];
  processLocally: true;
}

export interface Engine {
  new (): Recognition;
  readonly prototype: Recognition;
  available(wanted: Wanted): Promise<Availability>;
  install(wanted: Wanted): Promise<boolean>;
}

/** Null where the browser cannot promise that sound stays: an older engine would take `processLocally` for any other property. */
export function localEngine(page: object): Engine | null {
  const { SpeechRecognition, webkitSpeechRecognition } = page as Record<string, unknown>;
  const found = (SpeechRecognition ?? webkitSpeechRecognition) as Engine | undefined;
  const canAsk = typeof found === "function" && typeof found.available === "function";
  return canAsk && "processLocally" in found.prototype ? found : null;
}

/** The first of the languages that the browser recognises on this device, or can learn to; null when there is none. */
export async function languageOnDevice(engine: Engine, tags: readonly string[]): Promise<Language | null> {
  const asked = tags.map(async (tag): Promise<Language> => {
    const availability = await engine.available(onDevice(tag)).catch((): Availability => "unavailable");
    return { tag, availability };
  });
  return bestLanguage(await Promise.all(asked));
}

/** Only after the person agreed: the browser fetches what it needs from its maker. */
export async function install(engine: Engine, tag: string): Promise<boolean> {
  return engine.install(onDevice(tag)).catch(() => false);
}

/** A recognition that runs on this device; null when the browser does not keep the setting. */
export function recognitionOf(engine: Engine, tag: string): Recognition | null {
  const made = new engine();
  made.lang = tag;
  made.continuous = true;
  made.interimResults = true;
  made.processLocally = true;
  return made.processLocally === true ? made : null;
}

function onDevice(tag: string): Wanted {
  return { langs: [tag], processLocally: true };
}
