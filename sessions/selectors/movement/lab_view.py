"""A laboratory result and the curves of a recording, as its page reads them from what was stored."""

from collections.abc import Mapping
from typing import Any

from sessions.models import Recording
from sessions.selectors.movement.change import capital
from sessions.selectors.movement.sway_drawing import draw_sway

MOST_CURVES = 24
MOST_POINTS = 4000
CONTENTS = {
    "seconds": "s",
    "markers": "markers",
    "plates": "force plates",
    "emg_channels": "muscle signals",
    "other_channels": "other channels",
}


# What a finding is about, by the beginning of its code, in the order of the page.
GROUPS = (
    ("Standing still", ("sway_",)),
    ("Left and right", ("limb_",)),
    ("Steps on the plates", ("contact_", "first_peak", "second_peak", "highest", "loading_rate", "impulse")),
    ("Muscles", ("emg_", "co_contraction")),
)
OTHERS = "Further findings"


def lab_shown(result: Mapping[str, Any]) -> dict[str, Any]:
    """The findings as rows in groups, the sway as a drawing, and what was in the file in a sentence."""
    rows = result.get("summary")
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    stored = result.get("curves")
    curves = [one for one in stored if _is_curve(one)] if isinstance(stored, list) else []
    return {
        "groups": _grouped(found),
        "sways": [drawn for drawn in map(draw_sway, curves) if drawn],
        "contents": contents_words(result.get("contents")),
    }


def _grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, str]]] = {name: [] for name in (*(name for name, _ in GROUPS), OTHERS)}
    for row in rows:
        code = str(row.get("code", ""))
        name = next((name for name, beginnings in GROUPS if code.startswith(beginnings)), OTHERS)
        groups[name].append(_row(row))
    return [{"name": name, "rows": told} for name, told in groups.items() if told]


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    number = _number(row.get("value"))
    return {
        "name": capital(str(row.get("name", ""))),
        "place": str(row.get("place", "")),
        "value": f"{number} {row.get('unit', '')}".strip() if number else "–",
        "note": str(row.get("note", "")),
    }


def _number(value: object) -> str:
    """Three significant digits: a laboratory's fourth is noise."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return ""
    size = abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    told = f"{value:,.{decimals}f}"
    return told.replace("-", "−")


def contents_words(contents: object) -> str:
    """ "34.5 s, 12 markers, 2 force plates, 4 muscle signals": what is known of the file, without noughts."""
    if not isinstance(contents, dict):
        return ""
    found = ((contents.get(name), words) for name, words in CONTENTS.items())
    return ", ".join(f"{value:g} {words}" for value, words in found if _counts(value))


def _counts(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


def curves_config(recording: Recording) -> dict[str, Any] | None:
    """The settings of ``<pl-curves>``: a laboratory's curves, or that from which a test was read."""
    result = recording.result if isinstance(recording.result, dict) else {}
    stored = result.get("curves")
    curves = [one for one in stored if _is_curve(one)] if isinstance(stored, list) else []
    if not curves and isinstance(result.get("curve"), dict):
        curves = [one for one in [_of_test(result["curve"])] if _is_curve(one)]
    return {"curves": curves[:MOST_CURVES]} if curves else None


def _of_test(curve: Mapping[str, Any]) -> dict[str, Any]:
    name = capital(str(curve.get("name", "")))
    return {
        "label": name,
        "unit": str(curve.get("unit", "")),
        "x_label": "Seconds of the recording",
        "x": curve.get("t_s", []),
        "lines": [{"name": name, "values": curve.get("values", [])}],
    }


def _is_curve(curve: object) -> bool:
    """Whether every line has as many values as the axis."""
    if not isinstance(curve, dict) or not isinstance(curve.get("x"), list):
        return False
    x, lines = curve["x"], curve.get("lines")
    if not 1 < len(x) <= MOST_POINTS or not isinstance(lines, list) or not lines:
        return False
    return all(isinstance(line, dict) and len(line.get("values") or ()) == len(x) for line in lines)
