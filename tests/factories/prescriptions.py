"""Exercises and plans for tests. Plain functions; each opens the clinic's scope itself."""

from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from prescriptions.dose import Dose
from prescriptions.models import ExerciseVersion, Prescription
from prescriptions.selectors import current_versions
from prescriptions.services import PlanLine, copy_library_to_clinic, write_prescription


def make_library(clinic: Clinic) -> dict[str, ExerciseVersion]:
    """The shipped exercises in a clinic, by code."""
    with clinic_scope(clinic.pk):
        copy_library_to_clinic()
        return {version.exercise.code: version for version in current_versions()}


def make_prescription(
    patient: Patient, *, by: Membership, codes: tuple[str, ...] = ("squat", "wall_slide"), **dose: object
) -> Prescription:
    """A plan in force, each exercise with the same dose."""
    library = make_library(patient.clinic)
    with clinic_scope(patient.clinic_id):
        lines = [PlanLine(version=library[code], dose=Dose(**dose)) for code in codes]  # type: ignore[arg-type]
        return write_prescription(patient, lines, by=by)
