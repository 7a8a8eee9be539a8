"""Named reads of a patient's plan."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.models import Membership
from patients.local_time import local_day
from patients.models import Patient
from patients.selectors import check_patient_access
from prescriptions.dose import Dose, days_in_words, dose_in_words, seconds_of, sets_to_do
from prescriptions.errors import ExerciseNotFound, PrescriptionNotFound
from prescriptions.models import DoseChange, ExerciseResponse, PrescribedExercise, Prescription
from prescriptions.selectors.library import caution_of

FEW_EXERCISES = 4


def active_prescription(patient: Patient) -> Prescription | None:
    """The plan in force, or None."""
    plans = Prescription.objects.filter(patient=patient, status=Prescription.Status.ACTIVE)
    return plans.select_related("written_by").first()


def prescriptions_of(patient: Patient) -> QuerySet[Prescription]:
    """Every plan, the newest first."""
    return Prescription.objects.filter(patient=patient).select_related("written_by").order_by("-created_at")


def exercises_of(prescription: Prescription) -> QuerySet[PrescribedExercise]:
    """The exercises in force, in order, with version and exercise."""
    there = PrescribedExercise.objects.filter(prescription=prescription, removed_at=None)
    return there.select_related("exercise_version__exercise").order_by("order", "pk")


def access_prescription(membership: Membership, ref: UUID | str, *, purpose: str) -> Prescription:
    """A plan of a patient whom this person may open. Raises PrescriptionNotFound, NotOnCareTeam."""
    plans = Prescription.objects.select_related("patient__clinic", "written_by")
    prescription = plans.filter(ref=_as_uuid(ref, PrescriptionNotFound)).first()
    if prescription is None:
        raise PrescriptionNotFound(ref)
    check_patient_access(membership, prescription.patient.ref, purpose=purpose)
    return prescription


def access_prescribed_exercise(
    membership: Membership, ref: UUID | str, *, purpose: str
) -> PrescribedExercise:
    """One exercise of a plan, of a patient whom they may open. Raises ExerciseNotFound or NotOnCareTeam."""
    exercises = PrescribedExercise.objects.select_related(
        "prescription__patient__clinic", "exercise_version__exercise"
    )
    prescribed = exercises.filter(ref=_as_uuid(ref, ExerciseNotFound)).first()
    if prescribed is None:
        raise ExerciseNotFound(ref)
    check_patient_access(membership, prescribed.prescription.patient.ref, purpose=purpose)
    return prescribed


def _as_uuid(ref: UUID | str, error: type[PrescriptionNotFound] | type[ExerciseNotFound]) -> UUID:
    try:
        return UUID(str(ref))
    except ValueError as wrong:
        raise error(ref) from wrong


@dataclass(frozen=True)
class PlannedExercise:
    """One exercise of a plan as a page shows it."""

    prescribed: PrescribedExercise
    dose_words: str
    seconds: int
    caution: str
    sets_to_do: int
    sets_done: int = 0
    days_done_this_week: int = 0
    is_due: bool = True

    @property
    def is_done(self) -> bool:
        return self.sets_done >= self.sets_to_do

    @property
    def name(self) -> str:
        return str(self.prescribed.exercise_version.spec.get("name") or self.prescribed.exercise.name)

    @property
    def code(self) -> str:
        return self.prescribed.exercise.code

    @property
    def days_words(self) -> str:
        return days_in_words(self.prescribed.days_per_week)

    @property
    def dots(self) -> tuple[bool, ...]:
        """One per set, True when done."""
        return tuple(number < self.sets_done for number in range(self.sets_to_do))


@dataclass(frozen=True)
class TodayPlan:
    """What a patient is asked to do on their own day."""

    prescription: Prescription
    exercises: tuple[PlannedExercise, ...]

    @property
    def due(self) -> tuple[PlannedExercise, ...]:
        return tuple(exercise for exercise in self.exercises if exercise.is_due)

    @property
    def left(self) -> tuple[PlannedExercise, ...]:
        return tuple(exercise for exercise in self.due if not exercise.is_done)

    @property
    def minutes(self) -> int:
        return minutes_of(self.left or self.due or self.exercises)

    @property
    def is_rest_day(self) -> bool:
        return not self.due

    @property
    def is_done(self) -> bool:
        return bool(self.due) and not self.left


def minutes_of(exercises: Sequence[PlannedExercise]) -> int:
    """Whole minutes, rounded up."""
    return -(-sum(exercise.seconds for exercise in exercises) // 60)


def planned(prescribed: PrescribedExercise) -> PlannedExercise:
    """An exercise of a plan with its dose in words."""
    spec = prescribed.exercise_version.spec
    dose = Dose.of(prescribed)
    return PlannedExercise(
        prescribed=prescribed,
        dose_words=dose_in_words(dose, spec),
        seconds=seconds_of(dose, spec),
        caution=caution_of(spec),
        sets_to_do=sets_to_do(dose, spec),
    )


def today_plan(patient: Patient, *, at: datetime | None = None) -> TodayPlan | None:
    """Today's exercises on the patient's own day, with what is done; None without a plan.

    An exercise is due until it was done on its number of days in this week, Monday to Sunday.
    """
    prescription = active_prescription(patient)
    if prescription is None:
        return None
    today = local_day(patient, at=at or timezone.now())
    responses = _responses_this_week(patient, today=today)
    shown = tuple(_today(item, responses[item.pk], today=today) for item in exercises_of(prescription))
    return TodayPlan(prescription=prescription, exercises=shown)


def exercises_for_today(patient: Patient, *, at: datetime | None = None) -> list[PrescribedExercise]:
    """What a session that starts now contains: what is left for today, else the whole plan once more."""
    plan = today_plan(patient, at=at)
    if plan is None:
        return []
    return [exercise.prescribed for exercise in plan.left or plan.exercises]


def _today(prescribed: PrescribedExercise, sets_by_day: dict[date, int], *, today: date) -> PlannedExercise:
    earlier = [day for day in sets_by_day if day < today]
    return replace(
        planned(prescribed),
        sets_done=sets_by_day.get(today, 0),
        days_done_this_week=len(earlier),
        is_due=len(earlier) < prescribed.days_per_week,
    )


def _responses_this_week(patient: Patient, *, today: date) -> dict[int, dict[date, int]]:
    monday = today - timedelta(days=today.weekday())
    by_exercise: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    responses = ExerciseResponse.objects.filter(
        patient=patient, day__gte=monday, day__lte=today, sets_done__gt=0
    )
    for exercise_id, day, sets in responses.values_list("prescribed_exercise_id", "day", "sets_done"):
        by_exercise[exercise_id][day] += sets
    return by_exercise


def dose_changes_of(patient: Patient) -> QuerySet[DoseChange]:
    """Every change of a dose, the newest first."""
    changes = DoseChange.objects.filter(prescribed_exercise__prescription__patient=patient)
    return changes.select_related("by", "prescribed_exercise__exercise_version__exercise").order_by(
        "-created_at"
    )


@dataclass(frozen=True)
class DoseChangeInWords:
    change: DoseChange
    name: str
    before: str
    after: str


def dose_changes_in_words(patient: Patient) -> list[DoseChangeInWords]:
    """The changes, newest first, each as "from … to …" with days a week."""
    return [_in_words(change) for change in dose_changes_of(patient)]


def _in_words(change: DoseChange) -> DoseChangeInWords:
    version = change.prescribed_exercise.exercise_version
    before, after = (
        f"{dose_in_words(dose, version.spec)}, {days_in_words(dose.days_per_week)}"
        for dose in (Dose.of(change.before), Dose.of(change.after))
    )
    return DoseChangeInWords(change=change, name=version.exercise.name, before=before, after=after)


@dataclass(frozen=True)
class PlanInFull:
    """A plan with all its exercises, those taken out too."""

    prescription: Prescription
    exercises: tuple[PlannedExercise, ...]


def plans_with_exercises(patient: Patient) -> list[PlanInFull]:
    """Every plan, the newest first, in two queries."""
    plans = list(prescriptions_of(patient))
    all_of_them = PrescribedExercise.objects.filter(prescription__in=plans).order_by("order", "pk")
    by_plan: dict[int, list[PlannedExercise]] = defaultdict(list)
    for prescribed in all_of_them.select_related("exercise_version__exercise"):
        by_plan[prescribed.prescription_id].append(planned(prescribed))
    return [PlanInFull(plan, tuple(by_plan[plan.pk])) for plan in plans]
