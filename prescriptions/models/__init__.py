"""What we ask a patient to do."""

from prescriptions.models.comparison_run import ComparisonRun
from prescriptions.models.dose_bounds import DoseBounds
from prescriptions.models.dose_change import DoseChange
from prescriptions.models.dose_decision import DoseDecision
from prescriptions.models.exercise import Exercise, ExerciseVersion
from prescriptions.models.exercise_response import ExerciseResponse
from prescriptions.models.learner_state import LearnerState
from prescriptions.models.prescription import PrescribedExercise, Prescription
from prescriptions.models.programme_template import ProgrammeTemplate
from prescriptions.models.progression_protocol import ProgressionProtocol

__all__ = [
    "ComparisonRun",
    "DoseBounds",
    "DoseChange",
    "DoseDecision",
    "Exercise",
    "ExerciseResponse",
    "ExerciseVersion",
    "LearnerState",
    "PrescribedExercise",
    "Prescription",
    "ProgrammeTemplate",
    "ProgressionProtocol",
]
