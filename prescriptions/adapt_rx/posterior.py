"""What a clinic's learner knows: a Gaussian over the coefficients, an offset a patient, and how both learn.

Bayesian linear regression with known noise (Bishop 2006, section 3.3), kept as precision and precision ×
mean. Patients of a clinic share the coefficients; each patient's own level and slopes (`OFFSET_COLUMNS`) are
offsets around 0. Clinic and patient are updated in turn, each taking the other's present estimate with its
doubt as noise: an approximation, since the exact joint posterior would grow with every patient.

What is old counts less: each day both fall back towards the prior by `discount_per_day`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx import features

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

COUNT = len(features.FEATURE_COLUMNS)
WIDTH = len(features.OFFSET_COLUMNS)
NO_DAY = -1
# Far beyond anything tuned: a damaged setting must not take a worker's memory or blind the learner.
LARGEST_SETTING = 1e6
MOST_DRAWS = 100_000
MOST_LESSONS = 10**9


class PosteriorUnreadable(ValueError):
    """A stored posterior that does not fit this version of the learner."""


@dataclass(frozen=True, slots=True)
class LearnerSettings:
    """`noise`: variance of a reward around its expectation. `floor`: share of decisions that explore.

    `doubt_harder`, `doubt_easier`: how many standard deviations an action's advantage over the protocol must
    be above 0 before it may be chosen. `draws`: samples a decision. `offset_sd`: of the patients' offsets.
    """

    noise: float
    discount_per_day: float
    floor: float
    draws: int
    doubt_harder: float
    doubt_easier: float
    offset_sd: tuple[float, ...]
    most_patients: int

    @classmethod
    def of(cls, source: dict[str, Any]) -> LearnerSettings:
        """Raises PosteriorUnreadable."""
        try:
            settings = cls(**{**source, "offset_sd": tuple(source["offset_sd"])})
            fits = (
                0 < settings.noise <= LARGEST_SETTING
                and 0 < settings.discount_per_day <= 1
                and 0 <= settings.floor < 0.5
                and isinstance(settings.draws, int)
                and 1 <= settings.draws <= MOST_DRAWS
                and 0 <= settings.doubt_harder <= LARGEST_SETTING
                and 0 <= settings.doubt_easier <= LARGEST_SETTING
                and len(settings.offset_sd) == WIDTH
                and all(0 < one <= LARGEST_SETTING for one in settings.offset_sd)
                and isinstance(settings.most_patients, int)
                and settings.most_patients >= 1
            )
        except (TypeError, KeyError, OverflowError) as error:
            raise PosteriorUnreadable("the learner's settings are incomplete") from error
        if not fits:
            raise PosteriorUnreadable("a setting of the learner is out of range")
        return settings


@dataclass(frozen=True)
class Offsets:
    """Patients' own deviations: n opaque keys, precision (n, 3, 3), information (n, 3), lesson last seen."""

    keys: tuple[str, ...]
    precision: Floats
    information: Floats
    seen: Places

    @cached_property
    def places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self.keys)}


@dataclass(frozen=True)
class Posterior:
    """Never changed; learning gives a new one. `day`: of the last lesson, -1 for none; `learned`: how many.

    `base_precision` (k,) and `base_mean` (k,) are the prior's, to which the discount falls back.
    """

    prior: str
    settings: LearnerSettings
    base_precision: Floats
    base_mean: Floats
    precision: Floats
    information: Floats
    offsets: Offsets
    day: int = NO_DAY
    learned: int = 0

    @cached_property
    def covariance(self) -> Floats:
        """Shape (k, k); NaN throughout when the precision is no precision."""
        try:
            inverse = np.asarray(np.linalg.inv(self.precision), dtype=np.float64)
        except np.linalg.LinAlgError:
            return np.full_like(self.precision, np.nan)
        return (inverse + inverse.T) / 2

    @cached_property
    def unseen(self) -> Floats:
        """The covariance (3, 3) of the offset of a patient yet unseen."""
        return np.diag(np.array(self.settings.offset_sd) ** 2.0)

    @cached_property
    def action_root(self) -> Floats | None:
        """A square root of the action columns' covariance, to sample with; None when it has none."""
        try:
            root = np.linalg.cholesky(self.covariance[features.ACTION, features.ACTION])
        except np.linalg.LinAlgError:
            return None
        return np.asarray(root, dtype=np.float64) if np.isfinite(root).all() else None

    @cached_property
    def mean(self) -> Floats:
        """Shape (k,), in units of reward per unit of the column."""
        return np.asarray(self.covariance @ self.information)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready and exact: reading it back gives the same numbers to the last bit."""
        return {
            "format": 1,
            "features": features.VERSION,
            "prior": self.prior,
            "settings": {**asdict(self.settings), "offset_sd": list(self.settings.offset_sd)},
            "base_precision": _listed(self.base_precision),
            "base_mean": _listed(self.base_mean),
            "precision": _listed(self.precision),
            "information": _listed(self.information),
            "day": self.day,
            "learned": self.learned,
            "patients": {
                key: {
                    "precision": _listed(self.offsets.precision[place]),
                    "information": _listed(self.offsets.information[place]),
                    "seen": int(self.offsets.seen[place]),
                }
                for place, key in enumerate(self.offsets.keys)
            },
        }

    @classmethod
    def from_dict(cls, source: Any) -> Posterior:
        """Raises PosteriorUnreadable."""
        try:
            if source["format"] != 1 or source["features"] != features.VERSION:
                raise PosteriorUnreadable("this posterior belongs to another version of the learner")
            patients = source["patients"]
            offsets = Offsets(
                tuple(patients),
                _floats([one["precision"] for one in patients.values()], (len(patients), WIDTH, WIDTH)),
                _floats([one["information"] for one in patients.values()], (len(patients), WIDTH)),
                np.array([int(one["seen"]) for one in patients.values()], dtype=np.int64),
            )
            read = cls(
                prior=str(source["prior"]),
                settings=LearnerSettings.of(source["settings"]),
                base_precision=_floats(source["base_precision"], (COUNT,)),
                base_mean=_floats(source["base_mean"], (COUNT,)),
                precision=_floats(source["precision"], (COUNT, COUNT)),
                information=_floats(source["information"], (COUNT,)),
                offsets=offsets,
                day=int(source["day"]),
                learned=int(source["learned"]),
            )
        except PosteriorUnreadable:
            raise
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise PosteriorUnreadable("a part of the posterior is missing or is no number") from error
        _check_numbers(read)
        return read

    def sha256(self) -> str:
        """Of the canonical JSON; the same log gives the same on the same numerical libraries."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def knowing(self, keys: Iterable[str]) -> Posterior:
        """The same with these patients known, at offset 0; the least recently seen go beyond the limit."""
        new = [key for key in dict.fromkeys(keys) if key not in self.offsets.places]
        return replace(self, offsets=_with(self.offsets, new, self.settings)) if new else self


