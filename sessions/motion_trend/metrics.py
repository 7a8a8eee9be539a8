"""What MotionTrend measures over an episode: names, units, which way is better, and which change matters.

`mdc` is the smallest change that is not measurement noise (95 %), `mic` the smallest that matters to people;
both in the metric's unit, each with its source. None means that no value was found that could be defended for
this metric, and `source` says so. Most values come from clinics' walkways and from other people than the one
in front of you: they place a change, they do not judge it.
"""

from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "neither"]

BOHANNON_2014 = (
    "Bohannon and Glenney 2014, J Eval Clin Pract 20:295: changes of 0.10 to 0.20 m/s matter in several "
    "patient groups; Perera 2006, J Am Geriatr Soc 54:743: substantial change near 0.10 m/s"
)
SENSORS_2020 = "Sensors 2020;20:4866, table 3: one worn sensor, slow walkers (mean 0.60 m/s), test and retest"
WRIGHT_2011 = "Wright 2011, J Orthop Sports Phys Ther 41:319: hip osteoarthritis"
NOTHING_FOUND = "No value found that could be defended for a worn sensor."


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual in healthy people, and who says so; age and sex are not taken into account."""

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `watched`: the alarm looks at it; the others repeat a watched one or have no worse side."""

    code: str
    name: str
    unit: str
    decimals: int
    better: Better
    mdc: float | None = None
    mic: float | None = None
    normal: Band | None = None
    mdc_source: str = NOTHING_FOUND
    mic_source: str = NOTHING_FOUND
    watched: bool = True
    kin: str = ""

    @property
    def worse_sign(self) -> int:
        """+1 when a rise is worse, -1 when a fall is worse, 0 when neither is."""
        return {"higher": -1, "lower": 1, "neither": 0}[self.better]


_ALL = (
    Metric(
        "walking_speed_m_s", "walking speed", "m/s", 2, "higher", mdc=0.18, mic=0.10,
        normal=Band(0.96, 1.52, "Kasović 2021, Clin Interv Aging 16:225: 60 years and over, mean ± 1 SD"),
        mdc_source=SENSORS_2020, mic_source=BOHANNON_2014, kin="pace",
    ),
    Metric("cadence_spm", "cadence", "steps/min", 0, "higher", mdc=12.2, mdc_source=SENSORS_2020, kin="pace"),
    Metric("step_length_m", "step length", "m", 2, "higher", mdc=0.106, mdc_source=SENSORS_2020, kin="pace"),
    Metric("stride_length_m", "stride length", "m", 2, "higher", watched=False, kin="pace"),
    Metric(
        "step_time_s", "step time", "s", 2, "lower", mdc=0.12, mdc_source=SENSORS_2020,
        watched=False, kin="pace",
    ),
    Metric("stride_time_s", "stride time", "s", 2, "lower", watched=False, kin="pace"),
    Metric(
        "step_time_asymmetry_pct", "step time asymmetry", "%", 1, "lower", mdc=14.2, mdc_source=SENSORS_2020,
        kin="symmetry",
    ),
    Metric("step_length_asymmetry_pct", "step length asymmetry", "%", 1, "lower", kin="symmetry"),
    # Apple's share of steps in which one foot moves at another speed: no symmetry index.
    Metric(
        "walking_asymmetry_pct", "uneven steps (Apple Health)", "%", 1, "lower", watched=False, kin="symmetry"
    ),
    Metric("stride_time_variability_pct", "stride time variability", "%", 1, "lower", kin="steadiness"),
    Metric("step_regularity", "step regularity", "", 2, "higher", watched=False, kin="steadiness"),
    Metric("stride_regularity", "stride regularity", "", 2, "higher", watched=False, kin="steadiness"),
    Metric("double_support_pct", "double support", "%", 1, "lower", kin="pace"),
    Metric(
        "step_count", "steps a day", "steps", 0, "higher", mic=600.0, kin="activity",
        mic_source="Demeyer 2016, PLoS ONE 11:e0154587: 600 to 1100 steps a day, after lung rehabilitation",
    ),
    Metric("walking_minutes", "walking time", "min", 0, "higher", kin="activity"),
    Metric("wear_minutes", "wear time", "min", 0, "neither", watched=False),
    Metric(
        "walk_10m_speed_m_s", "10-metre walk", "m/s", 2, "higher", mdc=0.19, mic=0.10,
        mic_source=BOHANNON_2014,
        mdc_source="1.96 √2 × the SEM of 4.1 m/min over 20 m, knee osteoarthritis: Gilbert 2021, "
        "Arthritis Care Res 73:559",
        kin="test",
    ),
    Metric(
        "chair_stand_count", "chair stands in 30 s", "stands", 0, "higher", mdc=2.5, mic=2.0, kin="test",
        mdc_source="Gill 2022: mild knee osteoarthritis, about 2.5 stands for one person",
        mic_source=f"{WRIGHT_2011}, 2.0 to 2.6 repetitions",
    ),
    Metric(
        "tug_s", "Timed Up and Go", "s", 1, "lower", mdc=1.1, mic=0.8, kin="test",
        normal=Band(7.1, 10.2, "Bohannon 2006, J Geriatr Phys Ther 29:64: means at 60 to 79, 95 % interval"),
        mdc_source="Alghadir 2015, BMC Musculoskelet Disord 16:174: knee osteoarthritis, one rater",
        mic_source=f"{WRIGHT_2011}, 0.8 to 1.4 s",
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.code: metric for metric in _ALL}
WATCHED: tuple[str, ...] = tuple(metric.code for metric in _ALL if metric.watched)


def words_of(code: str, value: float, *, signed: bool = False) -> str:
    """A value with its unit, as a person reads it: "0.82 m/s"; `signed` puts a + or − in front."""
    metric = METRICS[code]
    number = f"{abs(value) if signed else value:.{metric.decimals}f}"
    sign = ("−" if value < 0 else "+") if signed else ""
    return f"{sign}{number} {metric.unit}".strip()
