"""A session in plain words, for the patient who did it."""

from collections import Counter
from dataclasses import dataclass

from patients.models import Message
from sessions.models import ExerciseSet, Repetition, TherapySession
from sessions.selectors.review import pain_of, repetitions_by_set, sets_of

MOSTLY_RIGHT = 0.7


@dataclass(frozen=True, slots=True)
class ExerciseDone:
    """One exercise in one line."""

    name: str
    sets: int
    repetitions: int
    target: int

    @property
    def words(self) -> str:
        sets = "1 set" if self.sets == 1 else f"{self.sets} sets"
        times = "1 time" if self.repetitions == 1 else f"{self.repetitions} times"
        return f"{times}, in {sets}"


@dataclass(frozen=True, slots=True)
class SessionSummary:
    session: TherapySession
    exercises: tuple[ExerciseDone, ...]
    went_well: str
    to_watch: str
    pain_before: int | None
    pain_after: int | None
    comments: tuple[Message, ...]

    @property
    def is_analysing(self) -> bool:
        return self.session.state == TherapySession.State.ENDED


def summary_of(session: TherapySession) -> SessionSummary:
    """What was done, one thing that went well, one to watch."""
    sets = [
        one for one in sets_of(session) if one.state in (ExerciseSet.State.ENDED, ExerciseSet.State.ANALYSED)
    ]
    by_set = repetitions_by_set(sets)
    repetitions = [repetition for one in sets for repetition in by_set[one.pk]]
    pain = pain_of(session)
    comments = Message.objects.filter(
        patient_id=session.patient_id, about_kind="session", about_ref=session.ref
    ).select_related("author")
    return SessionSummary(
        session=session,
        exercises=tuple(_exercises(sets)),
        went_well=what_went_well(sets, by_set),
        to_watch=what_to_watch(repetitions),
        pain_before=pain.get("before"),
        pain_after=pain.get("after", pain.get("stop")),
        comments=tuple(comments.order_by("created_at")),
    )


def _exercises(sets: list[ExerciseSet]) -> list[ExerciseDone]:
    by_exercise: dict[str, list[ExerciseSet]] = {}
    for one in sets:
        by_exercise.setdefault(str(one.spec["name"]), []).append(one)
    return [
        ExerciseDone(
            name=name,
            sets=len(of_exercise),
            repetitions=sum(one.repetition_count for one in of_exercise),
            target=sum(one.target_repetitions or 0 for one in of_exercise),
        )
        for name, of_exercise in by_exercise.items()
    ]


def what_went_well(sets: list[ExerciseSet], by_set: dict[int, list[Repetition]]) -> str:
    """One good thing that is true."""
    best_name, best_share = "", 0.0
    for one in sets:
        scored = [r for r in by_set[one.pk] if r.classification != Repetition.Classification.NOT_SCORED]
        right = sum(r.classification == Repetition.Classification.CORRECT for r in scored)
        if scored and right / len(scored) > best_share:
            best_name, best_share = str(one.spec["name"]), right / len(scored)
    if best_share >= MOSTLY_RIGHT:
        return f"{best_name}: almost every one was just right."
    if best_share > 0:
        return f"{best_name}: you got some of them just right."
    reached = [one for one in sets if one.repetition_count >= (one.target_repetitions or 1)]
    if reached:
        return f"{reached[0].spec['name']}: you did all you planned."
    return "You took the time to exercise today."


def what_to_watch(repetitions: list[Repetition]) -> str:
    """The one thing to do better next time; empty when there is none."""
    cues = Counter(finding["cue"] for one in repetitions for finding in one.findings if finding.get("cue"))
    if cues:
        return str(cues.most_common(1)[0][0])
    unseen = Counter(one.reason for one in repetitions if one.reason)
    return str(unseen.most_common(1)[0][0]) if unseen else ""
