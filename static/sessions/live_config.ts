/** What the page tells `<pl-live-session>`, and which ways of counting it offers. */

import type { Adjustment, EffortChoice } from "./answer_data";
import type { Mode, SetConfig } from "./flow_data";

export interface LiveConfig {
  session_ref: string;
  mode: Mode;
  voice: boolean;
  ws_path: string;
  /** Where a worn sensor's count arrives; absent when the person has none. */
  worn_path?: string | null;
  urls: {
    stop: string;
    finish_set: string;
    answer_set: string;
    keep_set: string;
    tap?: string | null;
    sample?: string | null;
    pain?: string | null;
    summary: string;
  };
  /** The four words for how hard a set was, with their numbers of 0 to 10. */
  efforts: EffortChoice[];
  /** What is easier than planned, for a page that was loaded anew. */
  adjustment: Adjustment | null;
  sets: SetConfig[];
}

export const CHOICE_WORDS: Record<Mode, string> = {
  camera: "Turn on the camera",
  sensor: "Use this phone as a sensor",
  worn: "My worn sensor counts",
  sample: "Play a sample motion",
  tap: "Count by tapping",
};

/** The way that was chosen at the start first. */
export function modesToOffer(config: Pick<LiveConfig, "mode" | "urls" | "worn_path">): Mode[] {
  const first: Record<Mode, Mode[]> = {
    camera: ["camera", "tap"],
    sensor: ["sensor", "worn", "tap"],
    worn: ["worn", "sensor", "tap"],
    sample: ["sample", "camera", "tap"],
    tap: ["tap", "camera"],
  };
  const modes = first[config.mode];
  if (config.urls.sample && !modes.includes("sample") && config.mode !== "sensor") modes.push("sample");
  return modes.filter((mode) => (mode !== "sample" || config.urls.sample) && (mode !== "worn" || config.worn_path));
}
