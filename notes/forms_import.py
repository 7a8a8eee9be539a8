"""The day of an imported note's visit."""

from typing import Any

from django import forms


class VisitDayForm(forms.Form):
    occurred_on = forms.DateField(
        label="Day of the visit", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
