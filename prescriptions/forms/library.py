"""What may be typed about exercises and programmes."""

import math
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django import forms

from prescriptions.quantity_words import VIEW_TITLES

LINES_ALLOWED, LINE_LENGTH = 12, 300
THRESHOLDS = ("mild", "significant", "ceiling")


class ProgrammeForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(label="For whom", max_length=300, required=False)


def lines_of(text: str) -> list[str]:
    """Non-empty lines. Raises ValidationError when there are too many or one is too long."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > LINES_ALLOWED:
        raise forms.ValidationError(f"At most {LINES_ALLOWED} lines.")
    if any(len(line) > LINE_LENGTH for line in lines):
        raise forms.ValidationError(f"At most {LINE_LENGTH} letters a line.")
    return lines


class ExerciseVersionForm(forms.Form):
    """Words and thresholds of an exercise; becomes the next version of its spec."""

    name = forms.CharField(label="Name", max_length=120)
    summary = forms.CharField(label="In one line", max_length=300, required=False)
    start_position = forms.CharField(
        label="Start position", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    instructions = forms.CharField(
        label="Steps, one a line", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    tips = forms.CharField(
        label="Tips, one a line", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    safety = forms.CharField(
        label="Take care", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    change_note = forms.CharField(label="What you changed, and why", max_length=300)

    def __init__(self, data: Any = None, *, spec: Mapping[str, Any]) -> None:
        self.spec = spec
        super().__init__(data, initial=_words_of(spec))
        for index, criterion in enumerate(spec.get("criteria", ())):
            for name in THRESHOLDS:
                self.fields[f"{name}_{index}"] = forms.FloatField(
                    required=name != "ceiling", initial=criterion.get(name), min_value=0, max_value=360
                )

    def clean_instructions(self) -> list[str]:
        return lines_of(self.cleaned_data["instructions"])

    def clean_tips(self) -> list[str]:
        return lines_of(self.cleaned_data["tips"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for index, criterion in enumerate(self.spec.get("criteria", ())):
            mild, significant = cleaned.get(f"mild_{index}"), cleaned.get(f"significant_{index}")
            if mild is not None and significant is not None and not mild < significant:
                words = f"{criterion['words']} Significant must be more than mild."
                self.add_error(f"significant_{index}", words)
        return cleaned

    def thresholds(self) -> list[tuple[Mapping[str, Any], str, list[forms.BoundField]]]:
        """Each criterion with the views it holds in and its fields, for the page."""
        return [
            (criterion, views_in_words(criterion), [self[f"{name}_{index}"] for name in THRESHOLDS])
            for index, criterion in enumerate(self.spec.get("criteria", ()))
        ]

    def new_spec(self) -> dict[str, Any]:
        """The spec with what was typed; call after `is_valid`."""
        spec = deepcopy(dict(self.spec))
        for name in ("name", "summary", "start_position", "instructions", "tips", "safety"):
            spec[name] = self.cleaned_data[name]
        for index, criterion in enumerate(spec.get("criteria", ())):
            for name in THRESHOLDS:
                criterion[name] = _finite(self.cleaned_data[f"{name}_{index}"])
        return spec


def views_in_words(criterion: Mapping[str, Any]) -> str:
    """ "from the side, half turned"."""
    return ", ".join(VIEW_TITLES.get(view, view).lower() for view in criterion.get("views", ()))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _words_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": spec.get("name", ""),
        "summary": spec.get("summary", ""),
        "start_position": spec.get("start_position", ""),
        "instructions": "\n".join(spec.get("instructions", ())),
        "tips": "\n".join(spec.get("tips", ())),
        "safety": spec.get("safety", ""),
    }
