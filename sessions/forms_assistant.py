"""What a patient may send to the assistant."""

from typing import Any

from django import forms
from django.http import QueryDict

NOTHING_SAID = "Type what you want to ask, then press Send."


def without_nul(sent: QueryDict) -> dict[str, str]:
    """The fields without NUL, which no text may hold: a stray byte must not keep words from being heard."""
    return {name: value.replace("\0", "") for name, value in sent.items() if isinstance(value, str)}


class SayForm(forms.Form):
    """Words, or a tapped face of the pain scale. The service says what is too long, once it has heard it."""

    text = forms.CharField(required=False)
    pain = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=10,
        error_messages={
            "invalid": "Tap a face.",
            "min_value": "Tap a face.",
            "max_value": "Tap a face.",
        },
    )
    after = forms.IntegerField(required=False, min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("text"):
            # Words are always heard: what else came with them, and is no number, does not stop them.
            for name in ("pain", "after"):
                self.errors.pop(name, None)
                cleaned.setdefault(name, None)
        if not self.errors and not cleaned.get("text") and cleaned.get("pain") is None:
            raise forms.ValidationError(NOTHING_SAID)
        return cleaned

    @property
    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])

    @property
    def words(self) -> str:
        """What the patient said; a face says its number after whatever was typed."""
        pain = self.cleaned_data.get("pain")
        return " ".join(
            part for part in (self.cleaned_data["text"], "" if pain is None else f"Pain {pain}") if part
        )


class HelpfulForm(forms.Form):
    helpful = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
