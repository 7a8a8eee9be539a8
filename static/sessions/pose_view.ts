/** The camera and the worker: pictures in, landmarks out. Drops pictures rather than queue them. */

import { ModelProbe, type ModelSize } from "./pace_data";
import type { FromWorker, PoseMessage, ToWorker } from "./pose_messages";
import { cameraTrouble, type TroubleCode } from "./trouble_data";

const LIGHT_EVERY = 10;

export interface PoseListener {
  onPose(pose: PoseMessage): void;
  onReady(): void;
  onTrouble(code: TroubleCode): void;
}

/** Opens the front camera without sound; rejects with a trouble code. */
export async function openCamera(): Promise<MediaStream> {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new CameraError("insecure");
  const video = { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new CameraError(cameraTrouble(error instanceof DOMException ? error.name : ""));
  }
}

export class CameraError extends Error {
  constructor(readonly code: TroubleCode) {
    super(code);
  }
}

export class PoseCamera {
  sha256 = "";
  size: ModelSize = "lite";
  private worker: Worker | null = null;
  private stream: MediaStream | null = null;
  private isBusy = false;
  private isReady = false;
  private isRunning = false;
  private isProbing = true;
  private seesOthers = false;
  private looks = 0;
  private readonly probe = new ModelProbe();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly listener: PoseListener,
  ) {}

  get width(): number {
    return this.video.videoWidth || 640;
  }

  get height(): number {
    return this.video.videoHeight || 480;
  }

  /** Starts camera and model side by side; troubles go to the listener. */
  async start(): Promise<void> {
    this.loadModel("lite");
    try {
      this.stream = await openCamera();
      this.stream.getVideoTracks()[0]?.addEventListener("ended", () => this.listener.onTrouble("camera_lost"));
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch (error) {
      this.listener.onTrouble(error instanceof CameraError ? error.code : "no_camera");
      return;
    }
    this.isRunning = true;
    this.waitForPicture();
  }

  stop(): void {
    this.isRunning = false;
    this.worker?.terminate();
    this.worker = null;
    this.isReady = false;
    this.isBusy = false;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  /** Whether the choice of model is made and loaded. */
  get isSettled(): boolean {
    return !this.isProbing && this.isReady;
  }

  /** While the helper runs the model also looks for a second person, which costs time; not while exercising. */
  lookForOthers(others: boolean): void {
    if (this.seesOthers === others) return;
    this.seesOthers = others;
    this.send({ type: "people", most: others ? 2 : 1 });
  }

  /** The probe must see the pace of one person, so others are looked for after it. */
  lookForOthersAfterProbe(): void {
    if (this.isSettled) this.lookForOthers(true);
  }

  private loadModel(size: ModelSize): void {
    if (!("OffscreenCanvas" in window) || !("WebAssembly" in window)) return this.listener.onTrouble("no_wasm");
    this.worker ??= this.openWorker();
    this.isReady = false;
    this.size = size;
    this.send({ type: "load", base: `${import.meta.env.BASE_URL}pose/${__POSE_VERSION__}`, size });
  }

  private openWorker(): Worker {
    const worker = new Worker(new URL("./pose_worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => this.receive(event.data));
    worker.addEventListener("error", () => this.listener.onTrouble("no_wasm"));
    return worker;
  }

  private receive(message: FromWorker): void {
    if (message.type === "failed") this.listener.onTrouble(message.code);
    else if (message.type === "ready") {
      this.sha256 = message.sha256;
      this.isReady = true;
      this.isBusy = false;
      this.listener.onReady();
    } else {
      this.isBusy = false;
      if (this.isProbing && message.presence > 0) this.chooseModel(message.durationMs);
      this.listener.onPose(message);
    }
  }

  private chooseModel(durationMs: number): void {
    const size = this.probe.add(durationMs);
    if (size === null) return;
    this.isProbing = false;
    if (size === "full") this.loadModel("full");
  }

  private waitForPicture(): void {
    if (!this.isRunning) return;
    const take = (now: number) => {
      void this.takePicture(now);
      this.waitForPicture();
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(take);
    else requestAnimationFrame(take);
  }

  private async takePicture(captureMs: number): Promise<void> {
    if (this.isBusy || !this.isReady || this.video.readyState < 2) return;
    this.isBusy = true;
    try {
      const bitmap = await createImageBitmap(this.video);
      this.send({ type: "look", bitmap, captureMs, measureLight: this.looks++ % LIGHT_EVERY === 0 }, [bitmap]);
    } catch {
      // The picture was gone before it could be taken (camera paused or page hidden): the next one will do.
      this.isBusy = false;
    }
  }

  private send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }
}
