/** `<pl-chat thread-url="…">`: sends without leaving the page, shows answers as they come, says them aloud. */

import { Dictation } from "../shared/dictation_view";
import { dictated } from "../shared/dictation_data";
import { html, setHidden, setText } from "../shared/elements";
import { sayDates } from "../shared/moment_view";
import { csrfToken } from "../shared/page";
import {
  Announcer,
  hasArrived,
  isSending,
  lookAgainMs,
  NOT_SENT,
  type SaidTurn,
  SIGNED_OUT,
  turnsToDraw,
} from "./chat_data";
import { Voice } from "./voice_view";

/** Tells the server that a script asks, which wants the thread and no page. */
const FOR_SCRIPT = { "HX-Request": "true" };

export class Chat extends HTMLElement {
  private readonly announcer = new Announcer();
  private readonly voice = new Voice(false);
  private readonly leaving = new AbortController();
  private dictation: Dictation | null = null;
  private isBusy = false;
  private looks = 0;
  private timer = 0;
  /** Counts fetches, so that a slow one cannot draw over a newer one. */
  private asked = 0;

  connectedCallback(): void {
    const { signal } = this.leaving;
    this.addEventListener("submit", (event) => this.onSubmit(event), { signal });
    this.text.addEventListener("keydown", (event) => this.onKey(event), { signal });
    // The text keeps its focus, and a phone its keyboard.
    this.piece("send").addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.text.addEventListener("input", () => this.grow(), { signal });
    document.body.addEventListener("plumbline:update", () => void this.refresh(), { signal });
    window.addEventListener("online", () => void this.refresh(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && void this.refresh(), { signal });
    this.offerVoice();
    this.offerDictation();
    this.announcer.skip(this.saidTurns());
    this.grow();
    this.showNewest();
    this.lookAgain();
  }

  disconnectedCallback(): void {
    this.leaving.abort();
    window.clearTimeout(this.timer);
    this.voice.silence();
  }

  private get text(): HTMLTextAreaElement {
    return this.piece<HTMLTextAreaElement>("form").querySelector("textarea") as HTMLTextAreaElement;
  }

  private get thread(): HTMLElement {
    return this.querySelector("#chat-thread") as HTMLElement;
  }

  private piece<E extends HTMLElement = HTMLElement>(name: string): E {
    return this.querySelector(`[data-part="${name}"]`) as E;
  }

  private onKey(event: KeyboardEvent): void {
    if (!isSending(event)) return;
    event.preventDefault();
    if (this.text.value.trim()) this.piece<HTMLFormElement>("form").requestSubmit();
  }

  private onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const part = form.dataset["part"] ?? "";
    if (!["form", "say", "helpful"].includes(part)) return;
    event.preventDefault();
    this.voice.unlock();
    this.dictation?.settle();
    void this.send(form, new FormData(form, event.submitter), part);
  }

  private async send(form: HTMLFormElement, fields: FormData, part: string): Promise<void> {
    if (this.isBusy) return;
    const said = saidIn(fields);
    const since = this.lastNumber;
    if (part !== "helpful") fields.set("after", String(since));
    this.begin(part === "helpful" ? "" : said);
    const answer = await post(form.action, fields);
    await this.show(answer, { isTyped: part === "form", said, since });
    this.isBusy = false;
    this.piece("send").removeAttribute("aria-disabled");
    this.piece("pending")?.remove();
    if (part === "form") this.text.focus({ preventScroll: true });
    else this.piece("turns").focus({ preventScroll: true });
    this.lookAgain();
  }

  /** The words stand in the thread at once; the box keeps them until they have arrived. */
  private begin(said: string): void {
    this.isBusy = true;
    this.tell("");
    this.piece("send").setAttribute("aria-disabled", "true");
    if (!said) return;
    const bubble = html("div", { class: "chat__bubble" }, html("p", { class: "prose-wrap" }, said));
    const thinking = html("p", { class: "chat__when" }, "Sending…");
    const turn = html("li", { class: "chat__turn chat__turn--patient", "data-part": "pending" }, bubble, thinking);
    this.piece("turns").append(turn);
    turn.scrollIntoView({ block: "end" });
  }

