"""What the record holds about a patient and a prescribed exercise: the facts that a context is made of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Q

from patients.local_time import zone_of
from patients.models import Alert, EpisodeOfCare, ExerciseHold, PainReport, Patient
from patients.red_flags import Severity
from prescriptions.dose import Dose
from prescriptions.models import DoseChange, DoseDecision, ExerciseResponse, PrescribedExercise

Row = TypeVar("Row", ExerciseResponse, DoseChange)

PAIN_DAYS = 28
RESPONSES_DAYS = 90
GRAVE = (Severity.EMERGENCY.value, Severity.SAME_DAY.value)
CHANGED = (DoseDecision.State.ACCEPTED, DoseDecision.State.EDITED)


@dataclass(frozen=True, slots=True)
class Pain:
    """One answer, with the patient's own day."""

    value: int
    moment: str
    at: datetime
    day: date
    session_ref: UUID | None


@dataclass(frozen=True)
class PatientEvidence:
    """What is known of the patient. `pains`: the oldest first."""

    patient: Patient
    at: datetime
    today: date
    pains: tuple[Pain, ...]
    episodes: tuple[EpisodeOfCare, ...]
    on_hold: bool
    red_flag: bool

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(zone_of(self.patient)).date()


@dataclass(frozen=True)
class LineEvidence:
    """What is known of one line of the plan. `responses` and `changes`: the oldest first.

    `came_from` is the decision that put this line in the place of another variation, if one did, and
    `changes_before` are those of that other line.
    """

    prescribed: PrescribedExercise
    responses: tuple[ExerciseResponse, ...]
    changes: tuple[DoseChange, ...]
    came_from: DoseDecision | None
    changes_before: tuple[DoseChange, ...] = ()

    @property
    def dose_since(self) -> datetime:
        """Since when the dose in force is asked."""
        return self.changes[-1].created_at if self.changes else self.prescribed.created_at

    @property
    def at_dose(self) -> tuple[ExerciseResponse, ...]:
        """What was done since the dose was last changed."""
        return tuple(one for one in self.responses if one.created_at >= self.dose_since)

    def dose_at(self, moment: datetime) -> Dose:
        """What was asked at that time, or the first dose if the line is younger."""
        return _dose_at(moment, self.changes, Dose.of(self.prescribed))

    def dose_before_swap(self, moment: datetime, came_from: DoseDecision) -> Dose:
        """What the other line asked at that time."""
        return _dose_at(moment, self.changes_before, Dose.of(came_from.dose_before))


def _dose_at(moment: datetime, changes: tuple[DoseChange, ...], now: Dose) -> Dose:
    later = [change for change in changes if change.created_at > moment]
    return Dose.of(later[0].before) if later else now


def patient_evidence(patient: Patient, *, at: datetime, days: int = PAIN_DAYS) -> PatientEvidence:
    """Four queries, whatever the number of exercises. Pain of the last `days`."""
    zone = zone_of(patient)
    reports = PainReport.objects.filter(patient=patient, at__gt=at - timedelta(days=days), at__lte=at)
    pains = tuple(
        Pain(one.value, one.moment, one.at, one.at.astimezone(zone).date(), one.session_ref)
        for one in reports.order_by("at", "pk")
    )
    alerts = Alert.objects.filter(patient=patient, severity__in=GRAVE, raised_at__lte=at)
    on_hold = ExerciseHold.objects.filter(patient=patient, lifted_at=None).exists()
    return PatientEvidence(
        patient=patient,
        at=at,
        today=at.astimezone(zone).date(),
        pains=pains,
        episodes=tuple(
            EpisodeOfCare.objects.filter(patient=patient, status=EpisodeOfCare.Status.ACTIVE).order_by(
                "-created_at"
            )
        ),
        on_hold=on_hold,
        red_flag=on_hold or alerts.exclude(state=Alert.State.CLOSED).exists(),
    )


def line_evidence(lines: Iterable[PrescribedExercise], *, at: datetime) -> dict[int, LineEvidence]:
    """By the line's id, in four queries for all of them."""
    wanted = list(lines)
    responses = _by_line(
        ExerciseResponse.objects.filter(
            prescribed_exercise__in=wanted, created_at__lte=at, day__gte=_first_day(at), sets_done__gt=0
        ).order_by("created_at", "pk")
    )
    changes = _by_line(
        DoseChange.objects.filter(prescribed_exercise__in=wanted, created_at__lte=at).order_by(
            "created_at", "pk"
        )
    )
    came_from = _came_from(wanted, at=at)
    before = _by_line(
        DoseChange.objects.filter(
            prescribed_exercise__in=[one.prescribed_exercise_id for one in came_from.values()]
        ).order_by("created_at", "pk")
    )
    return {
        line.pk: LineEvidence(
            prescribed=line,
            responses=tuple(responses[line.pk]),
            changes=tuple(changes[line.pk]),
            came_from=came_from.get(line.pk),
            changes_before=tuple(before[came_from[line.pk].prescribed_exercise_id])
            if line.pk in came_from
            else (),
        )
        for line in wanted
    }


def _came_from(lines: list[PrescribedExercise], *, at: datetime) -> dict[int, DoseDecision]:
    came = DoseDecision.objects.filter(delivered_exercise__in=lines, state__in=CHANGED, decided_at__lte=at)
    swapped = ~Q(prescribed_exercise_id=F("delivered_exercise_id"))
    return {one.delivered_exercise_id: one for one in came.filter(swapped).order_by("pk")}


def _first_day(at: datetime) -> date:
    return (at - timedelta(days=RESPONSES_DAYS)).date()


def _by_line(rows: Iterable[Row]) -> dict[int, list[Row]]:
    by_line: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_line[row.prescribed_exercise_id].append(row)
    return by_line
