"""A simulated walk as a phone's browser would tell it: `devicemotion` events at 60 Hz, played into a page."""

import json

import numpy as np
from playwright.sync_api import Page

from sessions.motion_trend.types import Placement, SensorSignal
from sessions.motion_trend.walker import WalkTruth, walk

RATE_HZ = 60.0
STILL_S = 4.0

# Signs as on phones that are not Apple's. Time stamps are exact, whenever the event comes.
PLAYER = """
(samples => {
  const RATE = 60, STILL = 60;
  let at = 0, walks = false, startedMs = null, told = 0;
  window.startWalking = () => { walks = true; at = Math.max(at % STILL, 0); window.walkedFrom = told; };
  window.walkedSeconds = () => walks ? (told - window.walkedFrom) / RATE : 0;
  const tell = (sample, stamp) => {
    const [x, y, z, alpha, beta, gamma] = sample;
    const event = new DeviceMotionEvent("devicemotion", {
      accelerationIncludingGravity: {x, y, z}, rotationRate: {alpha, beta, gamma}, interval: 1000 / RATE,
    });
    Object.defineProperty(event, "timeStamp", {value: stamp});
    window.dispatchEvent(event);
  };
  setInterval(() => {
    startedMs ??= performance.now();
    const due = (performance.now() - startedMs) / 1000 * RATE;
    while (told < due) {
      tell(samples[walks ? Math.min(at, samples.length - 1) : at % STILL], startedMs + told * 1000 / RATE);
      at += 1;
      told += 1;
    }
  }, 16);
})(SAMPLES);
"""

# A page whose clock runs faster, so that nobody waits for a countdown. The product knows nothing of it.
HURRY = """
(factor => {
  const real = performance.now.bind(performance), began = real();
  performance.now = () => began + (real() - began) * factor;
  for (const name of ["setTimeout", "setInterval"]) {
    const later = window[name].bind(window);
    window[name] = (act, ms, ...rest) => later(act, (ms || 0) / factor, ...rest);
  }
})(FACTOR);
"""

# Lets a test cut the line of the page and bring it back. Without a line no server answers, not even "no".
LINE = """
(() => {
  const Real = window.WebSocket, open = new Set();
  let isDown = false;
  class Unanswered extends EventTarget {
    readyState = Real.CONNECTING;
    constructor() {
      super();
      setTimeout(() => this.close(), 50);
    }
    close() {
      this.readyState = Real.CLOSED;
      this.dispatchEvent(new CloseEvent("close", {code: 1006}));
    }
  }
  window.WebSocket = class extends Real {
    constructor(url, protocols) {
      if (isDown) return new Unanswered();
      super(url, protocols);
      open.add(this);
    }
  };
  window.cutLine = () => { isDown = true; for (const one of open) one.close(); open.clear(); };
  window.mendLine = () => { isDown = false; };
})();
"""


def carry_a_phone(
    page: Page, *, seconds: float, cadence_spm: float = 104.0, step_m: float = 0.6
) -> WalkTruth:
    """Every page of this tab feels a person who stands, and walks for `seconds` after `startWalking()`."""
    signal, truth = walk(
        seconds=seconds,
        cadence_spm=cadence_spm,
        step_length_m=0.6,
        placement=Placement.LOWER_BACK,
        rate_hz=RATE_HZ,
        height_m=1.68,
        still_s=STILL_S,
        seed=11,
    )
    feel(page, signal)
    return truth


def feel(page: Page, signal: SensorSignal) -> None:
    """Pages of this tab feel the first second of a 60 Hz signal, and all of it after `startWalking()`."""
    turn = signal.angular_velocity_rad_s
    assert turn is not None
    samples = [
        [round(float(value), 3) for value in (*force, *rate)]
        for force, rate in zip(signal.acceleration_m_s2, np.rad2deg(turn), strict=True)
    ]
    page.add_init_script(PLAYER.replace("SAMPLES", json.dumps(samples)))


def hurry(page: Page, factor: float = 4.0) -> None:
    """Every page of this tab lives `factor` times faster than the test. Call it before `feel`."""
    page.add_init_script(HURRY.replace("FACTOR", str(factor)))


def let_the_line_break(page: Page) -> None:
    """`cutLine()` and `mendLine()` work on every page of this tab."""
    page.add_init_script(LINE)
