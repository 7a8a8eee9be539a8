/** MediaPipe's 33 landmarks by name, and the lines between them that people recognise as a body. */

export const NOSE = 0;
export const EARS = [7, 8] as const;
export const SHOULDERS = [11, 12] as const;
export const HIPS = [23, 24] as const;
export const KNEES = [25, 26] as const;
export const ANKLES = [27, 28] as const;

export type Limb = "left_arm" | "right_arm" | "left_leg" | "right_leg" | "trunk";
export const LIMBS: Limb[] = ["trunk", "left_arm", "right_arm", "left_leg", "right_leg"];

export const LIMB_WORDS: Record<Limb, string> = {
  trunk: "your body",
  left_arm: "your left arm",
  right_arm: "your right arm",
  left_leg: "your left leg",
  right_leg: "your right leg",
};

/** The landmarks without which a limb counts as hidden. */
export const LIMB_POINTS: Record<Limb, number[]> = {
  trunk: [11, 12, 23, 24],
  left_arm: [11, 13, 15],
  right_arm: [12, 14, 16],
  left_leg: [23, 25, 27],
  right_leg: [24, 26, 28],
};

export const BONES: { limb: Limb; from: number; to: number }[] = [
  { limb: "trunk", from: 11, to: 12 },
  { limb: "trunk", from: 11, to: 23 },
  { limb: "trunk", from: 12, to: 24 },
  { limb: "trunk", from: 23, to: 24 },
  { limb: "left_arm", from: 11, to: 13 },
  { limb: "left_arm", from: 13, to: 15 },
  { limb: "right_arm", from: 12, to: 14 },
  { limb: "right_arm", from: 14, to: 16 },
  { limb: "left_leg", from: 23, to: 25 },
  { limb: "left_leg", from: 25, to: 27 },
  { limb: "left_leg", from: 27, to: 31 },
  { limb: "left_leg", from: 27, to: 29 },
  { limb: "left_leg", from: 29, to: 31 },
  { limb: "right_leg", from: 24, to: 26 },
  { limb: "right_leg", from: 26, to: 28 },
  { limb: "right_leg", from: 28, to: 32 },
  { limb: "right_leg", from: 28, to: 30 },
  { limb: "right_leg", from: 30, to: 32 },
];

export const JOINTS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];

export const SEEN_FROM = 0.5;

export type LimbStates = Partial<Record<Limb, "seen" | "hidden">>;

/** Which limbs the model itself claims to see; the server's judgement replaces this as soon as it arrives. */
export function limbsSeen(image: Float32Array, presence: number): LimbStates {
  const states: LimbStates = {};
  for (const limb of LIMBS) {
    const seen = presence > 0 && LIMB_POINTS[limb].every((point) => (image[point * 4 + 3] ?? 0) >= SEEN_FROM);
    states[limb] = seen ? "seen" : "hidden";
  }
  return states;
}

/** One sentence for the corner of the screen, to the patient or about the patient. */
export function sayLimbs(states: LimbStates, whose: "you" | "the patient" = "you"): { seen: boolean; words: string } {
  const hidden = LIMBS.filter((limb) => states[limb] === "hidden");
  const [nobody, everything, some] =
    whose === "you"
      ? ["I cannot see you", "I can see you", "I cannot see"]
      : ["Nobody is seen", "Whole body seen", "Not seen:"];
  if (!Object.keys(states).length || hidden.length === LIMBS.length) return { seen: false, words: nobody };
  if (!hidden.length) return { seen: true, words: everything };
  const names = hidden.map((limb) => (whose === "you" ? LIMB_WORDS[limb] : LIMB_WORDS[limb].replace("your ", "")));
  return { seen: true, words: `${some} ${joinWords(names)}` };
}

export function joinWords(words: string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
