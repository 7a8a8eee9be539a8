import type { ModelSize } from "./pace_data";

/** What the page and the worker say to each other. Landmark arrays and pictures are handed over, not copied. */

export type ToWorker =
  | { type: "load"; base: string; size: ModelSize }
  | { type: "people"; most: 1 | 2 }
  | { type: "look"; bitmap: ImageBitmap; captureMs: number; measureLight: boolean };

export interface PoseMessage {
  type: "pose";
  captureMs: number;
  presence: number;
  people: number;
  image: Float32Array;
  world: Float32Array;
  durationMs: number;
  /** Mean brightness 0 to 255, when it was asked for. */
  brightness: number | null;
}

export type FromWorker =
  { type: "ready"; size: ModelSize; sha256: string } | { type: "failed"; code: "no_wasm" | "no_model" } | PoseMessage;
