/** Plays a recorded motion as if a camera had seen it, in its own time. */

import { decodeMotion, type Motion, type PoseFrame } from "./frame_data";

export async function fetchMotion(url: string): Promise<Motion> {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the motion answered ${answer.status}`);
  return decodeMotion(await answer.arrayBuffer());
}

const TICK_MS = 15;

export class MotionPlayer {
  private timer = 0;
  private at = 0;

  constructor(
    private readonly motion: Motion,
    private readonly onFrame: (frame: PoseFrame) => void,
    private readonly onEnd: () => void,
  ) {}

  /** A timer, not animation frames: a page in the background still sends what it plays. */
  start(): void {
    const origin = performance.now() - (this.motion.frames[0]?.captureMs ?? 0);
    this.timer = window.setInterval(() => {
      let next = this.motion.frames[this.at];
      while (next && origin + next.captureMs <= performance.now()) {
        this.onFrame({ ...next, captureMs: origin + next.captureMs });
        next = this.motion.frames[++this.at];
      }
      if (next) return;
      this.stop();
      this.onEnd();
    }, TICK_MS);
  }

  stop(): void {
    window.clearInterval(this.timer);
  }
}
