/** `<pl-live-session>`: leads a person through the sets of a session. */

import { postJson, readConfig } from "../shared/page";
import { type Adjustment, type Changes, readChanges, type StopWords } from "./answer_data";
import { limbsSeen, type LimbStates } from "./body_data";
import { VoicePolicy } from "./cue_data";
import { type Mode, saySide, SessionFlow, type SetConfig } from "./flow_data";
import type { PoseFrame } from "./frame_data";
import { type Choice, doneCard, stopCard, troubleCard, waitingCard, welcomeCard } from "./live_panels";
import { CHOICE_WORDS, type LiveConfig, modesToOffer } from "./live_config";
import { LiveScreen } from "./live_screen";
import { SensorSet } from "./live_sensor";
import { RateMeter, slowWords } from "./pace_data";
import type { PoseMessage } from "./pose_messages";
import { PlacingHelp } from "./placing_view";
import { PoseCamera } from "./pose_view";
import { keepNotice, RestPause } from "./rest_view";
import { fetchMotion, MotionPlayer } from "./sample_view";
import type { StateMessage } from "./server_messages";
import { SetStream } from "./stream_view";
import { TapCounter } from "./tap_view";
import { trouble, type TroubleCode } from "./trouble_data";
import { Voice } from "./voice_view";
import { ScreenAwake } from "./wake_view";

const TICK_MS = 200;
const AFTER_LAST_MS = 1200;
const REST_WORDS = "Well done. Have a rest. How was it?";
const LAST_SET_WORDS = "Well done. That was the last set.";

export class LiveSession extends HTMLElement {
  private config!: LiveConfig;
  private flow!: SessionFlow;
  private adjustment: Adjustment | null = null;
  private screen!: LiveScreen;
  private voice!: Voice;
  private readonly policy = new VoicePolicy();
  private readonly awake = new ScreenAwake();
  private readonly rate = new RateMeter();
  private camera: PoseCamera | null = null;
  private stream: SetStream | null = null;
  private player: MotionPlayer | null = null;
  private helper: PlacingHelp | null = null;
  private rest: RestPause | null = null;
  private tapping: TapCounter | null = null;
  private sensor: SensorSet | null = null;
  private endTimer = 0;
  private tickTimer = 0;
  private limbs: LimbStates = {};
  private picture = { width: 640, height: 480 };
  private shownSecond = -1;

  connectedCallback(): void {
    this.config = readConfig<LiveConfig>(this.getAttribute("config") ?? "live-config");
    this.flow = new SessionFlow(this.config.sets, this.config.mode);
    this.adjustment = this.config.adjustment;
    this.voice = new Voice(this.config.voice);
    const actions = {
      stop: () => this.leave(),
      endSet: () => void this.endSet(),
      toggleVoice: () => this.voice.toggle(),
    };
    this.screen = new LiveScreen(this, this.config.urls.stop, actions);
    this.screen.showVoice(this.voice.isOn);
    this.tickTimer = window.setInterval(() => this.tick(), TICK_MS);
    window.addEventListener("keydown", this.onKey);
    window.addEventListener("pagehide", this.onPageHide);
    window.addEventListener("pageshow", this.onPageShow);
    if (this.flow.phase === "done") this.showDone();
    else this.showWelcome();
  }

  disconnectedCallback(): void {
    this.leave();
  }

  private readonly onPageHide = (): void => this.leave();

  /** A page that comes back out of the browser's memory has no camera and no line any more. */
  private readonly onPageShow = (event: PageTransitionEvent): void => {
    if (event.persisted) window.location.reload();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const onControl = event.target instanceof HTMLElement && event.target.closest("button, a, input") !== null;
    if (event.key === " " && this.tapping && !onControl) {
      event.preventDefault();
      this.tapping.tap();
    }
  };

  // Before the first set

  private showWelcome(): void {
    const set = this.flow.current;
    if (!set) return;
    this.screen.showPhase(this.flow);
    const choices: Choice[] = modesToOffer(this.config).map((mode) => ({ mode, words: CHOICE_WORDS[mode] }));
    this.screen.showPanel(welcomeCard(set, choices, (mode) => this.begin(mode), keepNotice(this.config)));
  }

