"""The form that adds a sensor."""

from typing import Any

from django import forms

from sessions.models import Device
from sessions.motion_trend.types import Placement


class DeviceForm(forms.Form):
    """What it is, what to call it, where it is worn."""

    name = forms.CharField(
        label="Name", max_length=60, help_text="As the patient knows it, such as “blue sensor”."
    )
    kind = forms.ChoiceField(label="What it is", choices=Device.Kind.choices)
    placement = forms.ChoiceField(
        label="Worn at",
        choices=[(one.value, one.words) for one in Placement if one != Placement.UNKNOWN],
        help_text="A wrist shows walking time and pace; the lower back also shows how long the steps are.",
    )

    def __init__(self, *args: Any, is_own: bool = False, **kwargs: Any) -> None:
        """`is_own`: the patient adds it, and is asked in other words."""
        super().__init__(*args, **kwargs)
        if not is_own:
            return
        for name, label, help_text in (
            ("name", "What do you call it?", "For example “blue sensor”."),
            ("kind", "What is it?", ""),
            ("placement", "Where do you wear it?", "Not sure? Ask your therapist."),
        ):
            self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if not name.isprintable():
            raise forms.ValidationError("Use letters, digits and blanks.")
        return name
