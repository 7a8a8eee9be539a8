/** Why the phone cannot measure, in words, with the cure for this phone. */

import type { MotionPermission } from "./motion_sensor_view";

export type Phone = "iphone" | "android" | "other";

export type SensorTroubleCode =
  | Exclude<MotionPermission, "granted">
  | "no_readings"
  | "refused"
  | "too_often"
  | "ended"
  | "signed_out";

export interface SensorTrouble {
  code: SensorTroubleCode;
  title: string;
  words: string;
  /** What to do, one after the other. */
  cure: string[];
  retry: boolean;
}

export function phoneOf(userAgent: string, isApple: boolean): Phone {
  if (isApple) return "iphone";
  return /Android/.test(userAgent) ? "android" : "other";
}

const IPHONE_CURE = [
  "Close this page, then close Safari: swipe up from the bottom and push Safari away.",
  "Open Safari and come back here. Tap the button again.",
  "Your iPhone asks for “Motion and Orientation”. Tap Allow.",
  "It does not ask? Open Settings, then Apps, then Safari, then Advanced, then Website Data. Delete this site and try again.",
];
const ANDROID_CURE = [
  "Tap the sign to the left of the address at the top.",
  "Tap Permissions, then Motion sensors, then Allow.",
  "Come back here and tap the button again.",
];
const OTHER_CURE = ["Open this page on your phone. Sign in there with the same e-mail."];

function cureFor(phone: Phone): string[] {
  return { iphone: IPHONE_CURE, android: ANDROID_CURE, other: OTHER_CURE }[phone];
}

/** The trouble as this phone's owner should read it; `words` of the server take the place of ours. */
export function sensorTrouble(code: SensorTroubleCode, phone: Phone, words = ""): SensorTrouble {
  switch (code) {
    case "denied":
      return {
        code,
        title: "The phone is not allowed to feel you move",
        words: "The answer was “Don’t allow”. Nothing was measured.",
        cure: cureFor(phone),
        retry: true,
      };
    case "insecure":
      return {
        code,
        title: "This address is not safe enough",
        words: "Phones only share movement with an address that starts with https.",
        cure: ["Ask your clinic for the right link and open it on this phone."],
        retry: false,
      };
    case "unsupported":
      return {
        code,
        title: "This browser cannot feel movement",
        words: "Nothing was measured.",
        cure:
          phone === "iphone"
            ? ["Open this page in Safari, not inside another app."]
            : phone === "android"
              ? ["Open this page in Chrome, not inside another app."]
              : OTHER_CURE,
        retry: false,
      };
    case "no_readings":
      return {
        code,
        title: phone === "other" ? "No motion sensor here" : "The phone feels nothing",
        words:
          phone === "other"
            ? "A computer cannot feel you walk. A phone can."
            : "The motion sensor gave no answer. It may be switched off for this page.",
        cure: phone === "iphone" ? ["Open this page in Safari, not inside another app.", ...IPHONE_CURE] : cureFor(phone),
        retry: phone !== "other",
      };
    case "too_often":
      return {
        code,
        title: "Please have a rest",
        words: "There were many tests in a short time.",
        cure: ["Wait a little, then try again."],
        retry: true,
      };
    case "ended":
      return {
        code,
        title: "This test has ended",
        words: "It may be open on another phone, or you were signed out. Nothing is lost.",
        cure: ["Start the test again."],
        retry: true,
      };
    case "signed_out":
      return {
        code,
        title: "You were signed out",
        words: "That happens when nobody touches the page for a while. Nothing was measured.",
        cure: ["Load this page again and sign in."],
        retry: false,
      };
    case "refused":
      return { code, title: "Not now", words, cure: [], retry: false };
  }
}
