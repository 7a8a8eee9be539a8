"""Writes what was found into the library files, so that every place that offers an exercise can say it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NOT_SHOWN = "Not shown to separate good from poor form."
DATA = "UI-PRMD: healthy people, acted faults, Kinect joints seen by a virtual camera"


def note(result: Mapping[str, Any]) -> dict[str, Any]:
    """The validation key of a library file, from one exercise's part of the report."""
    value = result["balanced_accuracy_left_out"]["value"]
    shown = bool(result["shown_to_separate"])
    words = (
        f"Told good from acted poor form in {result['people']} healthy people seen from the "
        f"{result['view'].replace('_', ' ')} (balanced accuracy {value:.2f}). No evidence about patients."
        if shown
        else NOT_SHOWN
    )
    kept = ("view", "people", "repetitions", "balanced_accuracy", "balanced_accuracy_left_out", "coverage")
    return {"studied": True, "data": DATA, "shown_to_separate": shown, "words": words} | {
        key: result[key] for key in kept
    }


def store(report: Mapping[str, Any], library: Path) -> list[Path]:
    """Update the validation key of each studied exercise's file in `library`; the files written."""
    written = []
    for code, result in report["exercises"].items():
        path = library / f"{code}.json"
        spec = json.loads(path.read_text("utf-8"))
        spec["validation"] = note(result)
        path.write_text(json.dumps(spec, indent=2, ensure_ascii=False) + "\n", "utf-8")
        written.append(path)
    return written
