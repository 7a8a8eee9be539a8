"""What the review of a session shows: replay, curve, repetitions, worst beside best."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from patients.models import Message, PainReport
from prescriptions.quantity_words import quantity_words
from prescriptions.selectors import caution_of
from sessions.effort import effort_in_words
from sessions.models import ExerciseSet, Recording, Repetition, TherapySession
from sessions.selectors.access import sessions_of
from sessions.selectors.adjustments import adjustments_by_set, change_in_words

CURVE_SOURCE = "2-D angle in the picture, smoothed."
HEIGHT_SOURCE = (
    "An estimate: from the front the bend of the knee is hidden, so it is judged by how far the hips sink. "
    "Zero is only about standing tall and may read below it. Compare repetitions with each other, not with a "
    "goniometer."
)
SIDE_WORDS = {"left": "left", "right": "right", "both": ""}
RANK = {"correct": 0, "mild": 1, "significant": 2}


@dataclass(frozen=True, slots=True)
class SetReview:
    """One set as its review shows it."""

    exercise_set: ExerciseSet
    label: str
    repetitions: tuple[Repetition, ...]
    has_motion: bool
    worst: Repetition | None
    best: Repetition | None
    changes: tuple[str, ...] = ()

    @property
    def answers(self) -> str:
        """What the patient said after it: "Hard (7 of 10), pain 3 of 10". Empty without an answer."""
        effort, pain = self.exercise_set.effort, self.exercise_set.pain
        said = [effort_in_words(effort)] if effort is not None else []
        return ", ".join(said + ([f"pain {pain} of 10"] if pain is not None else []))

    @property
    def caution(self) -> str:
        """What must be said about this exercise wherever it is judged."""
        return caution_of(self.exercise_set.spec)

    @property
    def notes(self) -> list[str]:
        """What must be read beside the curve."""
        shown = f"Shown live and now: {self.shown_note}." if self.shown_note else ""
        unscored = "" if self.repetitions else " ".join(self.not_scored)
        said = (self.view_words, unscored, self.uncounted_words, shown, self.caution)
        return [words for words in said if words]

    @property
    def uncounted_words(self) -> str:
        """Movements that were no repetition, such as half stands: when, and why. Empty without any."""
        movements: list[dict[str, Any]] = self.exercise_set.result.get("uncounted", [])
        if not movements:
            return ""
        times = ", ".join(f"{movement['start_s']:.0f} s" for movement in movements)
        reasons = {finding["words"] for movement in movements for finding in movement["findings"]}
        return f"Not counted, at {times}: {' '.join(sorted(reasons))}".rstrip(": ")

    @property
    def has_curve(self) -> bool:
        return bool(self.exercise_set.result.get("curve", {}).get("t_s"))

    @property
    def is_tapped(self) -> bool:
        return self.exercise_set.counted_by == ExerciseSet.CountedBy.TAP

    @property
    def not_scored(self) -> list[str]:
        reasons: list[str] = self.exercise_set.result.get("not_scored", [])
        return reasons

    @property
    def view_words(self) -> str:
        check = self.exercise_set.result.get("view_check", {})
        return "" if check.get("fits", True) else str(check.get("words", ""))

    @property
    def shown_note(self) -> str:
        """How what the patient saw differs from the record; empty where it does not."""
        shown = self.exercise_set.as_shown
        if not shown or self.is_tapped:
            return ""
        notes = []
        count = shown.get("count", 0)
        if self.exercise_set.state == ExerciseSet.State.ANALYSED and count != len(self.repetitions):
            notes.append(
                f"the patient saw a count of {count}, the whole recording holds {len(self.repetitions)}"
            )
        if shown.get("frames_skipped"):
            notes.append("the server was busy and skipped frames while live, but stored them all")
        if shown.get("scoring_failed"):
            notes.append("live scoring stopped during the set, the recording is complete")
        return "; ".join(notes)

    @property
    def cues(self) -> list[dict[str, Any]]:
        """What the patient was told, and when."""
        cues: list[dict[str, Any]] = self.exercise_set.as_shown.get("cues", [])
        return cues


@dataclass(frozen=True, slots=True)
class SessionReview:
    """A whole session for a therapist."""

    session: TherapySession
    sets: tuple[SetReview, ...]
    pain: dict[str, int]
    comments: tuple[Message, ...]
    previous: TherapySession | None
    following: TherapySession | None

    @property
    def is_waiting(self) -> bool:
        """Whether something is still being done or analysed."""
        return self.session.state in (
            TherapySession.State.PLANNED,
            TherapySession.State.LIVE,
            TherapySession.State.ENDED,
        )


def review_of(session: TherapySession) -> SessionReview:
    """Everything that the review page shows, in a number of queries that does not grow with the sets."""
    sets = sets_of(session)
    reps = repetitions_by_set(sets)
    with_motion = set(
        Recording.objects.filter(
            exercise_set__in=sets, modality=Recording.Modality.POSE, frame_count__gt=0
        ).values_list("exercise_set_id", flat=True)
    )
    comments = Message.objects.filter(
        patient_id=session.patient_id, about_kind="session", about_ref=session.ref
    ).select_related("author")
    changed = adjustments_by_set(sets)
    return SessionReview(
        session=session,
        sets=tuple(
            _review(
                one,
                reps[one.pk],
                has_motion=one.pk in with_motion,
                among=sets,
                changes=tuple(change_in_words(row) for row in changed[one.pk]),
            )
            for one in sets
        ),
        pain=pain_of(session),
        comments=tuple(comments.order_by("created_at")),
        previous=_neighbours(session).filter(started_at__lt=session.started_at).first(),
        following=_neighbours(session).filter(started_at__gt=session.started_at).last(),
    )


def sets_of(session: TherapySession) -> list[ExerciseSet]:
    """A session's sets in order, with their exercises."""
    return list(session.sets.select_related("exercise_version__exercise").order_by("order"))


