"""What is usual at an age, by sex, and whose word that is. Values as the sources print them.

30-second chair stand: normal range (middle half) of 7,183 Americans of 60 to 94 years who live at home: Rikli
& Jones 1999, J Aging Phys Act 7:162, in Jones & Rikli 2002, J Active Aging; CDC STEADI calls a count under
the lower number below average. 10-metre walk: mean comfortable speed of 23,111 healthy people in 41 studies:
Bohannon & Andrews 2011, Physiotherapy 97:182; its authors warn that it does not hold for walks timed from the
word "go"; within 0.10 m/s (Perera 2006, J Am Geriatr Soc 54:743) we call average. Timed Up and Go: Bohannon
2006, J Geriatr Phys Ther 29:64, means with 95 % confidence limits, both sexes; slower than the upper limit is
worse than average. CDC STEADI: 12 s or more is a risk of falling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sessions.motion_trend.timed.types import UNITS, TestKind

Sex = Literal["female", "male"]
Place = Literal["low", "average", "high"]

CHAIR_SOURCE = "Jones & Rikli 2002; CDC STEADI"
WALK_SOURCE = "Bohannon & Andrews 2011, Physiotherapy 97:182"
TUG_SOURCE = "Bohannon 2006, J Geriatr Phys Ther 29:64"
STEADI_TUG_S = 12.0
AVERAGE_WALK_M_S = 0.10

# First and last year of the age group: men low, high; women low, high.
_CHAIR = {
    (60, 64): (14, 19, 12, 17),
    (65, 69): (12, 18, 11, 16),
    (70, 74): (12, 17, 10, 15),
    (75, 79): (11, 17, 10, 15),
    (80, 84): (10, 15, 9, 14),
    (85, 89): (8, 14, 8, 13),
    (90, 94): (7, 12, 4, 11),
}
# Mean in m/s: men, women.
_WALK = {
    (20, 29): (1.36, 1.34),
    (30, 39): (1.43, 1.34),
    (40, 49): (1.43, 1.39),
    (50, 59): (1.43, 1.31),
    (60, 69): (1.34, 1.24),
    (70, 79): (1.26, 1.13),
    (80, 99): (0.97, 0.94),
}
# Mean, lower and upper 95 % confidence limit in seconds.
_TUG = {(60, 69): (8.1, 7.1, 9.0), (70, 79): (9.2, 8.2, 10.2), (80, 99): (11.3, 10.0, 12.7)}


@dataclass(frozen=True, slots=True)
class Norm:
    """What is usual for people of one age group (`ages`, inclusive) and sex (None: both)."""

    kind: TestKind
    ages: tuple[int, int]
    sex: Sex | None
    low: float
    high: float
    mean: float | None
    unit: str
    source: str

    @property
    def people(self) -> str:
        """ "women of 70–74"."""
        who = {"female": "women", "male": "men", None: "people"}[self.sex]
        return f"{who} of {self.ages[0]}–{self.ages[1]}"

    def place(self, value: float) -> Place:
        """Where a value lies: under `low`, over `high`, or in between."""
        if value < self.low:
            return "low"
        return "high" if value > self.high else "average"

    def words(self, value: float) -> str:
        """The place in words: "below average for women of 70–74 (Jones & Rikli 2002; CDC STEADI)"."""
        slow = self.kind == "tug"
        names = {
            "low": "faster than average" if slow else "below average",
            "average": "average",
            "high": "slower than average" if slow else "above average",
        }
        return f"{names[self.place(value)]} for {self.people} ({self.source})"

    def to_dict(self, value: float | None) -> dict[str, Any]:
        """Plain JSON, with the place of a value where there is one."""
        return {
            "ages": list(self.ages),
            "sex": self.sex,
            "low": self.low,
            "high": self.high,
            "mean": self.mean,
            "unit": self.unit,
            "source": self.source,
            "people": self.people,
            "place": None if value is None else self.place(value),
            "words": "" if value is None else self.words(value),
        }


def norm_for(kind: TestKind, age: float, sex: str) -> Norm | None:
    """The norm for an age in years and "female" or "male"; None where no source covers that person.

    The sources split by these two sexes only; for anyone else only the Timed Up and Go has a norm.
    """
    if kind == "tug":
        return _tug(int(age))
    if sex not in ("female", "male"):
        return None
    chosen: Sex = "female" if sex == "female" else "male"
    return _chair(int(age), chosen) if kind == "chair_stand_30s" else _walk(int(age), chosen)


def tug_risk_words(seconds: float) -> str:
    """The CDC STEADI sentence for a Timed Up and Go, empty under 12 s."""
    if seconds < STEADI_TUG_S:
        return ""
    return "12 seconds or more: CDC STEADI counts this as a risk of falling."


def _chair(age: int, sex: Sex) -> Norm | None:
    for ages, (men_low, men_high, women_low, women_high) in _CHAIR.items():
        if ages[0] <= age <= ages[1]:
            low, high = (men_low, men_high) if sex == "male" else (women_low, women_high)
            return Norm("chair_stand_30s", ages, sex, low, high, None, UNITS["chair_stand_30s"], CHAIR_SOURCE)
    return None


def _walk(age: int, sex: Sex) -> Norm | None:
    for ages, (men, women) in _WALK.items():
        if ages[0] <= age <= ages[1]:
            mean = men if sex == "male" else women
            low, high = round(mean - AVERAGE_WALK_M_S, 2), round(mean + AVERAGE_WALK_M_S, 2)
            return Norm("walk_10m", ages, sex, low, high, mean, UNITS["walk_10m"], WALK_SOURCE)
    return None


def _tug(age: int) -> Norm | None:
    for ages, (mean, low, high) in _TUG.items():
        if ages[0] <= age <= ages[1]:
            return Norm("tug", ages, None, low, high, mean, UNITS["tug"], TUG_SOURCE)
    return None
