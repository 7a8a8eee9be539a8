/** Leads a person to stand where the camera sees them, in words on the card and by voice. */

import type { SetConfig } from "./flow_data";
import { FramingHelper } from "./framing_data";
import { HelperCard } from "./live_panels";
import type { Size } from "./picture_data";
import type { PoseMessage } from "./pose_messages";
import type { Voice } from "./voice_view";

const SAY_AGAIN_MS = 6000;

export class PlacingHelp {
  readonly card: HelperCard;
  private readonly framing: FramingHelper;
  private brightness = 128;
  private spokenMs = 0;

  constructor(
    set: SetConfig,
    actions: { start(): void; tap(): void },
    private readonly voice: Voice,
  ) {
    this.card = new HelperCard(set, actions);
    this.framing = new FramingHelper({ view: set.view, position: set.exercise.position ?? "standing" });
    this.card.waiting("Starting the camera …");
    if (set.exercise.camera) voice.say(set.exercise.camera);
  }

  /** Takes one look in; says whether the person has stood well for long enough. */
  look(pose: PoseMessage, picture: Size): boolean {
    if (pose.brightness !== null) this.brightness = pose.brightness;
    const now = performance.now();
    const checks = this.framing.look(
      {
        image: pose.presence > 0 ? pose.image : null,
        presence: pose.presence,
        people: pose.people,
        brightness: this.brightness,
        ...picture,
      },
      now,
    );
    this.card.show(checks);
    const wrong = checks.find((check) => !check.ok && check.words);
    if (wrong && now - this.spokenMs > SAY_AGAIN_MS && !this.voice.isSpeaking) {
      this.spokenMs = now;
      this.voice.say(wrong.words);
    }
    return this.framing.isReady(now);
  }
}
