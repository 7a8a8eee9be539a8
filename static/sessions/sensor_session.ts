/** `<pl-sensor-test>`: leads a person through a test that their phone measures. */

import { readConfig } from "../shared/page";
import { isAppleTouchDevice, type MotionFrame, type MotionSource } from "./motion_sensor_data";
import { askMotionPermission, MotionSensor, type MotionPermission } from "./motion_sensor_view";
import { motionHeader, MotionStream } from "./motion_stream_view";
import { type FlowEvent, saySlept, type TestConfig, TestFlow } from "./sensor_data";
import { finishTest, type StartedTest, startTest, wait } from "./sensor_start_view";
import { TestSteps } from "./sensor_steps_view";
import { phoneOf, sensorTrouble, type SensorTroubleCode } from "./sensor_trouble_data";
import { SensorScreen, troubleScreen } from "./sensor_view";
import type { RecordingState } from "./server_messages";
import { trouble, type TroubleCode } from "./trouble_data";
import { Voice } from "./voice_view";
import { ScreenAwake } from "./wake_view";

const TICK_MS = 100;
const ACTIVE_EVERY_MS = 20_000;
const SAY_WAITING_AFTER_MS = 2500;
const OFFER_WITHOUT_AFTER_MS = 20_000;
const SLEPT_SHOWN_MS = 20_000;
const LINE_LOST = `${trouble("line_lost").title}. ${trouble("line_lost").words}`;
const SCREEN_WORDS = "The screen must stay on. If it goes dark, the phone stops measuring.";
const DONE_WORDS = "Well done. You can take the phone out.";
const ENDED_WORDS = "The test has ended. You can stop now and take the phone out. What was measured is safe.";
const NO_WAKE_WORDS =
  "Your phone may turn its screen off by itself. In Settings, set Auto-Lock or Screen timeout to 5 minutes.";

interface Remarks {
  slept: string;
  line: string;
  quality: string;
}