def repetitions_by_set(sets: Sequence[ExerciseSet]) -> dict[int, list[Repetition]]:
    """The judged repetitions of several sets, by set id, in one query."""
    grouped: dict[int, list[Repetition]] = defaultdict(list)
    for repetition in Repetition.objects.filter(exercise_set__in=sets).order_by("index"):
        grouped[repetition.exercise_set_id].append(repetition)
    return grouped


def pain_of(session: TherapySession) -> dict[str, int]:
    """Pain reported about a session, by moment ("before", "after", "stop"); the last answer counts."""
    reports = PainReport.objects.filter(patient=session.patient_id, session_ref=session.ref).order_by("at")
    return dict(reports.values_list("moment", "value"))


def _neighbours(session: TherapySession) -> Any:
    return sessions_of(session.patient).exclude(pk=session.pk).exclude(started_at=None)


def _review(
    exercise_set: ExerciseSet,
    repetitions: list[Repetition],
    *,
    has_motion: bool,
    among: Sequence[ExerciseSet],
    changes: tuple[str, ...],
) -> SetReview:
    worst, best = worst_and_best(repetitions)
    return SetReview(
        exercise_set=exercise_set,
        label=set_label(exercise_set, among=among),
        repetitions=tuple(repetitions),
        has_motion=has_motion,
        worst=worst,
        best=best,
        changes=changes,
    )


def set_label(exercise_set: ExerciseSet, *, among: Sequence[ExerciseSet]) -> str:
    """ "Squat, set 1 of 2" or "Clamshell, left, set 1 of 2"."""
    same = [
        one
        for one in among
        if one.exercise_version_id == exercise_set.exercise_version_id and one.side == exercise_set.side
    ]
    parts = [str(exercise_set.spec.get("name", ""))]
    if SIDE_WORDS.get(exercise_set.side):
        parts.append(SIDE_WORDS[exercise_set.side])
    if len(same) > 1:
        parts.append(f"set {exercise_set.set_number} of {len(same)}")
    return ", ".join(parts)


def worst_and_best(repetitions: Sequence[Repetition]) -> tuple[Repetition | None, Repetition | None]:
    """The repetitions to lay side by side; no worst where all that was scored is correct."""
    scored = [one for one in repetitions if one.classification in RANK]
    if not scored:
        return None, None
    best = min(scored, key=_badness)
    worst = max(scored, key=_badness)
    return (worst if RANK[worst.classification] else None), best


def _badness(repetition: Repetition) -> tuple[int, int]:
    faults = sum(RANK.get(finding.get("severity", ""), 0) for finding in repetition.findings)
    return RANK[repetition.classification], faults


def review_config(review: SessionReview, *, motion_url: str) -> dict[str, Any]:
    """The settings of ``<pl-session-review>``; ``motion_url`` holds ``{set}``.

    Documented in static/sessions/README.md.
    """
    drawn = (one for one in review.sets if one.has_motion or one.has_curve)
    return {"sets": [_set_config(one, motion_url) for one in drawn]}


def _set_config(one: SetReview, motion_url: str) -> dict[str, Any]:
    exercise_set = one.exercise_set
    return {
        "ref": str(exercise_set.ref),
        "label": one.label,
        "frames_url": motion_url.replace("{set}", str(exercise_set.ref)) if one.has_motion else "",
        "notes": one.notes,
        "curve": curve_config(exercise_set),
        "repetitions": [_repetition_config(repetition) for repetition in one.repetitions],
        "worst": one.worst.index if one.worst else None,
        "best": one.best.index if one.best else None,
    }


def curve_config(exercise_set: ExerciseSet) -> dict[str, Any]:
    """The joint angle over time of one set, with its axis, target band and source."""
    curve = exercise_set.result.get("curve", {})
    quantity = curve.get("quantity", "")
    view = exercise_set.spec.get("views", {}).get(exercise_set.view, {})
    return {
        "t_s": curve.get("t_s", []),
        "primary_deg": curve.get("primary_deg", []),
        "label": quantity_words(quantity),
        "unit": "°",
        "target_deg": view.get("primary", {}).get("target_deg"),
        "source": HEIGHT_SOURCE if quantity.endswith("_by_height") else CURVE_SOURCE,
    }


def _repetition_config(repetition: Repetition) -> dict[str, Any]:
    return {
        "ref": str(repetition.ref),
        "index": repetition.index,
        "side": repetition.side,
        "start_s": repetition.start_s,
        "peak_s": repetition.peak_s,
        "end_s": repetition.end_s,
        "classification": repetition.classification,
        "peak_deg": repetition.peak_deg,
        "reason": repetition.reason,
        "findings": repetition.findings,
    }
