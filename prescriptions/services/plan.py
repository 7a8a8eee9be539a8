"""Plans: written, changed, ended; and what came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.events import send_after_commit
from patients.local_time import local_day
from patients.models import Patient
from patients.services import add_timeline_entry, set_planned_days
from prescriptions.dose import Dose
from prescriptions.errors import ExerciseAlreadyInPlan, PlanEmpty, PlanEnded, TooManyExercises
from prescriptions.models import (
    DoseBounds,
    DoseChange,
    Exercise,
    ExerciseVersion,
    PrescribedExercise,
    Prescription,
)
from prescriptions.models.programme_template import ProgrammeTemplate
from prescriptions.selectors.library import current_versions
from prescriptions.selectors.plan import FEW_EXERCISES, active_prescription, exercises_of
from prescriptions.services.adapting import open_proposals
from prescriptions.services.locking import lock_exercise, lock_patient


@dataclass(frozen=True)
class PlanLine:
    """An exercise in one version, and its dose."""

    version: ExerciseVersion
    dose: Dose


def write_prescription(
    patient: Patient,
    lines: Sequence[PlanLine],
    *,
    by: Membership,
    note_to_patient: str = "",
    more_than_four: bool = False,
    started_on: date | None = None,
) -> Prescription:
    """Write a new plan and end the one in force.

    Raises PlanEmpty, DoseOutOfRange, SideNotPossible, and TooManyExercises above four without the tick.
    """
    if not lines:
        raise PlanEmpty
    _check_count(len(lines), more_than_four)
    for line in lines:
        line.dose.check(line.version.spec)
    since = started_on or local_day(patient)
    with transaction.atomic():
        lock_patient(patient.pk)
        _end_active(patient, on=since)
        prescription = Prescription.objects.create(
            patient=patient,
            status=Prescription.Status.ACTIVE,
            started_on=since,
            written_by=by,
            note_to_patient=note_to_patient.strip()[:300],
            more_than_four_confirmed=more_than_four,
        )
        for order, line in enumerate(lines):
            _add_line(prescription, line, order=order)
        _after_change(prescription, title="New plan", by=by, action="create")
    return prescription


def use_template(
    patient: Patient, template: ProgrammeTemplate, *, by: Membership, note_to_patient: str = ""
) -> Prescription:
    """Write a plan from a programme, each exercise in its newest version. Raises as `write_prescription`."""
    newest = {version.exercise.code: version for version in current_versions()}
    lines = [
        PlanLine(version=newest[item["code"]], dose=Dose.of(item))
        for item in template.items
        if item["code"] in newest
    ]
    return write_prescription(
        patient, lines, by=by, note_to_patient=note_to_patient, more_than_four=len(lines) > FEW_EXERCISES
    )


def add_exercise(
    patient: Patient, line: PlanLine, *, by: Membership, more_than_four: bool = False
) -> PrescribedExercise:
    """Add an exercise to the plan in force, or begin a plan with it. Raises ExerciseAlreadyInPlan."""
    line.dose.check(line.version.spec)
    with transaction.atomic():
        lock_patient(patient.pk)
        prescription = active_prescription(patient)
        if prescription is None:
            plan = write_prescription(patient, [line], by=by, more_than_four=more_than_four)
            return exercises_of(plan).get()
        there = exercises_of(prescription)
        if there.filter(exercise_version__exercise_id=line.version.exercise_id).exists():
            raise ExerciseAlreadyInPlan(line.version.exercise.code)
        _check_count(there.count() + 1, more_than_four or prescription.more_than_four_confirmed)
        if more_than_four and not prescription.more_than_four_confirmed:
            prescription.more_than_four_confirmed = True
            prescription.save(update_fields=["more_than_four_confirmed", "updated_at"])
        last = there.aggregate(last=Max("order"))["last"] or 0
        added = _add_line(prescription, line, order=last + 1)
        _after_change(prescription, title=f"Added to the plan: {line.version.exercise.name}", by=by)
    return added


def change_dose(
    prescribed: PrescribedExercise, dose: Dose, *, by: Membership, reason: str = ""
) -> PrescribedExercise:
    """Change what is asked, and keep what was asked before. Nothing is written when nothing changes."""
    dose.check(prescribed.exercise_version.spec)
    with transaction.atomic():
        prescribed = lock_exercise(prescribed)
        before = Dose.of(prescribed)
        if before == dose:
            return prescribed
        for name, value in dose.to_dict().items():
            setattr(prescribed, name, value)
        prescribed.save()
        DoseChange.objects.create(
            prescribed_exercise=prescribed,
            before=before.to_dict(),
            after=dose.to_dict(),
            reason=reason.strip()[:300],
            by=by,
        )
        open_proposals.supersede([prescribed], why=open_proposals.DOSE_CHANGED)
        title = f"Dose changed: {prescribed.exercise_version.exercise.name}"
        _after_change(prescribed.prescription, title=title, by=by, summary=reason.strip()[:300])
    return prescribed


def swap_exercise(
    prescribed: PrescribedExercise, line: PlanLine, *, by: Membership, reason: str = ""
) -> PrescribedExercise:
    """Put another exercise in the place of one; its dose bounds go with the place.

    The number of exercises stays, so that no tick is needed. Raises ExerciseAlreadyInPlan.
    """
    line.dose.check(line.version.spec)
    with transaction.atomic():
        prescribed = lock_exercise(prescribed)
        _check_not_in_plan(prescribed, line.version.exercise)
        prescribed.removed_at = timezone.now()
        prescribed.save(update_fields=["removed_at", "updated_at"])
        added = _add_line(prescribed.prescription, line, order=prescribed.order)
        _move_bounds(prescribed, added)
        open_proposals.expire([prescribed], why=open_proposals.TAKEN_OUT)
        title = f"{line.version.exercise.name} instead of {prescribed.exercise.name}"
        _after_change(prescribed.prescription, title=title, by=by, summary=reason.strip()[:300])
    return added


def swap_back(added: PrescribedExercise, before: PrescribedExercise, *, by: Membership) -> PrescribedExercise:
    """Undo `swap_exercise`: the line as it was, in its place. Raises ExerciseAlreadyInPlan."""
    with transaction.atomic():
        added = lock_exercise(added)
        before = lock_exercise(before)
        _check_not_in_plan(added, before.exercise)
        added.removed_at, before.removed_at, before.order = timezone.now(), None, added.order
        added.save(update_fields=["removed_at", "updated_at"])
        before.save(update_fields=["removed_at", "order", "updated_at"])
        _move_bounds(added, before)
        open_proposals.expire([added], why=open_proposals.TAKEN_OUT)
        title = f"{before.exercise.name} again instead of {added.exercise.name}"
        _after_change(before.prescription, title=title, by=by)
    return before


def _check_not_in_plan(leaving: PrescribedExercise, exercise: Exercise) -> None:
    others = exercises_of(leaving.prescription).exclude(pk=leaving.pk)
    if others.filter(exercise_version__exercise=exercise).exists():
        raise ExerciseAlreadyInPlan(exercise.code)


def _move_bounds(source: PrescribedExercise, target: PrescribedExercise) -> None:
    DoseBounds.objects.filter(prescribed_exercise=source).update(
        prescribed_exercise=target, updated_at=timezone.now()
    )


def remove_exercise(prescribed: PrescribedExercise, *, by: Membership) -> PrescribedExercise:
    """Take an exercise out of the plan. It stays in the record, and `restore_exercise` puts it back."""
    with transaction.atomic():
        prescribed = lock_exercise(prescribed)
        if prescribed.removed_at is None:
            prescribed.removed_at = timezone.now()
            prescribed.save(update_fields=["removed_at", "updated_at"])
            open_proposals.expire([prescribed], why=open_proposals.TAKEN_OUT)
            title = f"Taken out of the plan: {prescribed.exercise_version.exercise.name}"
            _after_change(prescribed.prescription, title=title, by=by)
    return prescribed


def restore_exercise(prescribed: PrescribedExercise, *, by: Membership) -> PrescribedExercise:
    """Undo `remove_exercise`."""
    with transaction.atomic():
        prescribed = lock_exercise(prescribed)
        if prescribed.removed_at is not None:
            there = exercises_of(prescribed.prescription)
            if there.filter(exercise_version__exercise_id=prescribed.exercise_version.exercise_id).exists():
                raise ExerciseAlreadyInPlan(prescribed.exercise_version.exercise.code)
            prescribed.removed_at = None
            prescribed.save(update_fields=["removed_at", "updated_at"])
            title = f"Put back into the plan: {prescribed.exercise_version.exercise.name}"
            _after_change(prescribed.prescription, title=title, by=by)
    return prescribed


def write_note(prescription: Prescription, note_to_patient: str, *, by: Membership) -> Prescription:
    """Change the therapist's line that the patient reads on Today."""
    with transaction.atomic():
        prescription.note_to_patient = note_to_patient.strip()[:300]
        prescription.save(update_fields=["note_to_patient", "updated_at"])
        _after_change(prescription, title="New line on the plan", by=by)
    return prescription


