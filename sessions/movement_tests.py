"""The tests that a patient does alone with a phone: what to prepare, what to do, when each ends."""

from dataclasses import dataclass
from typing import Any

from sessions.models import Recording

Kind = Recording.Activity


@dataclass(frozen=True, slots=True)
class MovementTest:
    """One test in the patient's words. `run_up_m`: a run-up and run-out of so many metres that may be added.

    `aim_s`: long enough for a sure result. `ends_after_s`, `ends_when_still_s`: when it ends by itself;
    None where the patient ends it. `marks`: what the phone says after so many seconds. `measures`: the codes
    of its results.
    """

    kind: str
    name: str
    minutes: str
    what_for: str
    steps: tuple[str, ...]
    prepare: tuple[str, ...]
    get_ready: str
    go: str
    moving: str
    measures: tuple[str, ...]
    countdown_s: int = 15
    aim_s: int | None = None
    ends_after_s: int | None = None
    ends_when_still_s: int | None = None
    longest_s: int = 180
    enough: str = ""
    marks: tuple[tuple[int, str], ...] = ()
    run_up_m: float = 0.0

    def protocol(self, *, has_run_up: bool) -> dict[str, Any]:
        """How it is done, as the recording keeps it."""
        return {"run_up_m": self.run_up_m} if has_run_up and self.run_up_m else {}

    def timing(self) -> dict[str, Any]:
        """What the page's script needs of it."""
        return {
            "countdown_s": self.countdown_s,
            "aim_s": self.aim_s,
            "ends_after_s": self.ends_after_s,
            "ends_when_still_s": self.ends_when_still_s,
            "longest_s": self.longest_s,
            "words": {
                "get_ready": self.get_ready,
                "go": self.go,
                "moving": self.moving,
                "enough": self.enough,
            },
            "marks": [list(mark) for mark in self.marks],
        }


SHOES_AND_STICK = "Wear the shoes you walk in most. Use your stick or frame as you always do."
SOMEBODY_BESIDE = "Do you feel unsteady? Then do it only with somebody beside you."
FIRM_CHAIR = "A firm chair without wheels, with its back against a wall."

WALK = MovementTest(
    kind=Kind.WALK,
    name="Walk test",
    minutes="about 2 minutes",
    what_for="How fast and how evenly you walk.",
    steps=(
        "Put the phone in your waistband or pocket.",
        "Walk at your usual pace for 2 minutes. You may walk longer.",
        "Stop, take the phone out and tap Done.",
    ),
    prepare=(
        "A flat way where you can walk on without stopping. Indoors or outdoors, both are fine.",
        SHOES_AND_STICK,
        SOMEBODY_BESIDE,
    ),
    get_ready="Stand still.",
    go="Go. Walk at your usual pace.",
    moving="Walk at your usual pace.",
    measures=("walking_speed_m_s", "cadence_spm", "step_length_m", "step_time_asymmetry_pct"),
    countdown_s=10,
    aim_s=120,
    longest_s=3600,
    enough="Enough. Tap Done, or walk on.",
    marks=((60, "One minute."), (120, "Two minutes. That is enough. You can stop, or walk on.")),
)

WALK_10M = MovementTest(
    kind=Kind.WALK_10M,
    name="10-metre walk",
    minutes="about 1 minute",
    what_for="How fast you walk a short way.",
    steps=(
        "Stand still at your start mark.",
        "When you hear “Go”, walk to the other mark at your usual pace.",
        "Stop at the end mark and stand still. The phone ends the test by itself.",
    ),
    prepare=(
        "Measure a straight, flat way of 10 metres. Mark its start and its end.",
        "Is there room for 14 metres? Then take 14, and say so on the next page.",
        "Leave room to stop safely behind the end.",
        SHOES_AND_STICK,
        SOMEBODY_BESIDE,
    ),
    get_ready="Stand still at the start.",
    go="Go.",
    moving="Walk to the end mark. Then stand still.",
    measures=("walk_10m_speed_m_s",),
    ends_when_still_s=4,
    run_up_m=2.0,
)

CHAIR_STAND = MovementTest(
    kind=Kind.CHAIR_STAND_30S,
    name="Stand up for 30 seconds",
    minutes="about 1 minute",
    what_for="How strong your legs are.",
    steps=(
        "Sit in the middle of the chair. Cross your arms on your chest.",
        "When you hear “Go”, stand up fully and sit down again, as often as you can.",
        "After 30 seconds you hear “Stop”. Sit down. The phone ends the test by itself.",
    ),
    prepare=(
        FIRM_CHAIR,
        "You must be able to stand up without using your arms. If not, leave this test out.",
        SOMEBODY_BESIDE,
    ),
    get_ready="Sit down and cross your arms.",
    go="Go. Stand up.",
    moving="Stand up and sit down, as often as you can.",
    measures=("chair_stand_count",),
    aim_s=30,
    # The thirty seconds begin with the word "Go"; where it was lost, with the first movement, a little later.
    ends_after_s=33,
    enough="Sit down. Well done.",
    marks=((20, "Ten seconds left."), (30, "Stop. Sit down.")),
)

TUG = MovementTest(
    kind=Kind.TUG,
    name="Up and go",
    minutes="about 1 minute",
    what_for="How well you stand up, walk, turn and sit down.",
    steps=(
        "Sit with your back against the chair.",
        "When you hear “Go”, stand up, walk to the mark, turn, and walk back at your usual pace.",
        "Sit down and sit still. The phone ends the test by itself.",
    ),
    prepare=(
        FIRM_CHAIR,
        "Put a mark on the floor, 3 metres in front of the chair.",
        SHOES_AND_STICK,
        SOMEBODY_BESIDE,
    ),
    get_ready="Sit down and lean back.",
    go="Go.",
    moving="To the mark, turn, back, and sit down. Then sit still.",
    measures=("tug_s",),
    ends_when_still_s=5,
)

TESTS: dict[str, MovementTest] = {str(one.kind): one for one in (WALK, WALK_10M, CHAIR_STAND, TUG)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the phone goes. `said` is what the phone says before it starts."""

    placement: str
    name: str
    words: str
    said: str


PLACES: tuple[Place, ...] = (
    Place(
        "lower_back",
        "Waistband, at the back",
        "In the middle of your back. This measures best.",
        "Put the phone in your waistband, at the back.",
    ),
    Place(
        "waist",
        "Waistband, at the front",
        "If you cannot reach your back.",
        "Put the phone in your waistband, at the front.",
    ),
    Place(
        "pocket",
        "Trouser pocket",
        "It measures your rhythm there, but not how fast you walk.",
        "Put the phone in your trouser pocket.",
    ),
)
