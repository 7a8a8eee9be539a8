"""The form of the search for findings."""

from datetime import date
from typing import Any

from django import forms

from notes.finding_query import COMPARISONS, LONGEST_LINE, FindingQuery, read_query
from notes.models import Finding
from notes.selectors.findings import SORTS

ANY = [("", "any")]


class FindingSearchForm(forms.Form):
    """One free line, or fields; a field that is filled in stands over the line."""

    q = forms.CharField(
        label="Search",
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "knee flexion under 90"}),
    )
    kind = forms.ChoiceField(label="Kind", choices=[*ANY, *Finding.Kind.choices], required=False)
    region = forms.CharField(label="Body part", max_length=60, required=False)
    side = forms.ChoiceField(
        label="Side",
        choices=[*ANY, ("left", "left"), ("right", "right"), ("bilateral", "both")],
        required=False,
    )
    motion = forms.CharField(label="Movement", max_length=60, required=False)
    measure = forms.CharField(label="Measure", max_length=80, required=False)
    comparison = forms.ChoiceField(label="Value is", choices=[*ANY, *COMPARISONS.items()], required=False)
    value = forms.FloatField(label="Number", min_value=-9999, max_value=9999, required=False)
    since = forms.DateField(label="Since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ever = forms.BooleanField(label="Every value, not only the latest", required=False)
    goals = forms.BooleanField(label="Goals too", required=False)
    sort = forms.ChoiceField(
        label="Order", choices=[(code, words) for code, (words, _) in SORTS.items()], required=False
    )

    def query(self, *, today: date) -> FindingQuery:
        """What is asked for; call after `is_valid`."""
        data = self.cleaned_data
        asked = read_query(data["q"], today=today)
        told: dict[str, Any] = {
            name: data[name] or getattr(asked, name)
            for name in ("kind", "region", "side", "motion", "measure", "since")
        }
        if data["comparison"] and data["value"] is not None:
            told |= {"comparison": data["comparison"], "value": data["value"], "low": None, "high": None}
        else:
            told |= {name: getattr(asked, name) for name in ("comparison", "value", "low", "high")}
        return FindingQuery(
            **told,
            latest_only=asked.latest_only and not data["ever"],
            with_goals=asked.with_goals or data["goals"],
            misunderstood=asked.misunderstood,
        )