  private async show(
    answer: Response | null,
    sent: { isTyped: boolean; said: string; since: number },
  ): Promise<void> {
    if (answer?.ok && (await this.draw(await answer.text()))) {
      if (sent.isTyped) this.empty(sent.said);
      return;
    }
    if (answer?.status === 400) return this.tell(await answer.text());
    if (answer?.ok) return this.tell(SIGNED_OUT);
    await this.refresh();
    if (!hasArrived(sent.said, sent.since, this.newestOwn())) this.tell(NOT_SENT);
    else if (sent.isTyped) this.empty(sent.said);
  }

  /** Empties the box of what was sent; what was typed meanwhile stays. */
  private empty(said: string): void {
    if (this.text.value.trim() === said.trim()) this.text.value = "";
    this.grow();
  }

  private async refresh(): Promise<void> {
    const asked = ++this.asked;
    const answer = await fetch(this.getAttribute("thread-url") ?? "", {
      credentials: "same-origin",
      headers: FOR_SCRIPT,
    }).catch(() => null);
    if (answer?.ok && asked === this.asked) await this.draw(await answer.text());
    this.lookAgain();
  }

  /** Draws what changed of a fetched thread; false when the answer holds none, as after a sign-out. */
  private async draw(markup: string): Promise<boolean> {
    this.asked += 1;
    const page = new DOMParser().parseFromString(markup, "text/html");
    const fresh = page.querySelector<HTMLElement>("#chat-thread");
    if (!fresh) return false;
    const follows = this.isFollowing();
    const isNew = this.mergeTurns(fresh);
    this.thread.dataset["waiting"] = fresh.dataset["waiting"] ?? "";
    this.thread.dataset["last"] = fresh.dataset["last"] ?? "0";
    this.replaceBar(page);
    this.replaceAnswers(fresh);
    this.sayNew();
    sayDates(this);
    if (isNew || follows) this.showNewest();
    return true;
  }

  /** Puts changed turns in their place and leaves the others alone; true when a turn was added. */
  private mergeTurns(fresh: HTMLElement): boolean {
    const list = this.piece("turns");
    const before = new Map(turnsIn(list).map((turn) => [turn.dataset["turn"] ?? "", turn]));
    const coming = turnsIn(fresh);
    const drawn = turnsToDraw([...before.values()].map(stateOf), coming.map(stateOf));
    const pending = this.piece("pending");
    for (const turn of coming) {
      const there = before.get(turn.dataset["turn"] ?? "");
      if (!there) list.insertBefore(document.adoptNode(turn), pending);
      else if (drawn.has(turn.dataset["turn"] ?? "")) there.replaceWith(document.adoptNode(turn));
    }
    const kept = new Set(coming.map((turn) => turn.dataset["turn"]));
    for (const [ref, turn] of before) if (!kept.has(ref)) turn.remove();
    return coming.some((turn) => !before.has(turn.dataset["turn"] ?? ""));
  }

  /** Who knows, while the conversation is held; then nobody may start over. */
  private replaceBar(page: ParentNode): void {
    const there = this.querySelector<HTMLElement>("#chat-bar");
    const fresh = page.querySelector<HTMLElement>("#chat-bar");
    if (!there || !fresh) return;
    const isHeld = Boolean(fresh.dataset["held"]);
    this.text.placeholder = isHeld ? "Write to your care team" : "Ask in your own words";
    setHidden(this.piece("new"), isHeld || !turnsIn(this).length);
    if (there.outerHTML !== fresh.outerHTML) there.replaceWith(document.adoptNode(fresh));
  }

  /** What may be tapped next. A face that was chosen and not sent stays chosen. */
  private replaceAnswers(fresh: HTMLElement): void {
    const there = this.piece("answers");
    const coming = fresh.querySelector<HTMLElement>("[data-part=answers]");
    if (!coming || plainMarkup(there) === plainMarkup(coming)) return;
    there.replaceWith(document.adoptNode(coming));
  }

  private sayNew(): void {
    for (const { words, isDanger } of this.announcer.next(this.saidTurns())) {
      const region = this.piece(isDanger ? "assertive" : "polite");
      region.replaceChildren(html("p", {}, words));
      this.voice.say(words, { interrupt: isDanger });
    }
  }

  private saidTurns(): SaidTurn[] {
    return turnsIn(this).map((turn) => ({
      ref: turn.dataset["turn"] ?? "",
      author: turn.dataset["author"] ?? "",
      sentences: [...turn.querySelectorAll("[data-say]")].map((one) => one.textContent?.trim() ?? ""),
      isDanger: "danger" in turn.dataset,
    }));
  }

