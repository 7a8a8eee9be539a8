"""What people may type about patients."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone

from patients.models import EpisodeOfCare, PainReport, Patient
from patients.services import Identity, Problem

OLDEST = date(1900, 1, 1)


def zone_choices() -> list[tuple[str, str]]:
    """Zones of the world by name; empty means the clinic's own."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [("", "The clinic's own time"), *((zone, zone.replace("_", " ")) for zone in named)]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def not_in_future(day: date | None) -> date | None:
    """Raise ValidationError for a day to come or before 1900."""
    if day is not None and not OLDEST <= day <= timezone.now().date():
        raise forms.ValidationError("This date must be in the past.")
    return day


class IdentityForm(forms.Form):
    given_name = forms.CharField(label="Given name", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    birth_date = forms.DateField(label="Born on", required=False, widget=DateInput)
    sex = forms.ChoiceField(label="Sex", choices=Patient.Sex.choices, initial=Patient.Sex.UNKNOWN)
    height_cm = forms.IntegerField(
        label="Height (cm)",
        required=False,
        min_value=50,
        max_value=250,
        error_messages={
            "min_value": "Give the height in centimetres, from 50 to 250.",
            "max_value": "Give the height in centimetres, from 50 to 250.",
        },
        help_text="A sensor's step length and walking speed are worked out from it.",
    )
    phone = forms.RegexField(
        r"^[0-9 +().-]*$",
        label="Phone",
        max_length=32,
        required=False,
        error_messages={"invalid": "Use digits, spaces and + only."},
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=zone_choices, required=False)

    def clean_birth_date(self) -> date | None:
        return not_in_future(self.cleaned_data["birth_date"])

    def identity(self) -> Identity:
        """The valid data; call after `is_valid`."""
        return Identity(**{name: self.cleaned_data[name] for name in IdentityForm.base_fields})


# Nothing is chosen beforehand: a side that nobody meant is worse than one more click.
CHOOSE = ("", "Choose")


class ProblemForm(forms.Form):
    title = forms.CharField(label="Treated for", max_length=200)
    body_region = forms.ChoiceField(label="Body region", choices=[CHOOSE, *EpisodeOfCare.BodyRegion.choices])
    laterality = forms.ChoiceField(label="Side", choices=[CHOOSE, *EpisodeOfCare.Laterality.choices])
    onset_date = forms.DateField(label="Began on", required=False, widget=DateInput)
    surgery_date = forms.DateField(label="Operated on", required=False, widget=DateInput)
    precautions = forms.CharField(
        label="Precautions",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What this patient must not do. Shown on top of the record.",
    )

    def clean_onset_date(self) -> date | None:
        return not_in_future(self.cleaned_data["onset_date"])

    def problem(self) -> Problem:
        """The valid data; call after `is_valid`."""
        return Problem(**{name: self.cleaned_data[name] for name in ProblemForm.base_fields})


class PainForm(forms.Form):
    """A pain answer. The range is checked here for the words, and in the service for the truth."""

    value = forms.IntegerField(min_value=0, max_value=10, error_messages={"required": "Tap a face."})
    moment = forms.ChoiceField(choices=PainReport.Moment.choices)
    session = forms.UUIDField(required=False)


class MessageForm(forms.Form):
    body = forms.CharField(
        label="Your message",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write something first."},
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label="What you did",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you did."},
    )
    lift_hold = forms.BooleanField(label="The patient may exercise again", required=False)


class CareTeamForm(forms.Form):
    member = forms.UUIDField()
    role_note = forms.CharField(max_length=100, required=False)


class InviteForm(forms.Form):
    email = forms.EmailField(label="The patient's e-mail address", max_length=254)


def stop_fields(data: Any) -> tuple[list[str], str]:
    """Ticks and free words of the Stop form. Nothing is refused: whoever presses Stop gets an answer."""
    return list(data.getlist("ticked")), str(data.get("words", ""))
