"""What people say about sensor files: where the sensor was worn, and what a table's columns are."""

from collections.abc import Mapping
from typing import Any

from django import forms

from sessions.models import Recording
from sessions.motion_trend.reading import ColumnPlan
from sessions.motion_trend.types import Placement

UNKNOWN_PLACE = ("", "Not sure, or the file says it")
PLACES = [UNKNOWN_PLACE, *((one.value, one.words) for one in Placement if one != Placement.UNKNOWN)]
ACTIVITIES = [
    (Recording.Activity.FREE_LIVING, "Daily life"),
    (Recording.Activity.WALK, "A walk"),
    (Recording.Activity.WALK_10M, "10-metre walk"),
    (Recording.Activity.CHAIR_STAND_30S, "30-second chair stand"),
    (Recording.Activity.TUG, "Timed Up and Go"),
]
TIME_UNITS = [
    ("auto", "Work it out"), ("s", "Seconds"), ("ms", "Milliseconds"), ("us", "Microseconds"),
    ("ns", "Nanoseconds"), ("iso", "Dates and times"),
]  # fmt: skip
ACCELERATION_UNITS = [("", "Work it out"), ("m/s2", "m/s²"), ("g", "g"), ("mg", "mg")]
ROTATION_UNITS = [("", "Work it out"), ("deg/s", "° per second"), ("rad/s", "rad per second")]
DECIMALS = [(".", "Point (1.5)"), (",", "Comma (1,5)")]
NO_COLUMN = ("", "—")
AXES = "xyz"


class MovementUploadForm(forms.Form):
    """Beside the files, which are taken as they arrive."""

    placement = forms.ChoiceField(label="Where was the sensor worn?", choices=PLACES, required=False)
    activity = forms.ChoiceField(
        label="What was recorded?", choices=ACTIVITIES, required=False, initial=Recording.Activity.FREE_LIVING
    )
    note = forms.CharField(label="Shoes, walking aid or anything unusual", max_length=200, required=False)
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, asks_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_consent = asks_consent

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.asks_consent and not cleaned.get("consent"):
            self.add_error("consent", "Tick this first.")
        return cleaned


class ColumnsForm(forms.Form):
    """Which column is what. Choices are the table's own columns."""

    time = forms.ChoiceField(label="Time", required=False)
    time_unit = forms.ChoiceField(label="counted in", choices=TIME_UNITS)
    rate_hz = forms.FloatField(
        label="Samples a second", required=False, min_value=4, max_value=5000,
        help_text="Only when no column holds the time.",
    )  # fmt: skip
    acceleration_unit = forms.ChoiceField(label="Unit", choices=ACCELERATION_UNITS, required=False)
    angular_velocity_unit = forms.ChoiceField(label="Unit", choices=ROTATION_UNITS, required=False)
    decimal = forms.ChoiceField(label="Decimal sign", choices=DECIMALS)

    def __init__(self, *args: Any, columns: list[str], separator: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.separator = separator
        choices = [NO_COLUMN, *((name, name) for name in columns)]
        self.fields["time"].choices = choices  # type: ignore[attr-defined]
        for quantity in ("acceleration", "angular_velocity"):
            for axis in AXES:
                self.fields[f"{quantity}_{axis}"] = forms.ChoiceField(
                    label=axis.upper(), choices=choices, required=False
                )

    @property
    def acceleration_fields(self) -> list[forms.BoundField]:
        """The three columns of the acceleration."""
        return [self[f"acceleration_{axis}"] for axis in AXES]

    @property
    def rotation_fields(self) -> list[forms.BoundField]:
        """The three columns of the rotation."""
        return [self[f"angular_velocity_{axis}"] for axis in AXES]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("time") and not cleaned.get("rate_hz"):
            self.add_error(
                "time", "Choose the column of the time, or say how many samples there are a second."
            )
        acceleration, rotation = (
            self._triple(cleaned, "acceleration"),
            self._triple(cleaned, "angular_velocity"),
        )
        if not all(acceleration):
            self.add_error("acceleration_x", "Choose the three columns of the acceleration.")
        if any(rotation) and not all(rotation):
            self.add_error("angular_velocity_x", "Choose all three columns of the rotation, or none.")
        chosen = [name for name in (cleaned.get("time"), *acceleration, *rotation) if name]
        if len(set(chosen)) < len(chosen):
            self.add_error(None, "One column was chosen twice.")
        return cleaned

    def _triple(self, cleaned: Mapping[str, Any], quantity: str) -> tuple[str, str, str]:
        first, second, third = (cleaned.get(f"{quantity}_{axis}") or "" for axis in AXES)
        return first, second, third

    def plan(self) -> ColumnPlan:
        """What was said, once it is valid."""
        said = self.cleaned_data
        rotation = self._triple(said, "angular_velocity")
        return ColumnPlan(
            time=said["time"],
            time_unit=said["time_unit"],
            rate_hz=None if said["time"] else said["rate_hz"],
            acceleration=self._triple(said, "acceleration"),
            acceleration_unit=said["acceleration_unit"],
            angular_velocity=rotation if all(rotation) else None,
            angular_velocity_unit=said["angular_velocity_unit"],
            separator=self.separator,
            decimal=said["decimal"],
        )


def initial_columns(guess: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
    """What the form begins with: the best guess."""
    initial = {
        name: guess.get(name) for name in ("time", "acceleration_unit", "angular_velocity_unit", "rate_hz")
    }
    initial["time_unit"] = guess.get("time_unit") or "auto"
    initial["decimal"] = head.get("decimal", ".")
    for quantity in ("acceleration", "angular_velocity"):
        for axis, name in zip(AXES, guess.get(quantity) or ("", "", ""), strict=True):
            initial[f"{quantity}_{axis}"] = name
    return initial