def _listed(values: Floats) -> Any:
    """Without negative zeros, which some databases' JSON does not keep."""
    return (values + 0.0).tolist()


def _floats(source: Any, shape: tuple[int, ...]) -> Floats:
    try:
        values = np.array(source, dtype=np.float64).reshape(shape)
    except (ValueError, OverflowError) as error:
        raise PosteriorUnreadable("a part of the posterior has another shape") from error
    if not np.isfinite(values).all():
        raise PosteriorUnreadable("a number of the posterior is not finite")
    return values


def _check_numbers(read: Posterior) -> None:
    """Numbers that are finite and yet no precision would break off every decision of a clinic, and a day
    that never comes all its learning.
    """
    if not (NO_DAY <= read.day <= date.max.toordinal() and 0 <= read.learned <= MOST_LESSONS):
        raise PosteriorUnreadable("a count of the posterior is out of range")
    if not (read.base_precision > 0).all():
        raise PosteriorUnreadable("a precision of the posterior is not positive")
    try:
        np.linalg.cholesky(read.precision)
        np.linalg.cholesky(read.offsets.precision)
    except np.linalg.LinAlgError as error:
        raise PosteriorUnreadable("a precision of the posterior is not positive") from error


def _with(offsets: Offsets, new: Sequence[str], settings: LearnerSettings) -> Offsets:
    least = np.diag(np.array(settings.offset_sd) ** -2.0)
    keys = (*offsets.keys, *new)
    precision = np.concatenate([offsets.precision, np.tile(least, (len(new), 1, 1))])
    information = np.concatenate([offsets.information, np.zeros((len(new), WIDTH))])
    newest = 1 + (int(offsets.seen.max()) if len(offsets.seen) else -1)
    seen = np.concatenate([offsets.seen, np.full(len(new), newest)])
    if len(keys) <= settings.most_patients:
        return Offsets(keys, precision, information, seen)
    # By key among those last seen together: a database does not keep the order of keys.
    order = sorted(range(len(keys)), key=lambda place: (-int(seen[place]), keys[place]))
    kept = np.sort(order[: settings.most_patients])
    return Offsets(tuple(keys[one] for one in kept), precision[kept], information[kept], seen[kept])


def no_offsets() -> Offsets:
    return Offsets((), np.zeros((0, WIDTH, WIDTH)), np.zeros((0, WIDTH)), np.zeros(0, dtype=np.int64))


def prior() -> Posterior:
    """The released prior: with it every decision is the protocol's, but for the floor that explores."""
    return prior_of(_shipped_prior())


def prior_of(source: dict[str, Any]) -> Posterior:
    """A prior with other settings, means or standard deviations: for tuning and for tests.

    `mean` and `sd` by column; columns left out have mean 0 and `default_state` or `default_action`. Raises
    PosteriorUnreadable for an unknown column or a setting out of range.
    """
    sd = dict(source["sd"])
    defaults = {"state": sd.pop("default_state"), "action": sd.pop("default_action")}
    unknown = (set(sd) | set(source["mean"])) - set(features.FEATURE_COLUMNS)
    if unknown:
        raise PosteriorUnreadable(f"the prior names columns that do not exist: {', '.join(sorted(unknown))}")
    spread = [
        sd.get(name, defaults["state" if name in features.STATE_COLUMNS else "action"])
        for name in features.FEATURE_COLUMNS
    ]
    precision = np.array(spread, dtype=np.float64) ** -2.0
    mean = np.array([source["mean"].get(name, 0.0) for name in features.FEATURE_COLUMNS])
    return Posterior(
        prior=f"{source['code']} {source['version']}",
        settings=LearnerSettings.of(source["settings"]),
        base_precision=precision,
        base_mean=mean,
        precision=np.diag(precision),
        information=precision * mean,
        offsets=no_offsets(),
    )


@cache
def _shipped_prior() -> dict[str, Any]:
    source: dict[str, Any] = json.loads((files(__package__) / "prior.json").read_text("utf-8"))
    return source
