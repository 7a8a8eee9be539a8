/** Saves the draft: every five seconds, when the page is left, again after trouble. Nothing is kept in the browser. */

import { csrfToken } from "../shared/page";
import { retryDelayMs } from "../shared/reconnect_data";
import { NOTHING_SAVED, readAnswer, type SaveState } from "./save_data";

const EVERY_MS = 5000;
const HEARTBEAT_MS = 15_000;
const SIGNED_OUT_MS = 10_000;
const PATIENCE_MS = 20_000;
const MOST_IN_VAIN = 12;
// What a browser sends of a page that is being closed.
const MOST_KEPT_ALIVE = 60_000;

export interface OtherText {
  kind: string;
  words: string;
  revision: number;
  text: string;
  version: number | null;
  editor: string;
  by: string;
}

interface Saved {
  revision: number;
  token: string;
  editor: string;
  saved_at?: string;
  refused?: [number, number][];
}

export interface SaverHandlers {
  draft(): { text: string; facts: object[] };
  onState(state: SaveState): void;
  onOtherText(other: OtherText): void;
  onTakenOver(name: string): void;
  onRefused(places: [number, number][], text: string): void;
}

export class Saver {
  state: SaveState = { ...NOTHING_SAVED };
  private changes = 0;
  private attempts = 0;
  private nextAt = 0;
  private beatAt = 0;
  /** Texts sent without an answer since the last one that was stored. */
  private sentInVain = new Set<string>();
  private running: Promise<boolean> | null = null;
  private timer = 0;

  constructor(
    private readonly url: string,
    public revision: number,
    private readonly handlers: SaverHandlers,
  ) {}

