"""The validation report as a table to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_COLUMNS = ("exact", "off_by_one", "balanced_accuracy", "balanced_accuracy_left_out", "coverage")


def as_text(report: Mapping[str, Any]) -> str:
    """A line per exercise and per clip."""
    lines = [
        f"{'':30}{'people':>7}{'reps':>6}  " + "".join(f"{name.replace('_', ' '):>27}" for name in _COLUMNS)
    ]
    lines += [_line(code, result) for code, result in report["exercises"].items()]
    lines.append(_line("pooled", report["pooled"]))
    lines.append("")
    lines += [_clip(clip) for clip in report["clips"]]
    lines += [f"Not there, so not scored: {name}" for name in report["missing"]]
    lines.append("UI-PRMD faults are acted by healthy people: no evidence about patients.")
    return "\n".join(lines)


def _line(name: str, result: Mapping[str, Any]) -> str:
    cells = "".join(f"{_cell(result[column]):>27}" for column in _COLUMNS)
    sizes = f"{result['people']:>7}{result['repetitions']:>6}"
    return f"{name:30}{sizes}  {cells}  {result.get('label', '')}".rstrip()


def _cell(interval: Mapping[str, float | None]) -> str:
    value, low, high = interval["value"], interval["low"], interval["high"]
    if value is None:
        return "-"
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f} ({low:.3f} to {high:.3f})"


def _clip(clip: Mapping[str, Any]) -> str:
    true = " or ".join(str(n) for n in clip["true"])
    said = clip["error"] or f"counted {clip['counted']}, true {true}, live {clip['live']}"
    return f"{clip['file']:50} {said}"
