import { levelOf, sayLeft, ServerClock } from "./clock_data";
import { setText } from "./elements";

const LEVELS = ["significant", "mild", "not-scored"] as const;
const TICK_MS = 1000;

/** `<pl-clock class="state state--mild" due="…" now="…" soon="225">12 min left</pl-clock>`: keeps its words running. */
export class Clock extends HTMLElement {
  private clock: ServerClock | null = null;
  private timer = 0;

  connectedCallback(): void {
    const serverNow = Date.parse(this.getAttribute("now") ?? "");
    const due = Date.parse(this.getAttribute("due") ?? "");
    if (Number.isNaN(serverNow) || Number.isNaN(due)) return;
    this.clock ??= new ServerClock(serverNow, performance.now());
    this.show(due);
    this.timer = window.setInterval(() => this.show(due), TICK_MS);
  }

  disconnectedCallback(): void {
    window.clearInterval(this.timer);
  }

  private show(due: number): void {
    if (!this.clock) return;
    const left = this.clock.secondsTo(due, performance.now());
    const level = levelOf(left, Number(this.getAttribute("soon") ?? 0));
    setText(this, sayLeft(left));
    for (const name of LEVELS) this.classList.toggle(`state--${name}`, name === level);
  }
}
