import { html, setText } from "./elements";
import { IdleClock } from "./idle_data";
import { csrfToken } from "./page";

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart", "plumbline:active"];

/** Signs a person out who has left the screen, after a warning. Other tabs of the same browser count as activity. */
export class IdleWatch {
  private readonly clock: IdleClock;
  private readonly channel = "BroadcastChannel" in window ? new BroadcastChannel("plumbline-idle") : null;
  private readonly words = html("p");
  private readonly dialog: HTMLDialogElement;
  private timer = 0;

  constructor(
    limitS: number,
    private readonly keepAliveUrl: string | undefined,
  ) {
    this.clock = new IdleClock(limitS, Date.now());
    this.dialog = html(
      "dialog",
      { class: "dialog", "aria-labelledby": "idle-title" },
      html("h2", { id: "idle-title" }, "Are you still there?"),
      this.words,
      html(
        "div",
        { class: "dialog__actions" },
        html("button", { class: "button", type: "button", onclick: () => this.signOut() }, "Sign out now"),
        html(
          "button",
          { class: "button button--primary", type: "button", autofocus: true, onclick: () => this.stay() },
          "Stay signed in",
        ),
      ),
    );
    this.dialog.addEventListener("cancel", () => this.stay());
    document.body.append(this.dialog);
  }

  start(): void {
    for (const name of SIGNS_OF_LIFE) {
      window.addEventListener(name, () => this.noteActivity(), { passive: true, capture: true });
    }
    this.channel?.addEventListener("message", (event: MessageEvent<{ at: number; out?: boolean }>) => {
      if (event.data.out) window.location.assign("/");
      else this.clock.seenElsewhere(event.data.at);
    });
    this.timer = window.setInterval(() => this.look(), 1000);
  }

  private noteActivity(): void {
    if (this.dialog.open) return;
    this.clock.seen(Date.now());
  }

  private look(): void {
    const now = Date.now();
    const state = this.clock.state(now);
    if (state === "expired") return this.signOut();
    if (state === "warning") {
      setText(
        this.words,
        `You will be signed out in ${Math.ceil(this.clock.secondsLeft(now))} seconds. What you saved is safe.`,
      );
      if (!this.dialog.open) this.dialog.showModal();
    } else {
      if (this.dialog.open) this.dialog.close();
      if (this.clock.takeKeepAlive(now)) this.keepAlive(now);
    }
  }

  private stay(): void {
    const now = Date.now();
    this.clock.seen(now);
    if (this.dialog.open) this.dialog.close();
    this.keepAlive(now);
  }

  private keepAlive(now: number): void {
    this.channel?.postMessage({ at: now });
    if (!this.keepAliveUrl) return;
    const headers = { "X-CSRFToken": csrfToken() };
    fetch(this.keepAliveUrl, { method: "POST", credentials: "same-origin", headers }).catch(() => undefined);
  }

  private signOut(): void {
    window.clearInterval(this.timer);
    this.channel?.postMessage({ at: 0, out: true });
    const form = document.getElementById("sign-out");
    if (form instanceof HTMLFormElement) form.submit();
    else window.location.assign("/");
  }
}
