/** The Dictate button and the line that says what is heard. Sound is turned into text on this device or not at all. */

import { html, setHidden, setText } from "./elements";
import { ENDED, LEFT, type Language, languagesToTry, NOT_OFFERED, sayTrouble } from "./dictation_data";
import { type Engine, install, languageOnDevice, localEngine, type Recognition, recognitionOf } from "./speech_engine";

type State = "off" | "starting" | "listening" | "finishing";

interface Heard extends Event {
  resultIndex: number;
  results: SpeechRecognitionResultList;
}

export interface DictationParts {
  button: HTMLElement;
  strip: HTMLElement;
  why: HTMLElement;
}

export class Dictation {
  private engine: Engine | null = null;
  private language: Language | null = null;
  private state: State = "off";
  private run: Recognition | null = null;
  /** Heard, and not written yet: the engine may still change it. */
  private heard = "";
  private readonly said = html("p", { class: "dictation__state", role: "status" });
  private readonly words = html("q", { class: "dictation__words", dir: "auto" });
  private readonly choice = html(
    "div",
    { class: "row" },
    html("button", { class: "button", type: "button", onclick: () => this.writeHeard() }, "Write these words"),
    html("button", { class: "button button--quiet", type: "button", onclick: () => this.forget() }, "Leave them out"),
  );

  constructor(
    private readonly parts: DictationParts,
    private readonly area: HTMLTextAreaElement,
    private readonly write: (transcript: string) => void,
  ) {
    parts.strip.replaceChildren(this.said, this.words, this.choice);
    // The text keeps its focus, and with it the caret.
    parts.button.addEventListener("mousedown", (event) => event.preventDefault());
    parts.button.addEventListener("click", () => this.toggle());
    area.addEventListener("focusout", (event) => this.onFocusOut(event));
    // Who types on has read why it stopped.
    area.addEventListener("input", () => this.state === "off" && !this.heard && this.end(""));
    window.addEventListener("blur", () => this.state === "listening" && this.leave());
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.leave());
  }

  get isOffered(): boolean {
    return !this.parts.button.hidden;
  }

  /** Show the button where the browser can do it on this device, and else why there is none. */
  async offer(): Promise<void> {
    this.engine = localEngine(window);
    this.language = this.engine && (await languageOnDevice(this.engine, languagesToTry(navigator.languages)));
    setHidden(this.parts.button, !this.language);
    setHidden(this.parts.why, Boolean(this.language));
    setText(this.parts.why, this.language ? "" : NOT_OFFERED);
  }

  toggle(): void {
    if (!this.engine || !this.language || this.area.readOnly) return;
    if (this.state === "listening") this.finish();
    else if (this.state === "starting") this.leave(ENDED);
    else if (this.state === "off") void this.begin(this.engine, this.language);
  }

  /** Stop at once. What was heard and not written stays on the page, to be written with one press. */
  leave(words = LEFT): void {
    if (this.state === "off") return;
    const run = this.run;
    this.run = null;
    run?.abort();
    this.end(words);
  }

  /** Before signing: stop, and write what stands on the page. */
  settle(): void {
    this.leave(ENDED);
    if (this.heard) this.writeHeard();
  }

  private finish(): void {
    this.tell("finishing", "Writing the last words…");
    this.run?.stop();
  }

  private async begin(engine: Engine, language: Language): Promise<void> {
    if (language.availability !== "available" && !(await this.prepare(engine, language))) return;
    const run = recognitionOf(engine, language.tag);
    if (!run) return this.end(sayTrouble("service-not-allowed"));
    this.run = run;
    this.heard = "";
    this.area.focus({ preventScroll: true });
    this.listenTo(run);
    this.tell("starting", "The browser asks for the microphone…");
    try {
      run.start();
    } catch {
      this.run = null;
      this.end(sayTrouble(""));
    }
  }

  private listenTo(run: Recognition): void {
    const mine = (act: (event: Event) => void) => (event: Event) => void (this.run === run && act(event));
    run.addEventListener("start", mine(() => this.tell("listening", "Listening, on this device only")));
    run.addEventListener("result", mine((event) => this.onHeard(event as Heard)));
    run.addEventListener("error", mine((event) => this.onError((event as Event & { error: string }).error)));
    run.addEventListener("end", mine(() => this.onEnd()));
  }

  private onHeard({ results, resultIndex }: Heard): void {
    const fresh = [...results].slice(resultIndex);
    for (const one of fresh.filter((each) => each.isFinal)) this.write(one[0]?.transcript ?? "");
    const open = fresh.filter((each) => !each.isFinal);
    this.heard = open.map((each) => each[0]?.transcript ?? "").join("").trim();
    this.show();
  }

  private onError(name: string): void {
    this.run = null;
    this.end(sayTrouble(name));
  }

  private onEnd(): void {
    this.run = null;
    this.end(ENDED);
  }

  private onFocusOut(event: FocusEvent): void {
    const to = event.relatedTarget;
    const isOurs = to instanceof Node && (this.parts.button.contains(to) || this.parts.strip.contains(to));
    // Without the window's focus the text has none either; asking for the microphone takes it for a moment.
    if (this.state === "listening" && !isOurs && document.hasFocus()) this.leave();
  }

  private writeHeard(): void {
    const heard = this.heard;
    this.heard = "";
    this.area.focus({ preventScroll: true });
    this.write(heard);
    this.end("");
  }

  private forget(): void {
    this.heard = "";
    this.area.focus({ preventScroll: true });
    this.end("");
  }

  private end(words: string): void {
    this.tell("off", words);
  }

  private tell(state: State, words: string): void {
    this.state = state;
    setText(this.said, words);
    this.show();
  }

  private show(): void {
    const isOn = this.state !== "off";
    const { button, strip } = this.parts;
    button.setAttribute("aria-pressed", String(isOn));
    button.replaceChildren(...(isOn ? ["Stop", html("span", { class: "visually-hidden" }, " dictating")] : ["Dictate"]));
    strip.classList.toggle("dictation--listening", this.state === "listening");
    setText(this.words, this.heard);
    setHidden(this.words, !this.heard);
    setHidden(this.choice, isOn || !this.heard);
    setHidden(strip, !this.said.textContent && !this.heard);
  }

  /** Fetch what the browser needs, if the person agrees; true once it is there. */
  private async prepare(engine: Engine, language: Language): Promise<boolean> {
    if (!(await agrees(language.tag))) return false;
    this.tell("off", "The browser fetches its speech recognition. You can go on writing.");
    const isThere = await install(engine, language.tag);
    this.tell("off", isThere ? "Ready: press Dictate." : "The browser could not fetch its speech recognition. Try again later.");
    if (isThere) language.availability = "available";
    return false;
  }
}

async function agrees(tag: string): Promise<boolean> {
  const yes = html("button", { class: "button button--primary", value: "yes" }, "Let the browser fetch it");
  const dialog = html(
    "dialog",
    { class: "dialog stack", "aria-labelledby": "dictation-title" },
    html("h2", { id: "dictation-title" }, "Dictation needs a download, once"),
    html("p", {}, `So that no sound leaves this device, the browser first fetches its speech recognition (${tag}) from its maker. Nothing of the text or of you is sent with it.`),
    html("form", { method: "dialog", class: "dialog__actions" }, html("button", { class: "button", value: "no" }, "Not now"), yes),
  );
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  dialog.remove();
  return dialog.returnValue === "yes";
}
