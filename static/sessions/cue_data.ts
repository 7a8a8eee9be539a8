/** One cue at a time: what is said, and when it may be said again. */

const SAME_CUE_AGAIN_MS = 8000;
const ANY_CUE_AGAIN_MS = 3000;

/** Decides what the voice says; it never talks over itself and never nags. */
export class VoicePolicy {
  private lastWords = "";
  private lastSaidMs = -Infinity;
  private lastCount = 0;

  /** Whether a cue may be spoken now; remembers it when so. */
  mayCue(words: string, nowMs: number): boolean {
    const since = nowMs - this.lastSaidMs;
    if (since < (words === this.lastWords ? SAME_CUE_AGAIN_MS : ANY_CUE_AGAIN_MS)) return false;
    this.lastWords = words;
    this.lastSaidMs = nowMs;
    return true;
  }

  /** The number to speak, or null when it has been spoken. */
  countToSay(count: number): number | null {
    if (count === this.lastCount) return null;
    const grew = count > this.lastCount;
    this.lastCount = count;
    return grew ? count : null;
  }

  startSet(): void {
    this.lastCount = 0;
    this.lastWords = "";
  }
}

/** A voice that lives on the device; words about a body are not sent to a speech service. */
export function chooseVoice<V extends { lang: string; localService: boolean; default: boolean }>(
  voices: V[],
  lang: string,
): V | null {
  const language = lang.split("-")[0]?.toLowerCase() ?? "en";
  const local = voices.filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language));
  return (
    local.find((voice) => voice.lang.toLowerCase() === lang.toLowerCase()) ??
    local.find((voice) => voice.default) ??
    local[0] ??
    null
  );
}
