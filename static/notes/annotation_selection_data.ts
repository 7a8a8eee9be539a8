/** The chosen words, and how keys move and change them. */

import type { Place } from "./annotation_text_data";
import { wordAt } from "./annotation_text_data";

/** `forward`: the end moves with Shift; otherwise the beginning does. */
export interface Selection extends Place {
  readonly forward: boolean;
}

export function choose(place: Place): Selection {
  return { start: place.start, end: place.end, forward: true };
}

/** The word before or behind the chosen ones; the first word where nothing is chosen. */
export function step(words: readonly Place[], chosen: Selection | null, by: 1 | -1): Selection | null {
  if (!chosen) return words[0] ? choose(words[0]) : null;
  const next = by > 0 ? words[wordAt(words, chosen.end)] : words[wordAt(words, chosen.start) - 1];
  return next ? choose(next) : chosen;
}

/** One word more or fewer at the moving edge, as Shift with an arrow does in any text. */
export function extend(words: readonly Place[], chosen: Selection | null, by: 1 | -1): Selection | null {
  if (!chosen) return step(words, chosen, by);
  const first = wordAt(words, chosen.start);
  const last = wordAt(words, chosen.end - 1);
  const moves = by > 0 ? (chosen.forward || first === last) : chosen.forward && first !== last;
  if (by > 0 && moves) return { ...chosen, end: words[last + 1]?.end ?? chosen.end, forward: true };
  if (by < 0 && moves) return { ...chosen, end: words[last - 1]?.end ?? chosen.end };
  if (by > 0) return { ...chosen, start: words[first + 1]?.start ?? chosen.start };
  return { ...chosen, start: words[first - 1]?.start ?? chosen.start, forward: false };
}

/** One character more or fewer at the beginning or the end; never empty, never outside of the text. */
export function nudge(chosen: Selection | null, edge: "start" | "end", by: 1 | -1, length: number): Selection | null {
  if (!chosen) return null;
  const start = edge === "start" ? chosen.start + by : chosen.start;
  const end = edge === "end" ? chosen.end + by : chosen.end;
  return start < 0 || end > length || start >= end ? chosen : { ...chosen, start, end };
}

/** From the chosen words to another place, whichever comes first. */
export function reach(chosen: Selection | null, place: Place): Selection {
  if (!chosen) return choose(place);
  return {
    start: Math.min(chosen.start, place.start),
    end: Math.max(chosen.end, place.end),
    forward: place.end >= chosen.end,
  };
}
