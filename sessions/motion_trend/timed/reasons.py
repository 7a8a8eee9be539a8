"""Why a test gives no result, in words for the therapist's page. `{}`: what was found in the recording."""

from __future__ import annotations

PLACE = "This test is read from a phone at the waist, at the lower back or in a trouser pocket."
TOO_SHORT = "The recording is shorter than {:g} seconds."
TOO_LONG = "The recording is longer than {:g} minutes; a test takes one or two."
SLOW_SENSOR = "The sensor gave fewer than {:g} values a second."
GAP = "The recording has a gap of {:.1f} seconds. Please repeat the test."
WRONG_UNIT = "The acceleration does not contain gravity in m/s²; its unit may be wrong."

TAPS_OUTSIDE = "The taps lie outside the recording."
NO_WALKING = "No walking was found."
SHORT_WALKING = "No walking of three seconds or more was found."
NO_STEPS = "The walk is too short to see its steps."
NO_RHYTHM = "The movement has no walking rhythm."
NOT_STILL = "Stand still for two seconds before you start and after you stop, so that both can be seen."
WALK_TURNED = "The walk turned. Walk straight on and stand still at the end."
WALK_SPEED = "Walking at {:.1f} m/s over {:g} m is not plausible."

POCKET_GYROSCOPE = "A phone in a pocket needs a gyroscope for this test."
NO_STANDING_UP = "No standing up was found in the recording."
ENDS_EARLY = "The recording ends {:.0f} seconds after the start; the test takes {:.0f}."
STANDS_TURNED = "Somebody turned round during the test: this does not look like chair stands."

NO_GYROSCOPE = "Without a gyroscope the turns and the rise cannot be told apart reliably."
NO_RISE_AND_FALL = "Standing up and sitting down again were not found."
BEGAN_BEFORE = "The recording starts after the test did. Sit still for three seconds first."
SAT_TWICE = "Somebody stood up more than once: record one test at a time."
TUG_SECONDS = "A test of {:.0f} seconds is not plausible."
NO_TURNS = "Two turns were not found: this does not look like a Timed Up and Go."
MANY_TURNS = "Too many turns were found ({}); a Timed Up and Go has two."
