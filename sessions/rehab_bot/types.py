"""What the graph is given and what it answers. Texts are a patient's: keep them out of logs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from patients.red_flags import RedFlagHit, StopAnswer
from patients.red_flags.hearing import Heard


class PassageKind(StrEnum):
    """What a passage tells; `RULE` is what Plumbline itself says, such as the pain rule."""

    HOW = "how"
    START = "start"
    TIP = "tip"
    SAFETY = "safety"
    ABOUT = "about"
    DOSE = "dose"
    SCHEDULE = "schedule"
    ARTICLE = "article"
    CORRECTION = "correction"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class PlanExercise:
    """One exercise of the plan in force. `pain_limit`: most pain allowed, 0 to 10; seconds for hold and
    rest, 0 for none. `figure_url` shows the moving figure, empty for none.
    """

    ref: str
    code: str
    name: str
    sets: int
    repetitions: int
    hold_s: int
    rest_s: int
    days_per_week: int
    side: str
    resistance: str
    dose_words: str
    days_words: str
    is_hold: bool
    is_due: bool
    is_done: bool
    sets_done: int
    patient_note: str
    summary: str
    start_position: str
    instructions: tuple[str, ...]
    tips: tuple[str, ...]
    safety: str
    pain_limit: int
    figure_url: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan in force as the patient sees it today; without exercises when there is none."""

    exercises: tuple[PlanExercise, ...] = ()
    minutes: int = 0
    is_rest_day: bool = False
    is_done: bool = False
    on_hold: bool = False
    note_to_patient: str = ""
    days_missed: int = 0
    therapist_name: str = ""

    def exercise(self, code: str) -> PlanExercise | None:
        return next((each for each in self.exercises if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that may be quoted. `ref` is unique among the passages of a turn, such as
    "exercise:clamshell:how"; `questions` are wordings under which it should be found.
    """

    ref: str
    kind: PassageKind
    title: str
    text: str
    exercise_code: str = ""
    url: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and how well it fits, 0 to 1."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier turn, the oldest first. `author` is "patient", "assistant" or "person"."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class WalkState:
    """Where a patient is in the walk-through. `waiting_for` is "ready" (pain before the start), "done",
    "effort", "pain" or "over". `place` of `places` counts sets from 1; `is_first`: of its exercise.
    """

    exercise_code: str = ""
    set_words: str = ""
    place: int = 0
    places: int = 0
    waiting_for: str = "over"
    adjusted_words: str = ""
    stopped_words: str = ""
    camera_url: str = ""
    is_first: bool = False
    noted_words: str = ""


class WalkAct(StrEnum):
    START = "start"
    DONE = "done"
    SKIP = "skip"
    EFFORT = "effort"
    PAIN = "pain"
    REPEAT = "repeat"
    EXPLAIN = "explain"
    WAIT = "wait"
    GUESS = "guess"
    LEFT = "left"
    SAME = "same"
    KEEP = "keep"
    CAMERA = "camera"
    END = "end"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that the assistant has left open: which exercise is meant, or a screen for danger.

    `choices` are exercise codes, or ids of questions of the Stop page; `text` is what was asked about.
    """

    kind: str
    choices: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class TurnInput:
    """All that one turn needs. `escalation` is the fixed answer of the spine, None when nothing was raised;
    `screening` are Stop questions that the words left open; `pain_hit` is the pain rule that a number in
    the words breaks; `pages` are (name, address), such as "messages", "stop", "pain", "start", "today",
    "print", "record" and "movement".
    """

    text: str
    plan: Plan
    heard: Heard
    escalation: StopAnswer | None = None
    is_held: bool = False
    screening: tuple[str, ...] = ()
    pain_hit: RedFlagHit | None = None
    earlier: tuple[Said, ...] = ()
    asked: Asked | None = None
    walk: WalkState | None = None
    articles: tuple[Passage, ...] = ()
    emergency_number: str = ""
    names: tuple[str, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A complete sentence that may be shown, with the refs of the passages that support it."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was not shown: the code of the reason, never its words."""

    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class QuickReply:
    """A tap that says `text` for the patient."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the patient is told. `node` is the last node of the graph; `answered_by` is "rules", "embedded"
    or "model"; `intent` is a code of `intents`; `links` are (label, url). `asked` is what is left open.
    """

    sentences: tuple[Sentence, ...]
    node: str
    intent: str
    answered_by: str
    quick_replies: tuple[QuickReply, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    exercise_code: str = ""
    asked: Asked | None = None
    walk: WalkState | None = None
    dropped: tuple[Dropped, ...] = ()
    fell_back: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    model_ms: int = 0
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


WalkPort = Callable[[WalkAct, int | None], WalkState]
SentencePort = Callable[[Sentence], None]
