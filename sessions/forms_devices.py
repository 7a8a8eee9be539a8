"""The form that adds a sensor."""

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

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if not name.isprintable():
            raise forms.ValidationError("Use letters, digits and blanks.")
        return name
