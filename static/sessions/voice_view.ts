/** Speech and short sounds, from this device only, with an off switch. */

import { chooseVoice } from "./cue_data";

export class Voice {
  isOn: boolean;
  private sound: AudioContext | null = null;

  constructor(isOn: boolean) {
    this.isOn = isOn;
    // Browsers fill the list of voices late; asking once starts that.
    if ("speechSynthesis" in window) window.speechSynthesis.getVoices();
  }

  /** Must be called inside a tap: browsers keep sound back until then. */
  unlock(): void {
    this.sound ??= "AudioContext" in window ? new AudioContext() : null;
    void this.sound?.resume();
  }

  /** Whether this device has a voice of its own. */
  get canSpeak(): boolean {
    return (
      "speechSynthesis" in window &&
      chooseVoice(window.speechSynthesis.getVoices(), document.documentElement.lang) !== null
    );
  }

  get isSpeaking(): boolean {
    return "speechSynthesis" in window && (window.speechSynthesis.speaking || window.speechSynthesis.pending);
  }

  say(words: string, options: { interrupt?: boolean } = {}): void {
    if (!this.isOn || !words || !("speechSynthesis" in window)) return;
    const voice = chooseVoice(window.speechSynthesis.getVoices(), document.documentElement.lang);
    if (!voice) return;
    if (options.interrupt) window.speechSynthesis.cancel();
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    window.speechSynthesis.speak(utterance);
  }

  /** A short tone: `high` for "go" and "done", low for the seconds before. */
  beep(pitch: "low" | "high"): void {
    if (!this.isOn || !this.sound || this.sound.state !== "running") return;
    const now = this.sound.currentTime;
    const tone = this.sound.createOscillator();
    const volume = this.sound.createGain();
    tone.frequency.value = pitch === "high" ? 880 : 520;
    volume.gain.setValueAtTime(0.15, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + (pitch === "high" ? 0.35 : 0.15));
    tone.connect(volume).connect(this.sound.destination);
    tone.start(now);
    tone.stop(now + 0.4);
  }

  toggle(): boolean {
    this.isOn = !this.isOn;
    if (!this.isOn && "speechSynthesis" in window) window.speechSynthesis.cancel();
    return this.isOn;
  }

  silence(): void {
    if ("speechSynthesis" in window) window.speechSynthesis.cancel();
    void this.sound?.close();
    this.sound = null;
  }
}