  private begin(mode: Mode): void {
    this.voice.unlock();
    void this.awake.hold();
    this.flow.begin(mode, performance.now());
    this.sensor?.stop();
    this.sensor = null;
    if (mode === "camera") this.startCamera();
    // Still inside the tap: an iPhone gives its sensor to nobody who asks later.
    if (mode === "sensor" || mode === "worn") this.startSensor();
    this.enterPhase();
  }

  private startSensor(): void {
    const wornPath = this.flow.mode === "worn" ? (this.config.worn_path ?? "") : "";
    this.sensor = new SensorSet({ ws: this.config.ws_path, worn: wornPath, begin: this.config.urls.tap ?? "" }, {
      onState: (state) => this.onState(state),
      onLine: (words) => this.screen.showLine(words),
      onWatching: (names) => this.screen.showWatching(names),
      onTrouble: (code) => this.onTrouble(code),
      onSlept: (words) => this.voice.say(words),
      endSet: () => void this.endSet(),
    });
    void this.sensor.start();
  }

  private startCamera(): void {
    this.camera?.stop();
    this.camera = new PoseCamera(this.screen.video, {
      onPose: (pose) => this.onPose(pose),
      onReady: () => this.helper?.card.waiting("Step back until I can see all of you."),
      onTrouble: (code) => this.onTrouble(code),
    });
    void this.camera.start();
  }

  private onTrouble(code: TroubleCode): void {
    if (code === "line_long_lost") return this.screen.showLine(trouble(code).words);
    this.camera?.stop();
    this.player?.stop();
    this.sensor?.stop();
    const leaveUrl = this.config.urls.summary;
    const actions = { retry: () => this.retry(), tap: () => this.switchToTapping(), leaveUrl };
    this.screen.showPanel(troubleCard(trouble(code), actions));
  }

  private retry(): void {
    if (this.flow.phase === "finishing") return void this.storeSet();
    this.stream?.close();
    this.stream = null;
    this.begin(this.flow.mode);
  }

  private switchToTapping(): void {
    this.camera?.stop();
    this.camera = null;
    this.sensor?.stop();
    this.sensor = null;
    this.stream?.close();
    this.stream = null;
    this.begin("tap");
  }

  // Phases

  private enterPhase(): void {
    const { flow, screen } = this;
    screen.showPhase(flow);
    this.shownSecond = -1;
    this.helper = null;
    this.tapping?.stop();
    this.tapping = null;
    const set = flow.current;
    if (flow.phase === "helper" && set) this.enterHelper(set);
    else if (flow.phase === "ready" && set) this.enterReady(set);
    else if (flow.phase === "moving" && set) this.enterMoving(set);
    else if (flow.phase === "resting") this.enterRest();
    else if (flow.phase === "done") this.showDone();
  }

  private enterHelper(set: SetConfig): void {
    const actions = { start: () => this.getReady(), tap: () => this.switchToTapping() };
    if (this.sensor) {
      this.screen.showPanel(this.sensor.placeCard(set, actions));
      return;
    }
    this.helper = new PlacingHelp(set, actions, this.voice);
    this.screen.showPanel(this.helper.card.element);
  }

  private getReady(): void {
    this.flow.getReady(performance.now());
    this.enterPhase();
  }

  private enterReady(set: SetConfig): void {
    this.camera?.lookForOthers(false);
    this.policy.startSet();
    this.screen.showCount(0, set, 0);
    const sensor = this.flow.counting === "tap" ? null : this.sensor;
    const still = sensor ? "Then hold still until the sound." : "";
    this.voice.say([`Get ready. ${set.exercise.name}.`, saySide(set.side), still].filter(Boolean).join(" "), {
      interrupt: true,
    });
    if (sensor) sensor.open(set);
    else if (this.flow.mode === "camera" && this.camera) {
      this.picture = { width: this.camera.width, height: this.camera.height };
      this.openStream(set, { model_sha256: this.camera.sha256, mirror: true, source: "camera" });
    } else if (this.flow.mode === "sample") void this.prepareSample(set);
  }

  private async prepareSample(set: SetConfig): Promise<void> {
    try {
      const motion = await fetchMotion((this.config.urls.sample ?? "").replace("{set}", set.ref));
      this.picture = { width: motion.width, height: motion.height };
      this.openStream(set, { model_sha256: "", mirror: false, source: "sample" });
      const first = motion.frames[0];
      if (first) this.onSampleFrame(first);
      this.player = new MotionPlayer(
        motion,
        (frame) => this.onSampleFrame(frame),
        () => void this.endSet(),
      );
      if (this.flow.phase === "moving") this.player.start();
    } catch {
      this.onTrouble("no_sample");
    }
  }

