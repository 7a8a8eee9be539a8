"""What people may type about plans, doses, exercises and the protocol."""

from prescriptions.forms.library import ExerciseVersionForm, ProgrammeForm
from prescriptions.forms.plan import AddExerciseForm, ChangeDoseForm, DoseForm, NoteForm, TemplateChoiceForm

__all__ = [
    "AddExerciseForm",
    "ChangeDoseForm",
    "DoseForm",
    "ExerciseVersionForm",
    "NoteForm",
    "ProgrammeForm",
    "TemplateChoiceForm",
]
