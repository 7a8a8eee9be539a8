"""What therapists may type about a plan and its doses."""

from collections.abc import Mapping
from typing import Any

from django import forms

from prescriptions.dose import RANGES, TEXT_LENGTHS, Dose, sides_of
from prescriptions.models import PrescribedExercise


def _number(name: str, label: str, initial: int) -> forms.IntegerField:
    least, most = RANGES[name]
    return forms.IntegerField(label=label, min_value=least, max_value=most, initial=initial)


class DoseForm(forms.Form):
    """A dose; the side is limited to what the exercise's `spec` allows."""

    sets = _number("sets", "Sets", 2)
    repetitions = _number("repetitions", "Repetitions", 10)
    hold_s = _number("hold_s", "Hold, s", 0)
    rest_s = _number("rest_s", "Rest, s", 30)
    days_per_week = _number("days_per_week", "Days a week", 3)
    side = forms.ChoiceField(label="Side", choices=PrescribedExercise.Side.choices, initial="both")
    resistance = forms.CharField(label="Resistance", max_length=TEXT_LENGTHS["resistance"], required=False)
    patient_note = forms.CharField(
        label="Note to the patient", max_length=TEXT_LENGTHS["patient_note"], required=False
    )

    def __init__(self, *args: Any, spec: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if spec is not None:
            allowed = sides_of(spec)
            choices = [choice for choice in PrescribedExercise.Side.choices if choice[0] in allowed]
            self.fields["side"].choices = choices  # type: ignore[attr-defined]

    def dose(self) -> Dose:
        """The valid data; call after `is_valid`."""
        return Dose.of(self.cleaned_data)


class ChangeDoseForm(DoseForm):
    reason = forms.CharField(label="Why", max_length=300, required=False)


class AddExerciseForm(DoseForm):
    version = forms.UUIDField()
    more_than_four = forms.BooleanField(required=False)


class TemplateChoiceForm(forms.Form):
    template = forms.UUIDField()
    note_to_patient = forms.CharField(max_length=300, required=False)


class NoteForm(forms.Form):
    note_to_patient = forms.CharField(
        label="Your line to the patient, shown on Today", max_length=300, required=False
    )
