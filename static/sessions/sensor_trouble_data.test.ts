import { describe, expect, it } from "vitest";

import { type Phone, phoneOf, sensorTrouble, type SensorTroubleCode } from "./sensor_trouble_data";

const PHONES: Phone[] = ["iphone", "android", "other"];
const CODES: SensorTroubleCode[] = [
  "denied",
  "insecure",
  "unsupported",
  "no_readings",
  "too_often",
  "ended",
  "signed_out",
];

describe("sensorTrouble", () => {
  it("says what happened and what to do, on every phone", () => {
    for (const code of CODES)
      for (const phone of PHONES) {
        const trouble = sensorTrouble(code, phone);
        expect(trouble.title).not.toBe("");
        expect(trouble.cure.length).toBeGreaterThan(0);
      }
  });

  it("gives each phone its own cure", () => {
    const cures = PHONES.map((phone) => sensorTrouble("denied", phone).cure.join(" "));
    expect(cures[0]).toContain("Safari");
    expect(cures[1]).toContain("Motion sensors");
    expect(cures[2]).toContain("on your phone");
  });

  it("does not send somebody round in circles", () => {
    expect(sensorTrouble("insecure", "iphone").retry).toBe(false);
    expect(sensorTrouble("no_readings", "other").retry).toBe(false);
    expect(sensorTrouble("denied", "iphone").retry).toBe(true);
  });

  it("takes the server's words for a refusal", () => {
    expect(sensorTrouble("refused", "other", "Your therapist wants to talk to you.").words).toBe(
      "Your therapist wants to talk to you.",
    );
  });
});

describe("phoneOf", () => {
  it("knows phones", () => {
    expect(phoneOf("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)", true)).toBe("iphone");
    expect(phoneOf("Mozilla/5.0 (Linux; Android 14; Pixel 8)", false)).toBe("android");
    expect(phoneOf("Mozilla/5.0 (X11; Linux x86_64)", false)).toBe("other");
  });
});
