/** Finds the landmarks away from the page's thread. Pictures never leave this worker. */

import { FilesetResolver, PoseLandmarker, type PoseLandmarkerResult } from "@mediapipe/tasks-vision";

import { LANDMARK_COUNT } from "./frame_data";
import type { ModelSize } from "./pace_data";
import type { FromWorker, PoseMessage, ToWorker } from "./pose_messages";

const PINNED_SHA256: Record<ModelSize, string> = {
  lite: "0f0e4e0e46c65e77ad1a17e3eea21d0204f220bcb93daf4d5a601217cde0d770",
  full: "47d7b4baf0a774bed99100f419e18c4034de382e51433b11246d47fd0b9c44c5",
};
const LIGHT_WIDTH = 32;
const LIGHT_HEIGHT = 24;

interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
}
const scope = self as unknown as WorkerScope;

let landmarker: PoseLandmarker | null = null;
let lastCaptureMs = -1;
const light = new OffscreenCanvas(LIGHT_WIDTH, LIGHT_HEIGHT).getContext("2d", { willReadFrequently: true });

class ModelMissing extends Error {}

async function fetchWeights(base: string, size: ModelSize): Promise<{ weights: Uint8Array; sha256: string }> {
  const answer = await fetch(`${base}/pose_landmarker_${size}.task`, { credentials: "same-origin" });
  if (!answer.ok) throw new ModelMissing(`weights answered ${answer.status}`);
  const weights = new Uint8Array(await answer.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", weights));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== PINNED_SHA256[size]) throw new ModelMissing("weights are not the pinned ones");
  return { weights, sha256 };
}

async function load(base: string, size: ModelSize): Promise<void> {
  try {
    const { weights, sha256 } = await fetchWeights(base, size);
    const files = await FilesetResolver.forVisionTasks(base, true);
    const next = await PoseLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetBuffer: weights, delegate: "CPU" },
      runningMode: "VIDEO",
      numPoses: 1,
    });
    warmUp(next);
    landmarker?.close();
    landmarker = next;
    scope.postMessage({ type: "ready", size, sha256 });
  } catch (error) {
    scope.postMessage({ type: "failed", code: error instanceof ModelMissing ? "no_model" : "no_wasm" });
  }
}

/** The first look takes up to three seconds; it is spent here, on an empty picture, not in the first repetition. */
function warmUp(model: PoseLandmarker): void {
  const canvas = new OffscreenCanvas(64, 64);
  canvas.getContext("2d")?.fillRect(0, 0, 64, 64);
  model.detectForVideo(canvas as unknown as ImageBitmap, 0);
}

function brightnessOf(bitmap: ImageBitmap): number | null {
  if (!light) return null;
  light.drawImage(bitmap, 0, 0, LIGHT_WIDTH, LIGHT_HEIGHT);
  const pixels = light.getImageData(0, 0, LIGHT_WIDTH, LIGHT_HEIGHT).data;
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    sum += 0.299 * (pixels[i] ?? 0) + 0.587 * (pixels[i + 1] ?? 0) + 0.114 * (pixels[i + 2] ?? 0);
  }
  return sum / (pixels.length / 4);
}

function toMessage(
  result: PoseLandmarkerResult,
  captureMs: number,
  durationMs: number,
  brightness: number | null,
): PoseMessage {
  const image = new Float32Array(LANDMARK_COUNT * 4);
  const world = new Float32Array(LANDMARK_COUNT * 3);
  const found = result.landmarks[0];
  found?.forEach((point, i) => image.set([point.x, point.y, point.z, point.visibility ?? 0], i * 4));
  result.worldLandmarks[0]?.forEach((point, i) => world.set([point.x, point.y, point.z], i * 3));
  const presence = found ? 1 : 0;
  return { type: "pose", captureMs, presence, people: result.landmarks.length, image, world, durationMs, brightness };
}

function look(message: Extract<ToWorker, { type: "look" }>): void {
  const { bitmap } = message;
  // The tracker stops for good when two pictures carry the same time.
  const captureMs = Math.max(message.captureMs, lastCaptureMs + 1);
  try {
    if (!landmarker) return;
    lastCaptureMs = captureMs;
    const started = performance.now();
    const result = landmarker.detectForVideo(bitmap, captureMs);
    const durationMs = performance.now() - started;
    const answer = toMessage(result, captureMs, durationMs, message.measureLight ? brightnessOf(bitmap) : null);
    scope.postMessage(answer, [answer.image.buffer, answer.world.buffer]);
  } finally {
    bitmap.close();
  }
}

scope.onmessage = (event) => {
  const message = event.data;
  if (message.type === "load") void load(message.base, message.size);
  else if (message.type === "look") look(message);
  else void landmarker?.setOptions({ numPoses: message.most });
};