def end_prescription(prescription: Prescription, *, by: Membership) -> Prescription:
    """End the plan. Raises PlanEnded when it has ended already."""
    with transaction.atomic():
        lock_patient(prescription.patient_id)
        prescription.refresh_from_db()
        if prescription.status == Prescription.Status.ENDED:
            raise PlanEnded(prescription.ref)
        _end_active(prescription.patient, on=local_day(prescription.patient))
        prescription.refresh_from_db()
        _after_change(prescription, title="Plan ended", by=by)
    return prescription


def _check_count(count: int, confirmed: bool) -> None:
    if count > FEW_EXERCISES and not confirmed:
        raise TooManyExercises(count, FEW_EXERCISES)


def _end_active(patient: Patient, *, on: date) -> None:
    active = Prescription.objects.filter(patient=patient, status=Prescription.Status.ACTIVE)
    for prescription in active:
        prescription.status, prescription.ended_on = Prescription.Status.ENDED, on
        prescription.save(update_fields=["status", "ended_on", "updated_at"])
    open_proposals.expire_ended(patient)


def _add_line(prescription: Prescription, line: PlanLine, *, order: int) -> PrescribedExercise:
    return PrescribedExercise.objects.create(
        prescription=prescription, exercise_version=line.version, order=order, **line.dose.to_dict()
    )


def _after_change(
    prescription: Prescription, *, title: str, by: Membership, summary: str = "", action: str = "change"
) -> None:
    patient = prescription.patient
    add_timeline_entry(patient, kind="prescription", title=title, summary=summary, by=by)
    _tell_planned_days(patient)
    record(action, patient=patient.pk, object_type="prescriptions.Prescription", object_ref=prescription.ref)
    send_after_commit(
        "prescription.changed",
        patient,
        ref=prescription.ref,
    )


def _tell_planned_days(patient: Patient) -> None:
    active = active_prescription(patient)
    if active is None:
        set_planned_days(patient, days_per_week=0, since=None)
        return
    most = exercises_of(active).aggregate(most=Max("days_per_week"))["most"]
    set_planned_days(patient, days_per_week=most or 0, since=active.started_on)
