"""What therapists may type about proposals, bounds and comparisons."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from prescriptions.adapt_rx.types import Bounds
from prescriptions.forms.plan import DoseForm
from prescriptions.services.adapting.deciding import REASON_LENGTH
from prescriptions.services.comparisons import FIELD_WORDS, LIMITS

# Asked for again and again: one press instead of typing.
QUICK_REASONS = (
    "Too early for this patient",
    "Pain has another cause",
    "Seen in the clinic: can do more",
    "The patient does not want it",
)
NOT_LIMITED = ("", "As the ladder")


class ReasonForm(forms.Form):
    """Why a proposal is refused: typed, or one of the quick reasons."""

    reason = forms.CharField(label="Why", max_length=REASON_LENGTH, required=False)
    quick = forms.ChoiceField(choices=[(one, one) for one in QUICK_REASONS], required=False)

    def reason_given(self) -> str:
        """What was typed before what was pressed; call after `is_valid`."""
        return str(self.cleaned_data["reason"] or self.cleaned_data["quick"])


class EditProposalForm(DoseForm):
    """A dose in the proposal's place, for one of the exercises of its ladder."""

    exercise_code = forms.ChoiceField(label="Exercise")
    reason = forms.CharField(label="Why", max_length=REASON_LENGTH)
    beyond_mask = forms.BooleanField(
        label="Beyond the safety rules: I prescribe it all the same", required=False
    )

    field_order = ("exercise_code", "sets", "repetitions", "hold_s", "resistance")

    def __init__(
        self, *args: Any, rungs: Sequence[Any], spec: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, spec=spec, **kwargs)
        choices = [(one.code, one.name) for one in rungs]
        self.fields["exercise_code"].choices = choices  # type: ignore[attr-defined]

    def first_fields(self) -> list[forms.BoundField]:
        """What a proposal is about."""
        return [self[name] for name in self.field_order]

    def further_fields(self) -> list[forms.BoundField]:
        """The rest of the dose, seldom touched here."""
        return [self[name] for name in ("rest_s", "days_per_week", "side", "patient_note")]


class BoundsForm(forms.Form):
    """What AdaptRx may do with one exercise of a plan."""

    adaptive = forms.BooleanField(label="Make proposals for this exercise", required=False)
    pinned = forms.BooleanField(label="Pin it: keep the exercise and its dose as they are", required=False)
    forbid_progression = forms.BooleanField(label="Nothing harder for now", required=False)
    within_session = forms.BooleanField(
        label="Allow small changes within a session",
        help_text="A set may become easier by itself when form breaks or it hurts. Never harder.",
        required=False,
    )
    least_rung = forms.TypedChoiceField(label="Easiest", required=False, coerce=int, empty_value=None)
    most_rung = forms.TypedChoiceField(label="Hardest", required=False, coerce=int, empty_value=None)
    least_sets = forms.IntegerField(label="Sets, least", min_value=1, max_value=10, required=False)
    most_sets = forms.IntegerField(label="Sets, most", min_value=1, max_value=10, required=False)
    least_repetitions = forms.IntegerField(
        label="Repetitions, least", min_value=1, max_value=60, required=False
    )
    most_repetitions = forms.IntegerField(
        label="Repetitions, most", min_value=1, max_value=60, required=False
    )
    most_hold_s = forms.IntegerField(label="Hold, most, s", min_value=0, max_value=120, required=False)
    most_resistance = forms.TypedChoiceField(
        label="Resistance, most", required=False, coerce=int, empty_value=None
    )
    equipment = forms.MultipleChoiceField(
        label="At home", required=False, widget=forms.CheckboxSelectMultiple
    )
    pain_limit = forms.TypedChoiceField(
        label="Step back when pain passes",
        coerce=int,
        choices=[(limit, f"{limit} of 10") for limit in range(6)],
        help_text="5 is the pain rule of every plan. A lower limit steps back sooner.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        bounds: Bounds,
        rungs: Sequence[str],
        resistances: Sequence[str],
        equipment: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data, initial=bounds.to_dict())
        by_place = [NOT_LIMITED, *enumerate(rungs)]
        self.fields["least_rung"].choices = by_place  # type: ignore[attr-defined]
        self.fields["most_rung"].choices = by_place  # type: ignore[attr-defined]
        self.fields["most_resistance"].choices = [NOT_LIMITED, *enumerate(resistances)]  # type: ignore[attr-defined]
        self.fields["equipment"].choices = equipment  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, words in (("rung", "easiest"), ("sets", "least"), ("repetitions", "least")):
            least, most = cleaned.get(f"least_{name}"), cleaned.get(f"most_{name}")
            if least is not None and most is not None and least > most:
                self.add_error(f"most_{name}", f"This is below the {words}.")
        return cleaned

    def bounds(self) -> Bounds:
        """The valid data; call after `is_valid`."""
        return Bounds.of(self.cleaned_data)


class ComparisonForm(forms.Form):
    """How large a comparison on simulated patients is."""

    patients = forms.IntegerField(label=FIELD_WORDS["patients"], initial=500)
    weeks = forms.IntegerField(label=FIELD_WORDS["weeks"], initial=12)
    seed = forms.IntegerField(
        label=FIELD_WORDS["seed"],
        initial=1,
        help_text="The same seed gives the same patients, under every policy.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in LIMITS.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}
