"""What people may type about plans, doses, exercises and the protocol."""

from prescriptions.forms.dosing import QUICK_REASONS, BoundsForm, ComparisonForm, EditProposalForm, ReasonForm
from prescriptions.forms.library import ExerciseVersionForm, ProgrammeForm
from prescriptions.forms.plan import AddExerciseForm, ChangeDoseForm, DoseForm, NoteForm, TemplateChoiceForm

__all__ = [
    "QUICK_REASONS",
    "AddExerciseForm",
    "BoundsForm",
    "ChangeDoseForm",
    "ComparisonForm",
    "DoseForm",
    "EditProposalForm",
    "ExerciseVersionForm",
    "NoteForm",
    "ProgrammeForm",
    "ReasonForm",
    "TemplateChoiceForm",
]
