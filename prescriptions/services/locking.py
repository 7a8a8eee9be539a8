"""Locks on a plan, always in this order: patient, line of the plan, decision. Writers follow each other."""

from patients.models import Patient
from prescriptions.errors import PlanEnded
from prescriptions.models import PrescribedExercise, Prescription


def lock_patient(patient_id: int) -> None:
    """Inside the caller's transaction, until it ends."""
    Patient.objects.select_for_update().filter(pk=patient_id).values_list("pk", flat=True).get()


def lock_exercise(prescribed: PrescribedExercise) -> PrescribedExercise:
    """The line of the plan, locked after its patient, as it is now. Raises PlanEnded."""
    lock_patient(prescribed.prescription.patient_id)
    locked: PrescribedExercise = (
        PrescribedExercise.objects.select_for_update(of=("self",))
        .select_related("prescription__patient__clinic", "exercise_version__exercise")
        .get(pk=prescribed.pk)
    )
    if locked.prescription.status == Prescription.Status.ENDED:
        raise PlanEnded(locked.prescription.ref)
    return locked
