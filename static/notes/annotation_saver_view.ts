import { html } from "../shared/elements";
import { postJson } from "../shared/page";
import type { Marks } from "./annotation_span_data";

const WAIT_MS = 800;
const RETRY_MS = 5000;

/** Keeps the marks on the server: soon after each change, again until it worked, one message at a time. */
export class Saver {
  private timer = 0;
  private waiting: Marks | null = null;
  private sending: Promise<boolean> | null = null;
  private since = Date.now();

  constructor(
    private readonly url: string,
    public revision: number,
    private readonly place: HTMLElement | null,
  ) {
    window.addEventListener("pagehide", () => this.sendLast());
  }

  keep(marks: Marks): void {
    this.waiting = marks;
    this.say("Saving …");
    this.later(WAIT_MS);
  }

  /** Everything stored; false where it could not be. */
  async flush(): Promise<boolean> {
    window.clearTimeout(this.timer);
    while (this.waiting || this.sending) {
      if (!(await (this.sending ?? this.send()))) return false;
    }
    return true;
  }

  private later(ms: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), ms);
  }

  private send(): Promise<boolean> {
    const marks = this.waiting;
    if (!marks) return Promise.resolve(true);
    this.waiting = null;
    this.sending = this.post(marks).finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async post(marks: Marks): Promise<boolean> {
    const answer = await postJson(this.url, this.body(marks)).catch(() => null);
    const told = (await answer?.json().catch(() => null)) as { revision?: number; words?: string } | null | undefined;
    if (answer?.ok && typeof told?.revision === "number") {
      this.revision = told.revision;
      this.since = Date.now();
      if (!this.waiting) this.say("Saved");
      return true;
    }
    this.waiting ??= marks;
    if (answer?.status === 409 && typeof told?.revision === "number") this.offer(marks, told.revision);
    else if (answer && answer.status < 500 && answer.status !== 429) {
      this.say(told?.words ?? "Not saved. Load the page again; what was saved before is safe.");
    } else {
      this.say("Not saved yet: no connection. Trying again …");
      this.later(RETRY_MS);
    }
    return false;
  }

  private body(marks: Marks): object {
    const seconds = Math.round((Date.now() - this.since) / 1000);
    return { revision: this.revision, entities: marks.entities, rejected: marks.rejected, seconds };
  }

  /** The document was changed in another window: nothing is lost before somebody has chosen. */
  private offer(marks: Marks, stored: number): void {
    this.place?.replaceChildren(
      "You changed this document in another window. ",
      html("button", { type: "button", class: "button", onclick: () => this.take(marks, stored) }, "Keep what is here"),
      " ",
      html("button", { type: "button", class: "button", onclick: () => this.drop() }, "Load the other"),
    );
  }

  private take(marks: Marks, stored: number): void {
    this.revision = stored;
    this.keep(this.waiting ?? marks);
    void this.flush();
  }

  private drop(): void {
    this.waiting = null;
    window.location.reload();
  }

  private sendLast(): void {
    if (this.waiting && !this.sending) void postJson(this.url, this.body(this.waiting), { keepalive: true });
  }

  private say(words: string): void {
    if (this.place && this.place.textContent !== words) this.place.textContent = words;
  }
}
