"""The validation as a whole, on whatever people the folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessions.motion_trend.gait import analyse_gait
from sessions.motion_trend.gait.analysis import METHOD_VERSION
from sessions.motion_trend.types import ENGINE_VERSION
from sessions.motion_trend.validation.agreement import (
    Agreement,
    agreement,
    in_band,
    over_bouts,
    over_people,
)
from sessions.motion_trend.validation.contacts_study import ContactAgreement, contacts_study
from sessions.motion_trend.validation.errors import BadData
from sessions.motion_trend.validation.matching import METRICS, Pair, covers, pairs_of
from sessions.motion_trend.validation.mobilised import absent_people, read_trials
from sessions.motion_trend.validation.placement_study import Condition, placement_study

LONG_S = 5.0


@dataclass(frozen=True, slots=True)
class Guard:
    """A bound against regression, not a claim: met is None when nothing was measured."""

    name: str
    value: float | None
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Does the value keep the bound?"""
        if self.value is None:
            return None
        return self.value >= self.bound if self.at_least else self.value < self.bound

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"name": self.name, "value": self.value, "bound": self.bound, "met": self.met}


@dataclass(frozen=True, slots=True)
class LowerBack:
    """The lower-back study."""

    people: int
    bouts: int
    reported: int
    pairs: tuple[Pair, ...]
    contacts: ContactAgreement
    placement: tuple[Condition, ...]

    def of(self, code: str) -> list[Pair]:
        """The pairs of a metric."""
        return [p for p in self.pairs if p.code == code]

    def long_as_reported(self, code: str) -> list[Pair]:
        """Pairs whose reported bout is over 5 s, as whoever reads a result sees it."""
        return [p for p in self.of(code) if p.reported_s > LONG_S]

    def long_by_reference(self, code: str) -> list[Pair]:
        """Pairs whose reference bout is over 5 s, as studies that select by the reference have it."""
        return [p for p in self.of(code) if p.reference_s > LONG_S]

    def metrics(self) -> dict[str, Any]:
        """Per metric: all bouts at the top level, and people, long bouts, withheld and bands beside it."""
        return {code: self._metric(code, unit) for code, unit in METRICS.items()}

    def _metric(self, code: str, unit: str) -> dict[str, Any]:
        pairs = self.of(code)
        inside, given = in_band(pairs)
        return over_bouts(pairs).to_dict() | {
            "unit": unit,
            "reference_bouts": len(pairs),
            "share_given": given / len(pairs) if pairs else None,
            "in_band": inside,
            "per_person": over_people(pairs).to_dict(),
            "over_5_s": over_bouts(self.long_as_reported(code)).to_dict(),
            "over_5_s_by_reference": over_bouts(self.long_by_reference(code)).to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All studies; what was not there is named in `missing`."""

    lower_back: LowerBack | None
    foot: Agreement | None
    foot_found: tuple[int, int]
    missing: tuple[str, ...]

    def guards(self) -> list[Guard]:
        """The bounds that the next change must keep."""
        found: list[Guard] = []
        if self.lower_back is not None:
            back = self.lower_back
            found += [
                Guard("share of reference bouts reported", back.reported / back.bouts, 0.8, at_least=True),
                Guard("cadence MAPE (%)", over_bouts(back.of("cadence_spm")).mape, 9.0),
                Guard(
                    "stride length MAE, bouts over 5 s (m)",
                    over_bouts(back.long_as_reported("stride_length_m")).mae,
                    0.12,
                ),
                Guard(
                    "speed MAE, bouts over 5 s (m/s)",
                    over_bouts(back.long_as_reported("walking_speed_m_s")).mae,
                    0.10,
                ),
                Guard("measures outside their band, placement study", _outside(back.placement), 0.5),
            ]
        if self.foot is not None:
            found.append(Guard("foot stride length MAE (m)", self.foot.mae, 0.05))
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON with the keys metrics, lower_back, foot, guards."""
        back = self.lower_back
        metrics = {} if back is None else back.metrics()
        if self.foot is not None:
            metrics["foot_stride_length_m"] = self.foot.to_dict() | {
                "unit": "m",
                "reference_strides": self.foot_found[1],
                "share_given": self.foot_found[0] / self.foot_found[1],
            }
        return {
            "engine": ENGINE_VERSION,
            "method": METHOD_VERSION,
            "people": None if back is None else back.people,
            "reference_bouts": None if back is None else back.bouts,
            "reported_bouts": None if back is None else back.reported,
            "share_reported": None if back is None else back.reported / back.bouts,
            "metrics": metrics,
            "bouts": [] if back is None else _bout_rows(back.pairs),
            "contacts": None if back is None else back.contacts.to_dict(),
            "placement": [] if back is None else [condition.to_dict() for condition in back.placement],
            "guards": [guard.to_dict() for guard in self.guards()],
            "missing": list(self.missing),
            "note": FEW.format(people=0 if back is None else back.people),
        }


FEW = (
    "{people} people with a lower-back reference, and one healthy person's feet: guards against regression, "
    "no claim of accuracy."
)


def validate(folder: Path) -> Report:
    """All studies whose data `folder` holds. Raises BadData when it holds none, or a broken file."""
    if not folder.is_dir():
        raise BadData(folder, "is not a folder")
    back, feet = folder / "mobilised", folder / "gaitmap_foot"
    missing = tuple(path.name for path in (back, feet) if not path.is_dir())
    if len(missing) == 2:
        raise BadData(folder, f"holds neither {missing[0]} nor {missing[1]}")
    if back.is_dir():
        missing = (*missing, *absent_people(folder))
    foot, found = study_feet(feet) if feet.is_dir() else (None, (0, 0))
    return Report(study_lower_back(folder) if back.is_dir() else None, foot, found, missing)


def study_lower_back(folder: Path) -> LowerBack:
    """Every trial with reference bouts under `folder`/mobilised."""
    trials = list(read_trials(folder))
    results = [analyse_gait([trial.signal], height_m=trial.height_m) for trial in trials]
    references = [
        (bout, result) for trial, result in zip(trials, results, strict=True) for bout in trial.bouts
    ]
    if not references:
        raise BadData(folder / "mobilised", "holds no reference bouts")
    pairs = tuple(pair for bout, result in references for pair in pairs_of(result.bouts, bout))
    reported = sum(bool(covers(result.bouts, bout)) for bout, result in references)
    return LowerBack(
        len({trial.person for trial in trials}),
        len(references),
        reported,
        pairs,
        contacts_study(trials, results),
        tuple(placement_study(trials)),
    )


def study_feet(folder: Path) -> tuple[Agreement, tuple[int, int]]:
    """Stride length of the foot sensors against motion capture; strides found, of how many."""
    from sessions.motion_trend.feet import strides_against_mocap

    try:
        strides = strides_against_mocap(folder)
    except (OSError, ValueError) as wrong:
        raise BadData(folder, "cannot be read") from wrong
    found = [(s.measured_m, s.reference_m) for s in strides if s.measured_m is not None]
    return agreement([a for a, _ in found], [b for _, b in found]), (len(found), len(strides))


def _outside(conditions: Sequence[Condition]) -> float:
    return float(sum(condition.outside for condition in conditions))


def _bout_rows(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """One row per reference bout: reference, measured and reason by metric."""
    rows: dict[tuple[str, str, float], dict[str, Any]] = {}
    for pair in pairs:
        row = rows.setdefault(
            (pair.person, pair.trial, pair.start_s),
            {
                "person": pair.person,
                "trial": pair.trial,
                "start_s": pair.start_s,
                "duration_s": pair.reference_s,
            },
        )
        row[pair.code] = {"reference": pair.reference, "measured": pair.measured, "withheld": pair.withheld}
    return list(rows.values())