export class SensorTest extends HTMLElement {
  private config!: TestConfig;
  private steps!: TestSteps;
  private voice!: Voice;
  private screen: SensorScreen | null = null;
  private flow: TestFlow | null = null;
  private readonly awake = new ScreenAwake();
  private readonly sensor = new MotionSensor((seconds) => this.onSlept(seconds));
  private source: MotionSource | null = null;
  private test: StartedTest | null = null;
  private stream: MotionStream | null = null;
  /** Measured before the server knew of the test. In memory only, never in the browser's storage. */
  private kept: MotionFrame[] = [];
  private seen = -1;
  /** When "Go" was said, on the frames' clock. */
  private goMs: number | null = null;
  private ticker = 0;
  private activeMs = 0;
  private isBeginning = false;
  private isLeaving = false;
  private wantsToFinishWithout = false;
  private sleptTimer = 0;
  private remarks: Remarks = { slept: "", line: "", quality: "" };

  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form) return;
    this.config = readConfig<TestConfig>(this.getAttribute("config") ?? "sensor-config");
    this.voice = new Voice(this.config.voice);
    this.steps = new TestSteps(form, this.config.is_ready);
    form.addEventListener("submit", this.onSubmit);
    window.addEventListener("pagehide", this.leave);
    window.addEventListener("pageshow", this.onPageShow);
    window.addEventListener("beforeunload", this.onBeforeUnload);
  }

  disconnectedCallback(): void {
    this.leave();
  }

  // Before

  /** In the tap itself: phones give sensor, sound and screen only then. */
  private readonly onSubmit = (event: Event): void => {
    event.preventDefault();
    if (this.isBeginning || this.flow || !this.steps.check()) return;
    this.isBeginning = true;
    const asked = askMotionPermission();
    this.voice.unlock();
    const lit = this.awake.hold();
    void this.begin(asked, lit).finally(() => (this.isBeginning = false));
  };

  private async begin(asked: Promise<MotionPermission>, lit: Promise<void>): Promise<void> {
    const permission = await asked;
    if (permission !== "granted") return this.showTrouble(permission);
    this.enterCountdown();
    void lit.then(() => this.screen?.showScreenLine(this.awake.isHeld ? SCREEN_WORDS : NO_WAKE_WORDS));
    this.source = await this.sensor.start((frames) => this.onFrames(frames));
    if (!this.flow) return;
    if (!this.source) return this.showTrouble("no_readings");
    const answer = await startTest(this.config.urls.start, this.steps.answers, {
      isWanted: () => this.flow !== null && !this.isLeaving,
      noLine: () => this.remark("line", LINE_LOST),
    });
    this.remark("line", "");
    if (answer?.kind === "started") this.openStream(answer.test);
    else if (answer?.kind === "fields") {
      this.backToSteps();
      this.steps.showErrors(answer.fields);
    } else if (answer?.kind === "trouble") this.showTrouble(answer.code, answer.words);
  }

  private enterCountdown(): void {
    this.kept = [];
    this.goMs = null;
    this.wantsToFinishWithout = false;
    this.remarks = { slept: "", line: "", quality: "" };
    this.flow = new TestFlow(this.config, performance.now());
    this.screen = new SensorScreen(this.config, {
      stop: () => this.stop(),
      done: () => void this.finish(),
      moreTime: () => this.flow?.giveMoreTime(),
      cancel: () => this.cancel(),
      toggleVoice: () => this.voice.toggle(),
      finishWithout: () => (this.wantsToFinishWithout = true),
    });
    document.body.classList.add("always-dark", "measuring");
    this.steps.form.hidden = true;
    this.append(this.screen.element);
    window.scrollTo({ top: 0 });
    this.screen.showPhase("countdown");
    const place = this.config.placements[String(this.steps.answers["placement"])] ?? "";
    const words = [place, this.config.words.get_ready].filter(Boolean).join(" ");
    this.screen.showWords(words);
    this.screen.showScreenLine(SCREEN_WORDS);
    this.voice.say(`${words} Starting in ${this.flow.secondsLeft(performance.now())} seconds.`, { interrupt: true });
    this.ticker = window.setInterval(() => this.tick(), TICK_MS);
  }

  private openStream(test: StartedTest): void {
    if (!this.source) return;
    this.test = test;
    const placement = String(this.steps.answers["placement"] ?? "");
    this.stream = new MotionStream<RecordingState>(test.ws_path, motionHeader(this.source, placement), {
      onState: (state) => this.onState(state),
      onLine: (isUp) => this.remark("line", isUp ? "" : LINE_LOST),
      onTrouble: (code) => this.onTrouble(code),
    });
    if (this.goMs !== null) this.stream.go(this.goMs);
    this.stream.push(this.kept);
    this.kept = [];
  }

  // While it runs

  private onFrames(frames: MotionFrame[]): void {
    const flow = this.flow;
    if (!flow) return;
    for (const frame of frames) flow.sense.feel(frame);
    if (!flow.isCapturing(performance.now())) return;
    if (this.stream) this.stream.push(frames);
    else this.kept.push(...frames);
  }

  private tick(): void {
    const { flow, screen } = this;
    if (!flow || !screen) return;
    const now = performance.now();
    for (const event of flow.tick(now)) this.react(event);
    if (flow.sense.isSilent(now)) screen.showSilence();
    else screen.showFeeling(flow.sense.level, flow.sense.isMoving);
    if (flow.phase === "countdown") screen.countdown(flow.secondsLeft(now));
    else if (flow.phase === "recording") screen.showTime(flow.elapsedS(now), flow.share(now), this.targetWords(now));
    this.noteActivity(now);
  }

  private targetWords(now: number): string {
    const aim = this.config.aim_s ?? this.config.ends_after_s;
    if (!aim || !this.flow) return "";
    if (this.flow.share(now) >= 1) return this.config.words.enough;
    return aim >= 60 ? `of ${Math.round(aim / 60)} minutes` : `of ${aim} seconds`;
  }

  private react(event: FlowEvent): void {
    if (event.kind === "beep") this.voice.beep(event.pitch);
    else if (event.kind === "say") this.voice.say(event.words, { interrupt: true });
    else if (event.kind === "go") {
      this.goMs = performance.now();
      this.stream?.go(this.goMs);
      this.screen?.showPhase("recording");
      this.screen?.showWords(this.config.words.moving);
    } else void this.finish();
  }

  private onState(state: RecordingState): void {
    this.seen = state.seen;
    this.remark("quality", state.quality?.words ?? "");
  }

  private onTrouble(code: TroubleCode): void {
    if (code !== "line_refused") return this.remark("line", trouble(code).words);
    // Nothing more is taken: nobody should walk on in vain.
    if (this.flow?.phase === "countdown") return this.showTrouble("ended");
    this.wantsToFinishWithout = true;
    void this.finish(ENDED_WORDS);
  }

  private onSlept(seconds: number): void {
    if (this.flow?.phase !== "recording") return;
    const words = saySlept(seconds, this.config.kind);
    this.remark("slept", words);
    window.clearTimeout(this.sleptTimer);
    this.sleptTimer = window.setTimeout(() => this.remark("slept", ""), SLEPT_SHOWN_MS);
    this.voice.say(words, { interrupt: true });
  }

  /** One remark at a time, the gravest first. */
  private remark(about: keyof Remarks, words: string): void {
    this.remarks[about] = words;
    this.screen?.showLine(this.remarks.slept || this.remarks.line || this.remarks.quality);
  }

  /** Somebody who moves is not idle; a phone that lies on the table is, so that a forgotten test signs out. */
  private noteActivity(now: number): void {
    if (!this.flow?.sense.isMoving || this.flow.sense.isSilent(now) || now - this.activeMs < ACTIVE_EVERY_MS) return;
    this.activeMs = now;
    window.dispatchEvent(new Event("plumbline:active"));
  }

  // After

  private async finish(words = DONE_WORDS): Promise<void> {
    if (!this.flow || this.flow.phase === "over") return;
    this.flow.end();
    this.sensor.stop();
    this.screen?.showPhase("sending");
    this.voice.beep("high");
    this.voice.say(words, { interrupt: true });
    await this.sendTheRest();
    const test = this.test;
    if (!test || this.isLeaving) return;
    await this.stream?.end();
    while (!(await finishTest(test.finish_url))) await wait(SAY_WAITING_AFTER_MS);
    this.isLeaving = true;
    window.location.assign(test.result_url);
  }

  /** Waits until the server has everything, for as long as the page stays open. */
  private async sendTheRest(): Promise<void> {
    const began = performance.now();
    while (!this.isLeaving && !this.isAllThere()) {
      const waited = performance.now() - began;
      if (waited > SAY_WAITING_AFTER_MS)
        this.screen?.showWords("Your movement is kept in this page until the line is back. Keep the page open.");
      if (waited > OFFER_WITHOUT_AFTER_MS && this.test) this.screen?.offerToFinishWithout();
      if (this.wantsToFinishWithout) return;
      await wait(TICK_MS);
    }
  }

  private isAllThere(): boolean {
    return this.stream !== null && this.kept.length === 0 && this.seen >= this.stream.lastSequence;
  }

  private showTrouble(code: SensorTroubleCode, words = ""): void {
    const phone = phoneOf(navigator.userAgent, isAppleTouchDevice(navigator));
    this.backToSteps();
    this.steps.form.hidden = true;
    const card = troubleScreen(sensorTrouble(code, phone, words), {
      retry: () => {
        card.remove();
        this.steps.form.hidden = false;
      },
      backUrl: this.config.urls.movement,
    });
    this.append(card);
    card.focus();
  }

  private backToSteps(): void {
    this.letGo();
    this.screen?.element.remove();
    this.screen = null;
    document.body.classList.remove("always-dark", "measuring");
    this.steps.form.hidden = false;
  }

  /** Back during the countdown: a test that has begun on the server ends without a sample. */
  private cancel(): void {
    const test = this.test;
    this.backToSteps();
    if (test) void finishTest(test.finish_url);
  }

  /** Something is wrong: the page changes at once, and what was measured is kept. */
  private stop(): void {
    const test = this.test;
    this.isLeaving = true;
    this.letGo();
    if (test) void finishTest(test.finish_url, { keepalive: true });
  }

  private letGo(): void {
    window.clearInterval(this.ticker);
    this.flow?.end();
    this.flow = null;
    this.sensor.stop();
    this.stream?.close();
    this.stream = null;
    this.test = null;
    this.source = null;
    this.kept = [];
    this.seen = -1;
    this.awake.release();
  }

  private readonly leave = (): void => {
    this.isLeaving = true;
    this.letGo();
    this.voice?.silence();
  };

  private readonly onPageShow = (event: PageTransitionEvent): void => {
    if (event.persisted) window.location.reload();
  };

  /** Only while something would be lost. */
  private readonly onBeforeUnload = (event: BeforeUnloadEvent): void => {
    const isUnsent = this.kept.length > 0 || (this.stream !== null && !this.isAllThere());
    if (!this.isLeaving && this.flow !== null && isUnsent) event.preventDefault();
  };
}
