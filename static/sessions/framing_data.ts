/** The camera helper: what must be right before the first repetition, in words that say what to change. */

import { ANKLES, EARS, HIPS, joinWords, KNEES, SEEN_FROM, SHOULDERS } from "./body_data";

export type CheckCode = "light" | "person" | "alone" | "body" | "distance" | "view";

export interface Check {
  code: CheckCode;
  name: string;
  ok: boolean;
  /** What to change; empty while ok. */
  words: string;
}

export interface Sight {
  image: Float32Array | null;
  presence: number;
  people: number;
  /** Mean brightness of the picture, 0 to 255. */
  brightness: number;
  width: number;
  height: number;
}

export interface Placing {
  view: string;
  position: string;
}

const DARK = 45;
const GLARING = 235;
const EDGE = 0.005;
const TOO_SMALL = 0.42;
const TOO_SMALL_FROM_FEET = 0.18;
const TOO_LARGE = 0.97;
/** Shoulder width over trunk length: 0.62 to 0.88 face on, 0.38 to 0.57 diagonal, 0.03 to 0.17 side on in clips of real people. */
const SIDE_AT_MOST = 0.38;
const FRONT_AT_LEAST = 0.5;
const DIAGONAL = [0.25, 0.72] as const;

function inPicture(image: Float32Array, point: number): boolean {
  const x = image[point * 4] ?? -1;
  const y = image[point * 4 + 1] ?? -1;
  const visibility = image[point * 4 + 3] ?? 0;
  return visibility >= SEEN_FROM && x > EDGE && x < 1 - EDGE && y > EDGE && y < 1 - EDGE;
}

function check(code: CheckCode, name: string, words: string): Check {
  return { code, name, ok: words === "", words };
}

function lightWords(brightness: number): string {
  if (brightness < DARK) return "It is too dark. Turn on a light in front of you.";
  if (brightness > GLARING) return "It is too bright. Turn away from the window.";
  return "";
}

function bodyWords(image: Float32Array): string {
  const either = (points: readonly number[]) => points.some((point) => inPicture(image, point));
  const missing: string[] = [];
  if (!either([...EARS, 0])) missing.push("your head");
  if (!either(SHOULDERS)) missing.push("your shoulders");
  if (!either(HIPS)) missing.push("your hips");
  if (!either(KNEES)) missing.push("your knees");
  if (!either(ANKLES)) missing.push("your feet");
  if (!missing.length) return "";
  const turn = missing.includes("your head")
    ? " or tilt the camera up"
    : missing.includes("your feet")
      ? " or tilt the camera down"
      : "";
  return `I cannot see ${joinWords(missing)}. Step back${turn}.`;
}

/** The longer side of the box around the body, as a share of that side of the picture. */
export function bodyExtent(image: Float32Array): number {
  let [x0, y0, x1, y1] = [1, 1, 0, 0];
  for (let point = 0; point < 33; point++) {
    if ((image[point * 4 + 3] ?? 0) < SEEN_FROM) continue;
    const x = image[point * 4] ?? 0;
    const y = image[point * 4 + 1] ?? 0;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  return Math.max(0, x1 - x0, y1 - y0);
}

function distanceWords(image: Float32Array, placing: Placing): string {
  const extent = bodyExtent(image);
  if (extent > TOO_LARGE) return "You are too close. Step back.";
  const least = placing.view === "feet_end" ? TOO_SMALL_FROM_FEET : TOO_SMALL;
  return extent < least ? "You are far away. Come a little closer." : "";
}

/** Shoulder width over trunk length, in pixels; null when the trunk is not visible. */
export function shoulderRatio(sight: Sight): number | null {
  const image = sight.image;
  if (!image) return null;
  const at = (point: number) => ({
    x: (image[point * 4] ?? 0) * sight.width,
    y: (image[point * 4 + 1] ?? 0) * sight.height,
  });
  const [left, right, leftHip, rightHip] = [at(11), at(12), at(23), at(24)];
  const trunk = Math.hypot(
    (left.x + right.x - leftHip.x - rightHip.x) / 2,
    (left.y + right.y - leftHip.y - rightHip.y) / 2,
  );
  return trunk > 1 ? Math.hypot(left.x - right.x, left.y - right.y) / trunk : null;
}

function viewWords(sight: Sight, view: string): string {
  const ratio = shoulderRatio(sight);
  if (ratio === null) return "Turn so that I can see your whole body.";
  if (view === "side" && ratio > SIDE_AT_MOST) return "Turn so that your side faces the camera.";
  if (view === "front" && ratio < FRONT_AT_LEAST) return "Turn to face the camera.";
  if (view === "front_diagonal" && ratio < DIAGONAL[0]) return "Turn a little more towards the camera.";
  if (view === "front_diagonal" && ratio > DIAGONAL[1]) return "Turn half way to the side.";
  return "";
}

/** All checks for one picture, in the order in which a person should put them right. */
export function checkFraming(sight: Sight, placing: Placing): Check[] {
  const present = sight.presence > 0 && sight.image !== null;
  const image = sight.image;
  const checks = [
    check("light", "Enough light", lightWords(sight.brightness)),
    check("person", "I can see you", present ? "" : "I cannot see you yet. Step in front of the camera."),
    check(
      "alone",
      "Only you in the picture",
      sight.people > 1 ? "I see more than one person. Ask the others to step aside." : "",
    ),
    check("body", "Your whole body", present && image ? bodyWords(image) : "Head to feet should be in the picture."),
    check(
      "distance",
      "The right distance",
      present && image ? distanceWords(image, placing) : "About 2 metres (6 feet) away.",
    ),
  ];
  const upright = placing.position === "standing" || placing.position === "sitting";
  if (upright)
    checks.push(
      check(
        "view",
        VIEW_NAMES[placing.view] ?? "The right angle",
        present ? viewWords(sight, placing.view) : "Then turn as shown.",
      ),
    );
  return checks;
}

const VIEW_NAMES: Record<string, string> = {
  side: "Side on to the camera",
  front: "Facing the camera",
  front_diagonal: "Turned half way",
};

const REMEMBERED = 10;
const ENOUGH = 0.7;
const STEADY_MS = 2000;

/** Calms the checks down: a tick that flickers helps nobody. */
export class FramingHelper {
  private readonly history = new Map<CheckCode, boolean[]>();
  private readySince: number | null = null;

  constructor(private readonly placing: Placing) {}

  look(sight: Sight, nowMs: number): Check[] {
    const checks = checkFraming(sight, this.placing).map((one) => {
      const past = this.history.get(one.code) ?? [];
      past.push(one.ok);
      if (past.length > REMEMBERED) past.shift();
      this.history.set(one.code, past);
      return { ...one, ok: past.filter(Boolean).length / past.length >= ENOUGH };
    });
    if (!checks.every((one) => one.ok)) this.readySince = null;
    else this.readySince ??= nowMs;
    return checks;
  }

  /** Whether everything has been right for two seconds. */
  isReady(nowMs: number): boolean {
    return this.readySince !== null && nowMs - this.readySince >= STEADY_MS;
  }
}
