"""One bout of walking: its measures in words, its steps, and the stretch of signal that its viewer loads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from sessions.errors import BoutNotFound
from sessions.models import Recording, WalkingBout
from sessions.motion_trend.metrics import METRICS
from sessions.selectors.movement.change import capital
from sessions.selectors.movement.dashboard import flag_words
from sessions.selectors.movement.signal_view import sensor_words

SIGNAL_POINTS = 1500
MARGIN_S = 30.0
ORDER = (
    "walking_speed_m_s",
    "cadence_spm",
    "step_length_m",
    "stride_length_m",
    "step_time_s",
    "stride_time_s",
    "step_time_asymmetry_pct",
    "step_length_asymmetry_pct",
    "stride_time_variability_pct",
    "step_regularity",
    "stride_regularity",
    "double_support_pct",
)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure as a table shows it; `withheld` says why there is no value."""

    code: str
    name: str
    value: str
    band: str
    count: str
    withheld: str


@dataclass(frozen=True, slots=True)
class BoutView:
    """Everything that the bout viewer shows."""

    bout: WalkingBout
    recording: Recording
    measures: tuple[MeasureRow, ...]
    flags: tuple[str, ...]
    steps: tuple[tuple[float, str], ...]
    previous: int | None
    following: int | None
    total: int

    @property
    def left_steps(self) -> int:
        return sum(1 for _, side in self.steps if side == "left")

    @property
    def right_steps(self) -> int:
        return sum(1 for _, side in self.steps if side == "right")

    @property
    def step_rows(self) -> list[dict[str, Any]]:
        """Each step with the time since the one before, in seconds."""
        before: float | None = None
        rows = []
        for at, side in self.steps:
            rows.append({"at_s": at, "side": side, "after_s": None if before is None else at - before})
            before = at
        return rows


def bout_view(recording: Recording, index: int) -> BoutView:
    """A bout of a recording that its reader may open; raises BoutNotFound."""
    bout = WalkingBout.objects.filter(recording=recording, index=index).first()
    if bout is None:
        raise BoutNotFound
    near = WalkingBout.objects.filter(recording=recording)
    numbers = list(
        near.filter(Q(index__gte=index - 1) & Q(index__lte=index + 1)).values_list("index", flat=True)
    )
    return BoutView(
        bout=bout,
        recording=recording,
        measures=measure_rows(bout.measures),
        flags=tuple(flag_words(bout.flags)),
        steps=steps_of(bout.steps),
        previous=index - 1 if index - 1 in numbers else None,
        following=index + 1 if index + 1 in numbers else None,
        total=near.count(),
    )


def measure_rows(measures: Mapping[str, Any]) -> tuple[MeasureRow, ...]:
    """Stored measures in the order in which they are read, named and with their units."""
    known = sorted(
        (code for code in measures if code in METRICS and isinstance(measures[code], dict)),
        key=lambda code: ORDER.index(code) if code in ORDER else len(ORDER),
    )
    return tuple(_row(code, measures[code]) for code in known)


def _row(code: str, measure: Mapping[str, Any]) -> MeasureRow:
    value, low, high = (_float(measure.get(key)) for key in ("value", "low", "high"))
    metric = METRICS[code]
    unit = f" {metric.unit}" if metric.unit else ""
    has_band = value is not None and low is not None and high is not None
    return MeasureRow(
        code=code,
        name=capital(metric.name),
        value="" if value is None else f"{shown(code, value)}{unit}",
        band=f"{shown(code, low)}–{shown(code, high)}{unit}"
        if has_band and low is not None and high is not None
        else "",
        count=_count_words(code, int(measure.get("n") or 0)),
        withheld=str(measure.get("withheld") or ("" if value is not None else "Not measured.")),
    )


def _count_words(code: str, count: int) -> str:
    """ "71 steps", "35 strides"; empty where it is not known."""
    noun = "stride" if code.startswith("stride") or code == "step_regularity" else "step"
    return f"{count} {noun}{'' if count == 1 else 's'}" if count else ""


def shown(code: str, value: float) -> str:
    """A value with its metric's decimals."""
    decimals = METRICS[code].decimals if code in METRICS else 2
    return f"{value:.{decimals}f}".replace("-", "−")


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def steps_of(stored: object) -> tuple[tuple[float, str], ...]:
    """Steps as (seconds of the recording, side)."""
    if not isinstance(stored, list):
        return ()
    return tuple(
        (float(step[0]), str(step[1] or "")) for step in stored if isinstance(step, list) and len(step) == 2
    )


def viewer_config(
    recording: Recording,
    *,
    url: str,
    start_s: float,
    end_s: float,
    steps: tuple[tuple[float, str], ...] = (),
    phases: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    """The settings of ``<pl-signal>``; documented in static/sessions/README.md."""
    most = recording.duration_s
    return {
        "url": url,
        "start_s": start_s,
        "end_s": end_s,
        "least_s": max(0.0, start_s - MARGIN_S),
        "most_s": end_s + MARGIN_S if most is None else min(max(most, end_s), end_s + MARGIN_S),
        "points": SIGNAL_POINTS,
        "steps": [list(step) for step in steps],
        "phases": list(phases),
        "sensors": sensor_words(recording),
    }
