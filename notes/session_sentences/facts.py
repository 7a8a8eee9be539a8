"""What a draft is made of: the stored facts of a session and of the time since the last note.

Days and times are words already ("21 November"); numbers are as stored. `ref` is what a sentence opens.
"""

from dataclasses import dataclass
from uuid import UUID

NOT_SCORED, CORRECT, MILD, SIGNIFICANT = "not_scored", "correct", "mild", "significant"


@dataclass(frozen=True, slots=True)
class SittingFact:
    """The session itself. `mode` as stored; `minutes` None where it has no end."""

    ref: UUID
    day: str
    time: str
    mode: str
    simulated: bool
    minutes: int | None = None
    stop_reason: str = ""


@dataclass(frozen=True, slots=True)
class PainFact:
    """One answer, 0 to 10. `session_ref`: the session that shows it; `broken_rule`: the pain rule that it
    broke, in words.
    """

    ref: UUID
    value: int
    moment: str
    day: str
    session_ref: UUID | None = None
    is_of_session: bool = False
    broken_rule: str = ""


@dataclass(frozen=True, slots=True)
class MessageFact:
    """What the patient wrote."""

    ref: UUID
    day: str
    body: str


@dataclass(frozen=True, slots=True)
class AlertFact:
    """An alert or a Stop, and what came of it."""

    ref: UUID
    day: str
    headline: str
    state: str
    outcome: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FindingFact:
    """One compensation of one repetition."""

    code: str
    words: str
    severity: str


@dataclass(frozen=True, slots=True)
class RepetitionFact:
    """One judged repetition; `peak_deg` as stored."""

    ref: UUID
    set_number: int
    index: int
    classification: str
    peak_deg: float | None = None
    findings: tuple[FindingFact, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetFact:
    """One set. `target`: repetitions prescribed, None where none are; `reasons`: why nothing was scored."""

    ref: UUID
    number: int
    is_done: bool
    counted_by: str
    count: int
    target: int | None = None
    hold_s: int | None = None
    repetitions: tuple[RepetitionFact, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExerciseFact:
    """One exercise on one side. `quantity` in a clinician's words ("knee flexion"); `stretches`: 0 is the
    goal of it.
    """

    name: str
    side: str
    sets: tuple[SetFact, ...]
    quantity: str = ""
    stretches: bool = False
    is_estimate: bool = False
    caution: str = ""

    @property
    def label(self) -> str:
        """ "Squat", or "Clamshell, left"."""
        return f"{self.name}, {self.side}" if self.side in ("left", "right") else self.name

    @property
    def done(self) -> tuple[SetFact, ...]:
        return tuple(one for one in self.sets if one.is_done)

    @property
    def repetitions(self) -> tuple[RepetitionFact, ...]:
        return tuple(repetition for one in self.sets for repetition in one.repetitions)

    @property
    def scored(self) -> tuple[RepetitionFact, ...]:
        return tuple(one for one in self.repetitions if one.classification != NOT_SCORED)


@dataclass(frozen=True, slots=True)
class TestFact:
    """One test against the clock, with its band, or why its value is withheld. `ref` is the recording's."""

    ref: UUID
    name: str
    day: str
    words: str
    withheld: str = ""
    simulated: bool = False
    __test__ = False


@dataclass(frozen=True, slots=True)
class TrendFact:
    """What has become of one measure, as the Movement page says it. `steady`: its name, value and
    change, where that lies within error.
    """

    sentence: str
    simulated: bool
    steady: str = ""


@dataclass(frozen=True, slots=True)
class AdherenceFact:
    """Days with exercise among the days looked at."""

    days_done: int
    days: int
    since: str
    planned_per_week: int


@dataclass(frozen=True, slots=True)
class PreviousFact:
    """The session before: as stored when it ended."""

    ref: UUID
    day: str
    scored: int
    correct: int
    done: int
    pain_after: int | None = None


@dataclass(frozen=True, slots=True)
class PlanFact:
    """The plan in force. `lines`: ref of the prescribed exercise, name, dose in words."""

    ref: UUID
    since: str
    by: str
    lines: tuple[tuple[UUID, str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """Who changed a dose, from what to what, and why."""

    ref: UUID
    day: str
    by: str
    name: str
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Everything that a draft rests on. `since`: "the note of 3 November" or "7 November"."""

    sitting: SittingFact
    since: str
    pain: tuple[PainFact, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    alerts: tuple[AlertFact, ...] = ()
    exercises: tuple[ExerciseFact, ...] = ()
    tests: tuple[TestFact, ...] = ()
    trends: tuple[TrendFact, ...] = ()
    adherence: AdherenceFact | None = None
    previous: PreviousFact | None = None
    plan: PlanFact | None = None
    changes: tuple[ChangeFact, ...] = ()
    hold_since: str = ""
    hold_alert_ref: UUID | None = None

    @property
    def session_pain(self) -> dict[str, PainFact]:
        """The session's own entries by moment; the last answer counts."""
        return {one.moment: one for one in self.pain if one.is_of_session}

    @property
    def repetitions(self) -> tuple[RepetitionFact, ...]:
        return tuple(repetition for one in self.exercises for repetition in one.repetitions)

    @property
    def scored(self) -> tuple[RepetitionFact, ...]:
        return tuple(one for one in self.repetitions if one.classification != NOT_SCORED)
