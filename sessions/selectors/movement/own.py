"""A patient's own movement: recordings and their results, what was measured lately, what is due."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.models import Membership, Role
from patients.local_time import local_day
from patients.models import Patient
from sessions.errors import RecordingNotFound
from sessions.models import MovementMeasure, Recording, TimedTest, WalkingBout
from sessions.movement_tests import TESTS, MovementTest
from sessions.selectors.access import as_uuid
from sessions.selectors.movement.own_words import (
    NOT_CHECKED,
    UNMEASURED,
    WORDS,
    OwnMeasure,
    Phase,
    codes_of,
    own_measure,
    phases_of,
    remarks_of,
    say_time,
)

LATELY = timedelta(days=28)
TREND = timedelta(weeks=8)
NEWEST = 4
TEST_EVERY = timedelta(days=7)
WAITING = (Recording.State.CLOSED, Recording.State.WAITING, Recording.State.ANALYSING)
LATELY_CODES = (
    "walking_speed_m_s",
    "walk_10m_speed_m_s",
    "chair_stand_count",
    "tug_s",
    "walking_minutes",
    "step_count",
)


@dataclass(frozen=True, slots=True)
class OwnLately:
    """The newest value of one metric, and its days for a small line."""

    measure: OwnMeasure
    day: date
    recording_ref: UUID | None
    values: str
    trend_words: str


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What a recording said. `hidden`: measures that are not shown, with their reasons."""

    recording: Recording
    test: MovementTest | None
    shown: tuple[OwnMeasure, ...]
    hidden: tuple[OwnMeasure, ...]
    phases: tuple[Phase, ...]
    facts: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.recording.is_open

    @property
    def is_working(self) -> bool:
        return self.recording.state in WAITING

    @property
    def has_failed(self) -> bool:
        return self.recording.state == Recording.State.FAILED

    @property
    def is_day_file(self) -> bool:
        """A file whose values lie with the days, or with the therapist: it has no result of its own."""
        return self.recording.modality in (Recording.Modality.HEALTH, Recording.Modality.LAB)

    @property
    def title(self) -> str:
        if self.test:
            return self.test.name
        return self.recording.title or str(self.recording.get_activity_display() or "Movement")


# Access


def own_recording(membership: Membership, ref: UUID | str) -> Recording:
    """A movement recording of the signed-in patient; raises RecordingNotFound for anybody else's."""
    if membership.role != Role.PATIENT:
        raise RecordingNotFound
    mine = Recording.objects.filter(patient__membership=membership, exercise_set=None)
    found = (
        mine.select_related("patient__clinic", "device").filter(ref=as_uuid(ref, RecordingNotFound)).first()
    )
    if found is None:
        raise RecordingNotFound
    return found


def own_recordings(patient: Patient) -> QuerySet[Recording]:
    """A patient's movement recordings, newest first; those that never received anything are left out."""
    mine = Recording.objects.filter(patient=patient, exercise_set=None)
    empty = Q(state=Recording.State.FAILED, sample_count=0, file_key="") | Q(
        state=Recording.State.OPEN, sample_count=0
    )
    return mine.exclude(empty).order_by("-created_at", "-id")


def last_test(patient: Patient) -> Recording | None:
    """The newest test that the patient did with a phone, for how it was done."""
    tests = Recording.objects.filter(patient=patient, source=Recording.Source.PHONE, exercise_set=None)
    return tests.filter(activity__in=TESTS).order_by("-id").first()


def last_run_up(patient: Patient, kind: str) -> bool:
    """Whether the patient's last test of this kind had a run-up, so that it need not be said again."""
    done = Recording.objects.filter(patient=patient, source=Recording.Source.PHONE, activity=kind)
    last = done.order_by("-id").values_list("protocol", flat=True).first()
    return bool(last and last.get("run_up_m"))


def has_done(patient: Patient, kind: str) -> bool:
    """Whether the patient knows a test: it gave a result before."""
    done = Recording.objects.filter(patient=patient, source=Recording.Source.PHONE, activity=kind)
    return done.filter(state=Recording.State.ANALYSED).exists()


def unfinished_test(patient: Patient) -> Recording | None:
    """A test that was begun today, received something, and was not ended."""
    since = timezone.now() - timedelta(hours=12)
    tests = own_recordings(patient).filter(activity__in=TESTS, state=Recording.State.OPEN)
    return tests.filter(source=Recording.Source.PHONE, created_at__gte=since).first()


def walk_test_due(patient: Patient, *, at: datetime | None = None) -> bool:
    """Whether a week has gone by without a walk or a timed test that gave a result."""
    since = (at or timezone.now()) - TEST_EVERY
    done = own_recordings(patient).filter(activity__in=TESTS, created_at__gte=since)
    return not done.exclude(state=Recording.State.FAILED).exists()


# Results


def own_result(recording: Recording) -> OwnResult:
    """A recording's result in words, compared with the one before where the difference can be measured."""
    test = TESTS.get(recording.activity)
    measures = measures_of(recording)
    before = _measures_before(recording) if measures else {}
    age = age_of(recording.patient) if recording.patient else None
    said = [
        own_measure(one, before=before.get(one["code"]), age=age, says_no_change=rank == 0)
        for rank, one in enumerate(measures)
    ]
    timed = list(recording.timed_tests.all())
    return OwnResult(
        recording=recording,
        test=test,
        shown=tuple(one for one in said if not one.withheld),
        hidden=tuple(one for one in said if one.withheld),
        phases=phases_of(timed[0].phases) if timed else (),
        facts=_facts(recording),
        remarks=_remarks(recording, timed),
    )


