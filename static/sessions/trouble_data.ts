/** What can go wrong before and during a session: what happened, what is safe, what to do. */

export interface Trouble {
  code: string;
  title: string;
  words: string;
  /** Whether trying again can help without changing anything else. */
  retry: boolean;
}

const TROUBLES = {
  no_camera: {
    title: "No camera was found",
    words: "Plug a camera in or use a phone or laptop that has one, then try again. You can also count by tapping.",
    retry: true,
  },
  permission: {
    title: "The camera is switched off for this page",
    words:
      "Your browser did not allow it. Press the camera sign beside the address, choose “Allow”, then try again. Nothing was filmed.",
    retry: true,
  },
  in_use: {
    title: "Another program is using the camera",
    words: "Close video calls and other camera programs, then try again.",
    retry: true,
  },
  insecure: {
    title: "The camera needs a secure address",
    words:
      "Browsers only allow the camera on an address that starts with https. Ask your clinic for the right link, or count by tapping.",
    retry: false,
  },
  motion_denied: {
    title: "The motion sensor is switched off for this page",
    words:
      "Your phone did not allow it. Close this page and open it again, press the button once more and choose “Allow”. On an iPhone you may have to clear this site's data first. You can also count by tapping.",
    retry: true,
  },
  motion_insecure: {
    title: "The motion sensor needs a secure address",
    words:
      "Phones only allow it on an address that starts with https. Ask your clinic for the right link, or count by tapping.",
    retry: false,
  },
  motion_unsupported: {
    title: "This browser cannot read a motion sensor",
    words: "Open this page in the phone's own browser, Safari or Chrome, or count by tapping.",
    retry: false,
  },
  no_motion: {
    title: "No motion sensor answers",
    words: "This device has none, or it is switched off in the settings. Use a phone, or count by tapping.",
    retry: true,
  },
  no_wasm: {
    title: "This browser cannot follow your movement",
    words:
      "It is too old for the part that finds your joints. Use a current Chrome, Edge, Firefox or Safari, or count by tapping.",
    retry: false,
  },
  no_model: {
    title: "The part that finds your joints did not load",
    words: "Check your connection and try again. You can also count by tapping.",
    retry: true,
  },
  camera_lost: {
    title: "The camera stopped",
    words: "Everything up to now is safe. Check its plug, then turn it on again.",
    retry: true,
  },
  line_lost: {
    title: "The connection is lost",
    words: "Your movement is kept in this page and will be sent when the line is back. You can go on.",
    retry: false,
  },
  line_refused: {
    title: "This session can no longer be recorded here",
    words:
      "Everything up to now is safe. You may have been signed out, or the session was ended on another device. Open Today to go on.",
    retry: false,
  },
  line_long_lost: {
    title: "The connection has been lost for too long",
    words:
      "What was sent is safe, the rest is kept as long as this page stays open. Stop here and tell your clinic if it does not come back.",
    retry: false,
  },
  no_sample: {
    title: "The sample motion did not load",
    words: "Check your connection and try again.",
    retry: true,
  },
  set_not_saved: {
    title: "This set could not be closed",
    words: "Your movement is stored. Check your connection and try again.",
    retry: true,
  },
} as const;

export type TroubleCode = keyof typeof TROUBLES;

export function trouble(code: TroubleCode): Trouble {
  return { code, ...TROUBLES[code] };
}

/** Translates what `getUserMedia` throws. */
export function cameraTrouble(errorName: string): TroubleCode {
  if (errorName === "NotAllowedError" || errorName === "SecurityError") return "permission";
  if (errorName === "NotReadableError" || errorName === "AbortError" || errorName === "TrackStartError")
    return "in_use";
  return "no_camera";
}
