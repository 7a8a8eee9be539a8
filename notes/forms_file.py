"""Of which visits a file of notes is wanted."""

from typing import Any

from django import forms


class DaysForm(forms.Form):
    """From one day to another, both included; without them, every visit."""

    since = forms.DateField(
        label="Visits from", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="to", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        days: dict[str, Any] = super().clean() or {}
        since, until = days.get("since"), days.get("until")
        if since and until and since > until:
            self.add_error("until", "This day is before the first one.")
        return days