def measures_of(recording: Recording) -> list[dict[str, Any]]:
    """The measures of one recording as Measure dictionaries, in the order in which they are shown."""
    timed = list(recording.timed_tests.all())
    if timed:
        return [_of_test(one) for one in timed]
    bouts = list(recording.bouts.all())
    codes = TESTS["walk"].measures
    return [combine(code, bouts) for code in codes] if bouts else []


def _of_test(test: TimedTest) -> dict[str, Any]:
    code = TESTS[test.kind].measures[0]
    flags = codes_of(test.flags)
    return {
        "code": code,
        "is_checked": NOT_CHECKED not in flags,
        "value": test.value,
        "low": test.low,
        "high": test.high,
        "withheld": test.withheld,
        # Norms of the 10-metre walk are of walking that has begun before the timing does.
        "norm": {} if "standing_start" in flags else test.norm,
    }


def combine(code: str, bouts: Iterable[WalkingBout]) -> dict[str, Any]:
    """One measure over a recording's bouts: means weighted by steps, of the ends of the band too."""
    found = [(bout, bout.measures.get(code) or {}) for bout in bouts]
    known = [(max(1, bout.step_count), one) for bout, one in found if one.get("value") is not None]
    if not known:
        reasons = Counter(str(one["withheld"]) for _, one in found if one.get("withheld"))
        reason = reasons.most_common(1)[0][0] if reasons else UNMEASURED
        return {"code": code, "value": None, "low": None, "high": None, "withheld": reason}
    return {
        "code": code,
        "value": _mean(known, "value"),
        "low": _mean(known, "low"),
        "high": _mean(known, "high"),
        "withheld": "",
    }


def _mean(known: Sequence[tuple[int, Mapping[str, Any]]], field: str) -> float | None:
    if any(one.get(field) is None for _, one in known):
        return None
    return sum(weight * float(one[field]) for weight, one in known) / sum(weight for weight, _ in known)


def _measures_before(recording: Recording) -> dict[str, float]:
    """Values of the recording before this one of the same kind."""
    earlier = Recording.objects.filter(
        patient_id=recording.patient_id,
        activity=recording.activity,
        state=Recording.State.ANALYSED,
        id__lt=recording.pk,
    )
    last = earlier.prefetch_related("timed_tests", "bouts").order_by("-id").first()
    if last is None or not recording.activity:
        return {}
    return {one["code"]: one["value"] for one in measures_of(last) if one["value"] is not None}


def age_of(patient: Patient) -> int | None:
    """Full years on the patient's own calendar."""
    born = patient.birth_date
    if born is None:
        return None
    today = local_day(patient)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _facts(recording: Recording) -> tuple[str, ...]:
    bouts = list(recording.bouts.all())
    if not bouts:
        return ()
    steps = sum(bout.step_count for bout in bouts)
    seconds = sum(bout.duration_s for bout in bouts)
    return (f"You took {steps} steps in {say_time(seconds)} of walking.",)


def _remarks(recording: Recording, timed: Sequence[TimedTest]) -> tuple[str, ...]:
    stored = timed[0].flags if timed else recording.result.get("flags")
    return remarks_of(stored)


# My movement


def measured_lately(patient: Patient) -> list[OwnLately]:
    """The newest value of each metric from the last four weeks, with eight weeks of days for its line."""
    today = local_day(patient)
    rows = MovementMeasure.objects.filter(patient=patient, code__in=LATELY_CODES, day__gte=today - TREND)
    by_code: dict[str, list[MovementMeasure]] = defaultdict(list)
    for row in rows.select_related("recording").order_by("day", "id"):
        by_code[row.code].append(row)
    age = age_of(patient)
    return [
        _lately(by_code[code], age=age)
        for code in LATELY_CODES
        if by_code[code] and by_code[code][-1].day >= today - LATELY
    ]


def _lately(rows: Sequence[MovementMeasure], *, age: int | None) -> OwnLately:
    newest = rows[-1]
    measure = own_measure(
        {
            "code": newest.code,
            "value": newest.value,
            "low": newest.low,
            "high": newest.high,
            "is_checked": NOT_CHECKED not in codes_of(newest.flags),
        },
        age=age,
    )
    by_day = {row.day: abs(row.value) * WORDS[row.code].scale for row in rows}
    first, last = next(iter(by_day.values())), list(by_day.values())[-1]
    decimals = WORDS[newest.code].decimals
    return OwnLately(
        measure=measure,
        day=newest.day,
        recording_ref=newest.recording.ref if newest.recording else None,
        values=" ".join(f"{value:.2f}" for value in by_day.values()) if len(by_day) > 1 else "",
        trend_words=f"{measure.name}: {first:.{decimals}f} then, {last:.{decimals}f} now",
    )


def newest_results(patient: Patient) -> list[OwnResult]:
    """The newest recordings, each with its result."""
    newest = (
        own_recordings(patient).select_related("patient").prefetch_related("timed_tests", "bouts")[:NEWEST]
    )
    return [_in_short(one) for one in newest]


def _in_short(recording: Recording) -> OwnResult:
    said = [own_measure(one) for one in measures_of(recording)]
    return OwnResult(
        recording=recording,
        test=TESTS.get(recording.activity),
        shown=tuple(one for one in said if not one.withheld)[:1],
        hidden=(),
        phases=(),
        facts=(),
        remarks=(),
    )