  start(): void {
    this.timer = window.setInterval(() => this.look(), 1000);
    void this.beat();
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("focus", () => this.hurry());
    window.addEventListener("blur", () => void this.save());
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.save(true);
      else this.hurry();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.state.dirty) event.preventDefault();
    });
  }

  stop(): void {
    window.clearInterval(this.timer);
  }

  changed(): void {
    this.changes++;
    const now = Date.now();
    if (!this.state.dirty) this.nextAt = Math.max(this.nextAt, now + EVERY_MS);
    this.tell({ dirty: true, unsavedSince: this.state.unsavedSince ?? now });
    if (this.state.trouble !== "refused") return;
    this.tell({ trouble: "" });
    this.nextAt = now + EVERY_MS;
  }

  /** True once all that is on the screen is stored. */
  async save(leaving = false): Promise<boolean> {
    if (this.running) await this.running;
    if (!this.state.dirty) return true;
    if (this.state.trouble === "other_text") return false;
    this.running = this.saveOnce({}, leaving);
    const fine = await this.running;
    this.running = null;
    return fine && !this.state.dirty;
  }

  /** Store this page's text over the other one, which stays among the versions. */
  async insist(other: OtherText): Promise<boolean> {
    this.revision = other.revision;
    this.tell({ trouble: "", dirty: true });
    return this.saveOnce({ take_over: Boolean(other.editor), settle: other.version }, false);
  }

  /** The other text stays; this page's is among the versions, looked at. */
  async giveWay(other: OtherText): Promise<void> {
    this.revision = other.revision;
    if (other.version !== null) await this.post({ revision: other.revision, settle: other.version }, false).catch(() => null);
    this.tell({ ...NOTHING_SAVED, savedAt: this.state.savedAt });
  }

  private look(): void {
    const now = Date.now();
    if (this.state.trouble === "signed_out" && now >= this.nextAt) void this.askWhetherSignedIn();
    else if (this.state.dirty && now >= this.nextAt && !this.running) void this.save();
    else if (now - this.beatAt >= HEARTBEAT_MS && !this.state.trouble) void this.beat();
    this.handlers.onState(this.state);
  }

  private hurry(): void {
    this.nextAt = 0;
    this.beatAt = 0;
    this.look();
  }

  private async saveOnce(more: object, leaving: boolean): Promise<boolean> {
    const { text, facts } = this.handlers.draft();
    const changes = this.changes;
    this.tell({ saving: true });
    this.nextAt = Date.now() + EVERY_MS;
    const answer = await this.post({ text, facts, revision: this.revision, ...more }, leaving).catch(() => null);
    if (!answer) {
      this.sentInVain.add(text);
      if (this.sentInVain.size > MOST_IN_VAIN) this.sentInVain = new Set([text]);
      return this.failed("offline");
    }
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json") ?? false;
    const body = isJson ? ((await answer.json().catch(() => null)) as unknown) : null;
    switch (readAnswer(answer.type === "opaqueredirect" ? 0 : answer.status, body !== null)) {
      case "saved":
        return this.saved(body as Saved, changes, text);
      case "other_text":
        return this.refusedByOther(body as OtherText);
      case "new_token":
        return (await this.askWhetherSignedIn()) && this.failed("offline", 0);
      case "signed_out":
        return this.failed("signed_out", SIGNED_OUT_MS);
      case "too_often":
        return this.failed("too_often", 1000 * Number(answer.headers.get("Retry-After") ?? 10));
      case "refused":
        return this.refused((body as { words: string }).words);
      case "later":
        return this.failed("offline");
    }
  }

  private saved(answer: Saved, changes: number, text: string): boolean {
    this.attempts = 0;
    this.sentInVain.clear();
    this.revision = answer.revision;
    const dirty = this.changes !== changes;
    const savedAt = answer.saved_at ?? this.state.savedAt;
    document.body.dispatchEvent(new CustomEvent("plumbline:saved"));
    this.tell({ saving: false, trouble: "", words: "", dirty, savedAt, unsavedSince: dirty ? Date.now() : null });
    if (answer.refused?.length) this.handlers.onRefused(answer.refused, text);
    return true;
  }

  /** The answer to an earlier save may have been lost: then the other text is this page's own. */
  private refusedByOther(other: OtherText): boolean {
    if (typeof other.text !== "string") return this.refused(other.words);
    this.tell({ saving: false, trouble: "other_text", words: other.words });
    if (other.kind === "stale_draft" && this.sentInVain.has(other.text)) {
      this.revision = other.revision;
      this.tell({ trouble: "" });
      this.nextAt = 0;
      return false;
    }
    this.handlers.onOtherText(other);
    return false;
  }

  /** Trying again changes nothing; typing does. */
  private refused(words: string): false {
    this.tell({ saving: false, trouble: "refused", words });
    this.nextAt = Number.POSITIVE_INFINITY;
    return false;
  }

  private failed(trouble: "offline" | "signed_out" | "too_often", delayMs?: number): false {
    this.tell({ saving: false, trouble });
    this.nextAt = Date.now() + (delayMs ?? retryDelayMs(this.attempts++, Math.random()));
    return false;
  }

  /** Somebody who signed in again in another tab has another form token. */
  private async askWhetherSignedIn(): Promise<boolean> {
    this.nextAt = Date.now() + SIGNED_OUT_MS;
    const headers = { "X-Background": "1" };
    const answer = await fetch(this.url, { credentials: "same-origin", redirect: "manual", headers }).catch(() => null);
    const state = answer?.ok ? ((await answer.json().catch(() => null)) as Saved | null) : null;
    if (!state) {
      this.tell({ saving: false, trouble: answer ? "signed_out" : "offline" });
      return false;
    }
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": state.token }));
    this.tell({ trouble: "" });
    this.nextAt = 0;
    return true;
  }

  private async beat(): Promise<void> {
    this.beatAt = Date.now();
    const answer = await this.post({ revision: this.revision }, false, true).catch(() => null);
    if (!answer?.ok || answer.type === "opaqueredirect") return;
    const state = (await answer.json().catch(() => null)) as Saved | null;
    if (state?.editor) this.handlers.onTakenOver(state.editor);
  }

  private leave(): void {
    if (this.state.dirty) void this.save(true);
    void this.post({ revision: this.revision, let_go: true }, true, true).catch(() => null);
  }

  private post(body: object, leaving: boolean, background = false): Promise<Response> {
    const sent = JSON.stringify(body);
    return fetch(this.url, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      keepalive: leaving && new Blob([sent]).size < MOST_KEPT_ALIVE,
      signal: leaving ? null : AbortSignal.timeout(PATIENCE_MS),
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": csrfToken(),
        ...(background ? { "X-Background": "1" } : {}),
      },
      body: sent,
    });
  }

  private tell(change: Partial<SaveState>): void {
    this.state = { ...this.state, ...change };
    this.handlers.onState(this.state);
  }
}
