"""Why a measure is withheld, in words for the page; and remarks on a bout."""

from __future__ import annotations

from sessions.motion_trend.types import Flag

NO_HEIGHT = "The person's height is not known: lengths and speed need it."
SHORT = "Too few even steps in a row."
UNEVEN = "Mostly turning, starting, stopping or uneven steps: lengths and speed do not hold there."
SLOW = "Too slow: below 0.3 m/s or 40 steps a minute the method does not hold."
SLOW_UNEVEN = "Slow and uneven: below 0.5 m/s the method holds for even steps only."
NO_SIDES = "Left and right steps could not be told apart."
FEW_STEPS = "Too few even steps to compare the two sides."
FEW_STRIDES = "Too few even strides in a row."
GAPPY = "Too many samples are missing."
COARSE = "The sensor's readings are too coarse (8 bits or a wide range)."
NOT_FROM_TRUNK = "Cannot be measured with a sensor on the trunk."
CHEST_LENGTH = "No validated way from a sensor on the chest to step length."
PLACE_UNKNOWN = "Where the sensor was worn is not known: lengths and speed are not shown."
THIGH_LENGTH = (
    "No validated way from a phone in a pocket or on the thigh to step length: the thigh swings with the hip "
    "and the fabric, and no public data with a reference was found."
)
THIGH_SIDES = "One leg's sensor sees its own strides only; it cannot compare the two legs."
WRIST = "Not from a wrist: the arm swings on its own; no method with a published error was found."
WRIST_STEPS = "A wrist shows the rhythm of walking, not single steps."

UNEVEN_BOUT = Flag("uneven", "Much of this bout was turning, starting, stopping or uneven stepping.")
SHORT_BOUT = Flag("short", "Short bout: fewer than ten steps.")
SLOW_BOUT = Flag("slow", "Slow or shuffling.")
FACING_UNSURE = Flag("facing_unsure", "Which way the wearer faced could not be told for sure.")
COARSE_BOUT = Flag("coarse_steps", COARSE)
GAPPY_BOUT = Flag("drop_outs", GAPPY)
PLACE = Flag(
    "placement_not_validated", "No validation for this place on the body: the bands are wider, by judgement."
)
