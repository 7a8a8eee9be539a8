/** Keeps the screen on: a page whose screen went dark sees nothing. */
export class ScreenAwake {
  private lock: WakeLockSentinel | null = null;
  private wanted = false;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.wanted) void this.ask();
    });
  }

  /** Whether this browser can keep the screen on and does so now. */
  get isHeld(): boolean {
    return this.lock !== null && !this.lock.released;
  }

  hold(): Promise<void> {
    this.wanted = true;
    return this.ask();
  }

  release(): void {
    this.wanted = false;
    void this.lock?.release();
    this.lock = null;
  }

  private async ask(): Promise<void> {
    if (!("wakeLock" in navigator)) return;
    // Refused on low battery: the session goes on without it.
    this.lock = await navigator.wakeLock.request("screen").catch(() => null);
  }
}