  private openStream(
    set: SetConfig,
    header: { model_sha256: string; mirror: boolean; source: "camera" | "sample" },
  ): void {
    this.stream?.close();
    this.stream = new SetStream(
      this.config.ws_path.replace("{set}", set.ref),
      { ...header, ...this.picture },
      {
        onState: (state) => this.onState(state),
        onLine: (isUp) => this.screen.showLine(isUp ? "" : trouble("line_lost").words),
        onWatching: (names) => this.screen.showWatching(names),
        onTrouble: (code) => this.onTrouble(code),
      },
    );
    this.stream.open();
  }

  private enterMoving(set: SetConfig): void {
    this.voice.beep("high");
    this.screen.showPanel();
    if (this.flow.counting === "tap") this.showTapping(set);
    else if (this.sensor) this.screen.showPanel(this.sensor.countPanel(() => this.switchToTapping()));
    else this.player?.start();
  }

  private enterRest(): void {
    if (this.flow.mode === "sample") this.screen.clearBody();
    this.limbs = {};
    const done = this.flow.current;
    if (!done) return;
    this.rest = new RestPause(done, this.config, {
      onChanges: (changes) => this.onChanges(changes),
      say: (words) => this.voice.say(words),
      skip: () => {
        this.flow.skipRest(performance.now());
        this.enterPhase();
      },
    });
    this.rest.show(this.flow.next, this.adjustment);
    this.screen.showPanel(this.rest.element);
  }

  /** An answer, or form that broke, may have made what is left easier, or ended it. */
  private onChanges(changes: Changes): void {
    this.adjustment = changes.adjustment;
    if (changes.stop) return this.showStop(changes.stop);
    if (this.flow.take(changes.sets, performance.now())) return this.enterPhase();
    this.screen.showPhase(this.flow);
    if (this.flow.phase === "resting") this.rest?.show(this.flow.next, this.adjustment);
  }

  private showStop(stop: StopWords): void {
    this.leave();
    this.screen.showPanel(stopCard(stop, this.config.urls.stop));
    this.voice.say(`${stop.title}. ${stop.words}`);
  }

  private tick(): void {
    const now = performance.now();
    if (this.flow.tick(now)) return this.enterPhase();
    if (this.flow.phase === "ready") this.showCountdown(now);
    else if (this.flow.phase === "resting") this.rest?.showLeft(this.flow.secondsLeft(now));
    else this.tapping?.tick(now);
  }

  private showCountdown(now: number): void {
    const seconds = this.flow.secondsLeft(now);
    this.screen.countdown(seconds, "Get ready");
    if (seconds === this.shownSecond) return;
    this.shownSecond = seconds;
    if (seconds > 0 && seconds <= 3) this.voice.beep("low");
  }

  // What the camera sees

  /** Somebody who is seen is not idle; an empty room is, so that a forgotten session signs out. */
  private noteActivity(): void {
    window.dispatchEvent(new Event("plumbline:active"));
  }

  private onPose(pose: PoseMessage): void {
    if (pose.presence > 0) this.noteActivity();
    this.rate.note(performance.now());
    const { phase } = this.flow;
    if (this.helper) this.lookAtFraming(pose);
    if (phase !== "moving" || !this.limbs.trunk) this.limbs = limbsSeen(pose.image, pose.presence);
    if (phase === "helper" || phase === "ready") this.screen.showLimbs(this.limbs);
    this.drawFrame(pose, true);
    if (phase === "moving") this.stream?.push(pose);
  }

  private lookAtFraming(pose: PoseMessage): void {
    if (!this.helper || !this.camera) return;
    this.picture = { width: this.camera.width, height: this.camera.height };
    const standsWell = this.helper.look(pose, this.picture);
    this.camera.lookForOthersAfterProbe();
    if (standsWell && this.camera.isSettled) this.getReady();
  }

  private onSampleFrame(frame: PoseFrame): void {
    this.noteActivity();
    if (!this.limbs.trunk) {
      this.limbs = limbsSeen(frame.image, frame.presence);
      this.screen.showLimbs(this.limbs);
    }
    this.drawFrame(frame, false);
    if (this.flow.phase === "moving") this.stream?.push(frame);
  }

