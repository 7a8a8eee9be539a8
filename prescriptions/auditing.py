"""Which field changes are logged, with free text masked."""

from clinic.audit import register


def register_models() -> None:
    """Called once when the app is ready."""
    from prescriptions import models

    register(models.Exercise)
    register(models.ExerciseVersion, exclude=["spec"])
    register(models.DoseBounds)
    register(models.ProgrammeTemplate)
    register(models.ProgressionProtocol, exclude=["spec"])
    register(models.Prescription, mask=["note_to_patient"])
    register(models.PrescribedExercise, mask=["patient_note"])