  private get lastNumber(): number {
    return Number(this.thread.dataset["last"] ?? 0);
  }

  private newestOwn(): { number: number; words: string } | null {
    const own = this.newestQuestion();
    const words = own?.querySelector(".chat__bubble p")?.parentElement;
    if (own?.dataset["author"] !== "patient" || !words) return null;
    const said = [...words.querySelectorAll("p")].map((line) => line.textContent ?? "").join(" ");
    return { number: Number(own.dataset["number"] ?? 0), words: said };
  }

  /** The newest question stands at the top, with its answer below. */
  private showNewest(): void {
    // A short thread stays where it is, with the page's heading above it.
    if (turnsIn(this).length <= 1) return;
    // What may be asked about an exercise stands last, and whoever comes from there wants to see it whole.
    if (this.querySelector("#suggestions-title")) window.scrollTo(0, document.documentElement.scrollHeight);
    else this.newestQuestion()?.scrollIntoView({ block: "start" });
  }

  /** Whether the person looks at the newest question, and has not scrolled back to read something else. */
  private isFollowing(): boolean {
    const box = this.newestQuestion()?.getBoundingClientRect();
    return box !== undefined && box.bottom > 0 && box.top < window.innerHeight;
  }

  private newestQuestion(): HTMLElement | undefined {
    const turns = turnsIn(this);
    return turns.filter((turn) => turn.dataset["author"] === "patient").at(-1) ?? turns.at(-1);
  }

  private lookAgain(): void {
    window.clearTimeout(this.timer);
    this.looks = this.thread.dataset["waiting"] ? this.looks + 1 : 0;
    if (this.looks) this.timer = window.setTimeout(() => void this.refresh(), lookAgainMs(this.looks - 1));
  }

  private tell(words: string): void {
    const place = this.piece("trouble");
    setText(place, words);
    setHidden(place, !words);
  }

  private grow(): void {
    const area = this.text;
    area.rows = 1;
    while (area.scrollHeight > area.clientHeight && area.rows < 6) area.rows += 1;
  }

  private offerVoice(): void {
    const button = this.piece("aloud");
    const offer = () => setHidden(button, !this.voice.canSpeak);
    offer();
    if ("speechSynthesis" in window)
      window.speechSynthesis.addEventListener("voiceschanged", offer, { signal: this.leaving.signal });
    button.addEventListener("click", () => {
      this.voice.unlock();
      const isOn = this.voice.toggle();
      button.setAttribute("aria-pressed", String(isOn));
      const newest = this.saidTurns().filter((turn) => turn.author !== "patient").at(-1);
      if (isOn && newest) this.voice.say(newest.sentences.join(" "));
    });
  }

  private offerDictation(): void {
    const button = this.piece("dictate");
    if (!button) return;
    const parts = { button, strip: this.piece("dictation"), why: this.piece("dictation-why") };
    this.dictation = new Dictation(parts, this.text, (transcript) => this.write(transcript));
    void this.dictation.offer();
  }

  private write(transcript: string): void {
    const area = this.text;
    const place = { start: area.selectionStart, end: area.selectionEnd };
    const written = dictated(transcript, area.value, place);
    if (!written) return;
    area.setRangeText(written.words, written.start, written.end, "end");
    this.grow();
  }
}

function turnsIn(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-turn]")];
}

function stateOf(turn: HTMLElement): { ref: string; version: string } {
  return { ref: turn.dataset["turn"] ?? "", version: turn.dataset["version"] ?? "" };
}

/** Markup to compare: without the token that each answer brings anew, and without what scripts have drawn. */
function plainMarkup(part: HTMLElement): string {
  const copy = part.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll("input[type=hidden]")) hidden.remove();
  for (const figure of copy.querySelectorAll("pl-figure")) figure.replaceChildren();
  return copy.innerHTML.trim();
}

function saidIn(fields: FormData): string {
  const pain = fields.get("pain");
  return [fields.get("text"), pain === null ? null : `Pain ${String(pain)}`].filter(Boolean).join(" ");
}

async function post(url: string, fields: FormData): Promise<Response | null> {
  return fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { ...FOR_SCRIPT, "X-CSRFToken": csrfToken() },
    body: fields,
  }).catch(() => null);
}
