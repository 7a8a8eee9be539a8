"""A log of trainings: one folder a run with parameters, data hash and scores, one line a run beside them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from notes.clini_note_extractor.training.settings import Progress, TrainedModel, TrainingSettings

RUNS = "runs.jsonl"


class Experiment:
    """One run of a log. Holds numbers and hashes only, no note text."""

    def __init__(self, folder: Path, *, name: str, settings: TrainingSettings, started: datetime) -> None:
        self.folder = folder / f"{started:%Y%m%dT%H%M%S}-{name}"
        self.folder.mkdir(parents=True)
        self._name = name
        self._settings = settings
        self._started = started

    def tell(self, progress: Progress) -> None:
        """Append a report to the run's metrics."""
        with (self.folder / "metrics.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(progress)) + "\n")

    def finish(self, trained: TrainedModel) -> dict[str, Any]:
        """Write the run's whole record and its line in the log; the record."""
        record = {
            "run": self.folder.name,
            "name": self._name,
            "started": self._started.isoformat(),
            "parameters": asdict(self._settings),
            "version": trained.version,
            "data_sha256": trained.data_sha256,
            "epoch": trained.epoch,
            "seconds": round(trained.seconds, 1),
            "megabytes": trained.megabytes,
            "scores": trained.scores,
        }
        (self.folder / "run.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        line = {key: value for key, value in record.items() if key != "scores"}
        strict = trained.scores["validation"]["strict"]["micro"]
        with (self.folder.parent / RUNS).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({**line, "strict_f1": strict["f1"]}) + "\n")
        return record
