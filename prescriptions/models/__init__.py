"""What we ask a patient to do."""

from prescriptions.models.dose_change import DoseChange
from prescriptions.models.exercise import Exercise, ExerciseVersion
from prescriptions.models.exercise_response import ExerciseResponse
from prescriptions.models.prescription import PrescribedExercise, Prescription
from prescriptions.models.programme_template import ProgrammeTemplate

__all__ = [
    "DoseChange",
    "Exercise",
    "ExerciseResponse",
    "ExerciseVersion",
    "PrescribedExercise",
    "Prescription",
    "ProgrammeTemplate",
]
