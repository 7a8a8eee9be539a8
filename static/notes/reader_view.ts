/** Asks the server what the text says after each pause, one question at a time. */

import { postJson } from "../shared/page";
import { type EditorConfig, type MarksAnswer, told, toUnits, within } from "./editor_config";
import type { FactBook } from "./facts_data";
import { neighbourhood, Offsets, storable } from "./marks_text_data";

const PAUSE_MS = 250;
const AFTER_TROUBLE_MS = 4000;

export interface ReaderWords {
  /** What to say beside the list; empty when the marks are those of the whole text, read as usual. */
  warning: string;
}

export class Reader {
  private timer = 0;
  private busy = false;
  private again = false;

  constructor(
    private readonly config: EditorConfig,
    private readonly book: FactBook,
    private readonly caret: () => number,
    private readonly onRead: (words: ReaderWords) => void,
  ) {}

  /** Something was typed or decided. */
  soon(delayMs = PAUSE_MS): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), delayMs);
  }

  stop(): void {
    window.clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const fine = await this.askOnce().catch(() => false);
    this.busy = false;
    if (!fine) this.soon(AFTER_TROUBLE_MS);
    else if (this.again) this.soon();
    this.again = false;
  }

  /** False when the answer did not come: the marks on the screen move on with the words until it does. */
  private async askOnce(): Promise<boolean> {
    const { text, decisions } = this.book;
    const isLong = text.length > this.config.most_at_once;
    const part = isLong ? neighbourhood(text, this.caret(), this.config.most_at_once) : null;
    const sent = storable(part ? text.slice(part.start, part.end) : text);
    const corrections = part ? within(this.book.corrections, part) : this.book.corrections;
    const answer = await postJson(this.config.urls.marks, { text: sent, facts: told(corrections, sent) });
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json") ?? false;
    // Refused in words: asking again would change nothing. A page in its place is a sign-in or a form token out of date.
    if (isOurs && answer.status >= 400 && answer.status < 500 && answer.status !== 429) return true;
    if (!answer.ok || answer.redirected) return false;
    const read = (await answer.json()) as MarksAnswer;
    if (decisions !== this.book.decisions) {
      this.again = true;
      return true;
    }
    const offsets = new Offsets(sent);
    const shift = part?.start ?? 0;
    this.book.take(text, toUnits(read.found, offsets, shift), toUnits(read.findings, offsets, shift), part);
    const long = "A long note: while you type, only the lines around the cursor are read. All of it is read when it is saved.";
    this.onRead({ warning: [read.warning, isLong ? long : ""].filter(Boolean).join(" ") });
    return true;
  }
}
