/** Counting by hand, for people without a camera. Space presses the button too. */

import { html, setText } from "../shared/elements";
import { postJson } from "../shared/page";
import type { SetConfig } from "./flow_data";

const SEND_EVERY_MS = 1000;

export class TapCounter {
  readonly element: HTMLButtonElement;
  private readonly words = html("span", {});
  private readonly number = html("span", { class: "tap-pad__number" }, "0");
  private count = 0;
  private holdUntilMs = 0;
  private sendTimer = 0;

  /** `url` takes the total while tapping; `onCount` hears each new total. */
  constructor(
    private readonly set: SetConfig,
    private readonly url: string | undefined,
    private readonly onCount: (count: number) => void,
  ) {
    this.element = html(
      "button",
      { class: "tap-pad", type: "button", onclick: () => this.tap() },
      this.number,
      this.words,
    );
    this.show();
  }

  /** Counts one repetition, or starts a hold that counts when it is over. */
  tap(): void {
    if (this.holdUntilMs || this.isComplete) return;
    if (this.set.target_hold_s) this.holdUntilMs = performance.now() + this.set.target_hold_s * 1000;
    else this.add();
  }

  tick(nowMs: number): void {
    if (!this.holdUntilMs) return;
    const left = Math.ceil((this.holdUntilMs - nowMs) / 1000);
    if (left > 0) return setText(this.words, `Hold ${left} s`);
    this.holdUntilMs = 0;
    this.add();
  }

  stop(): void {
    window.clearTimeout(this.sendTimer);
  }

  private get isComplete(): boolean {
    return this.count >= (this.set.target_repetitions ?? (this.set.target_hold_s ? 1 : Infinity));
  }

  private add(): void {
    this.count += 1;
    this.show();
    this.onCount(this.count);
    // The total is sent again when the set ends, so a lost message costs nothing.
    if (this.url && !this.sendTimer) this.sendTimer = window.setTimeout(() => this.send(), SEND_EVERY_MS);
  }

  private send(): void {
    this.sendTimer = 0;
    if (this.url) postJson(this.url, { count: this.count }).catch(() => undefined);
  }

  private show(): void {
    const verb = this.set.target_hold_s ? `Tap, then hold ${this.set.target_hold_s} s` : "Tap after each repetition";
    setText(this.number, String(this.count));
    setText(this.words, this.set.target_repetitions ? `of ${this.set.target_repetitions}. ${verb}` : verb);
  }
}
