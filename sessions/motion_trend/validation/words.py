"""The validation report as tables to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_COLUMNS = ("bias", "mae", "mape", "loa_low", "loa_high")
_PARTS = {
    "per_person": "per person",
    "over_5_s": "reported bout over 5 s",
    "over_5_s_by_reference": "reference bout over 5 s",
}


def as_text(report: Mapping[str, Any]) -> str:
    """Metrics, single bouts, contacts, the placement study, the guards."""
    lines = [str(report["note"]), ""]
    if report["share_reported"] is not None:
        lines += [
            f"Reference bouts reported: {report['reported_bouts']} of {report['reference_bouts']} "
            f"({report['share_reported']:.0%}) of {report['people']} people",
            "",
        ]
    lines.append(f"{'':42}{'n':>5}" + "".join(f"{name.replace('_', ' '):>10}" for name in _COLUMNS))
    for code, metric in report["metrics"].items():
        lines.append(_agreement(f"{code} ({metric['unit']})", metric))
        lines += [_agreement(f"  {words}", metric[name]) for name, words in _PARTS.items() if name in metric]
        lines.append(f"  given for {metric['share_given']:.0%}" if metric["share_given"] is not None else "")
    lines += ["", *_bouts(report["bouts"]), "", *_rest(report)]
    return "\n".join(lines)


def _agreement(name: str, values: Mapping[str, Any]) -> str:
    return f"{name:42}{values['n']:>5}" + "".join(f"{_number(values[column]):>10}" for column in _COLUMNS)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"


def _bouts(rows: list[Mapping[str, Any]]) -> list[str]:
    """Reference → measured, or why not."""
    lines = []
    for row in rows:
        head = f"{row['person']} {row['trial']} {row['start_s']:7.1f} s, {row['duration_s']:5.1f} s long:"
        cells = [
            f"{code} {_number(cell['reference'])} → {_number(cell['measured'])}"
            for code, cell in row.items()
            if isinstance(cell, Mapping)
        ]
        lines.append(f"{head} {'; '.join(cells)}")
    return lines


def _rest(report: Mapping[str, Any]) -> list[str]:
    lines = []
    contacts = report["contacts"]
    if contacts and contacts["n"]:
        lines.append(
            f"Contacts of even bouts: {contacts['n']}, late by {contacts['bias_s']:.3f} s, "
            f"scatter {contacts['scatter_s']:.3f} s; "
            f"side right {contacts['sides_right']} of {contacts['sides_given']}"
        )
    lines += [
        f"Placement, {row['name']}: {row['inside']} in their band, {row['withheld']} withheld, "
        f"{row['outside']} outside, of {row['compared']}; {row['bouts_lost']} bouts not found again"
        for row in report["placement"]
    ]
    lines += [_guard(guard) for guard in report["guards"]]
    lines += [f"Not there, so not scored: {name}" for name in report["missing"]]
    return lines


def _guard(guard: Mapping[str, Any]) -> str:
    verdict = {True: "kept", False: "BROKEN", None: "nothing to measure"}[guard["met"]]
    return f"Guard {guard['name']}: {_number(guard['value'])}, bound {guard['bound']:g}: {verdict}"