  private drawFrame(frame: Pick<PoseFrame, "image" | "presence">, mirror: boolean): void {
    this.screen.drawBody(frame.presence > 0 ? frame.image : null, this.picture, { mirror, limbs: this.limbs });
  }

  // What the server says

  private onState(state: StateMessage): void {
    if (this.flow.phase !== "moving" && this.flow.phase !== "finishing") return;
    const set = this.flow.current;
    if (this.sensor) {
      this.noteActivity();
      this.sensor.show(state, set);
    }
    this.limbs = state.limbs;
    this.screen.showLimbs(state.limbs);
    this.screen.showCount(state.count, set, state.phase);
    this.screen.showCue(state);
    this.screen.showLast(state.last);
    this.screen.showHold(state.hold_s, set?.target_hold_s ?? null);
    const slow = slowWords({ server: state.skipping, device: this.rate.isSlow && this.flow.mode === "camera" });
    this.screen.showLine(slow || (this.sensor?.note ?? ""));
    this.speak(state);
    if (this.flow.counted(state.count, state.hold_s)) this.endSetSoon();
  }

  /** The way back of the last repetition belongs to the recording, and the last number wants to be seen. */
  private endSetSoon(): void {
    this.endTimer ||= window.setTimeout(() => void this.endSet(), AFTER_LAST_MS);
  }

  private speak(state: StateMessage): void {
    const number = this.policy.countToSay(state.count);
    const words = state.not_scored?.words ?? state.cue?.words ?? "";
    if (words && !this.voice.isSpeaking && this.policy.mayCue(words, performance.now())) this.voice.say(words);
    else if (number !== null) this.voice.say(String(number), { interrupt: true });
  }

  // Counting by hand

  private showTapping(set: SetConfig): void {
    const url = this.config.urls.tap?.replace("{set}", set.ref);
    this.tapping = new TapCounter(set, url, (count) => this.onTapped(set, count));
    this.screen.showPanel(this.tapping.element);
    this.tapping.element.focus();
  }

  private onTapped(set: SetConfig, count: number): void {
    this.voice.beep("low");
    this.voice.say(String(count), { interrupt: true });
    this.screen.showCount(count, set, 0);
    if (this.flow.counted(count, set.target_hold_s)) this.endSetSoon();
  }

  // After a set

  private async endSet(): Promise<void> {
    if (this.flow.phase !== "moving") return;
    window.clearTimeout(this.endTimer);
    this.endTimer = 0;
    this.flow.finishing();
    this.player?.stop();
    this.player = null;
    this.voice.beep("high");
    this.screen.showPhase(this.flow);
    this.screen.showPanel(waitingCard("Saving your set", "A moment, please."));
    await this.stream?.end();
    await this.sensor?.end();
    this.stream = null;
    await this.storeSet();
  }

  private async storeSet(): Promise<void> {
    const set = this.flow.current;
    if (!set) return;
    const url = this.config.urls.finish_set.replace("{set}", set.ref);
    const answer = await postJson(url, { count: this.flow.count, counted_by: this.flow.countedBy, skipped: false }).catch(
      () => null,
    );
    const changes = answer?.ok ? readChanges(await answer.json().catch(() => null)) : null;
    if (!changes) return this.onTrouble("set_not_saved");
    this.flow.take(changes.sets, performance.now());
    this.adjustment = changes.adjustment;
    this.flow.finished(performance.now(), this.adjustment !== null);
    this.voice.say(this.flow.phase === "done" ? LAST_SET_WORDS : REST_WORDS);
    this.enterPhase();
  }

  private showDone(): void {
    const url = this.config.urls.pain ?? this.config.urls.summary;
    this.leave();
    this.screen.showPhase(this.flow);
    this.screen.showPanel(doneCard(url));
    window.location.assign(url);
  }

  /** Lets go of camera, line, voice and screen; what was sent is safe. */
  private leave(): void {
    window.clearInterval(this.tickTimer);
    this.tapping?.stop();
    window.clearTimeout(this.endTimer);
    window.removeEventListener("keydown", this.onKey);
    window.removeEventListener("pagehide", this.onPageHide);
    this.camera?.stop();
    this.player?.stop();
    this.stream?.close();
    this.sensor?.stop();
    this.awake.release();
    this.voice.silence();
  }
}
