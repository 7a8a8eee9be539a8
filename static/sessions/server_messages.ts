import type { LimbStates } from "./body_data";

/** What the stream's server says while a set runs. */

export type Severity = "correct" | "mild" | "significant" | "not_scored";

export interface Cue {
  code: string;
  words: string;
  severity?: string;
}

export interface StateMessage {
  type: "state";
  ack: number;
  seen: number;
  count: number;
  phase: number;
  hold_s: number | null;
  cue: Cue | null;
  limbs: LimbStates;
  not_scored: { code: string; words: string } | null;
  last: { index: number; classification: Severity; words: string } | null;
  skipping: boolean;
  side: string | null;
}

/** Of a recording that is no exercise: a walk, a timed test. */
export interface RecordingState {
  type: "state";
  ack: number;
  seen: number;
  /** Seconds from the first frame to the last one received. */
  seconds: number;
  rate_hz: number;
  /** The phone has not moved for a while. */
  still: boolean;
  /** What is wrong with the signal, in words; null when nothing is. */
  quality: { code: string; words: string } | null;
}

export type ServerMessage<S = StateMessage> =
  | { type: "welcome"; next_sequence: number; server_ms: number }
  | S
  | { type: "error"; code: string; words: string; next_sequence?: number }
  | { type: "watching"; names: string[] }
  | { type: "closed" };
