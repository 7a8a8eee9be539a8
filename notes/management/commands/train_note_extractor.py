"""manage.py train_note_extractor --out DIR [--data GOLD.jsonl …]: from nothing to a measured, exported model.

Makes invented notes, adds those of --data, trains, exports int8 ONNX, measures on the validation notes, and
writes manifest, card and experiment log. No database is needed. Prints and logs numbers only, no note text.
Exit codes: 0 trained; 1 a file, a package or the folder could not be used; 2 the command was called wrongly.
"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notes.clini_note_extractor import BadCorpus, Note, read_notes
from notes.clini_note_extractor.training.data import NotesWanted, gather_notes
from notes.clini_note_extractor.training.experiments import Experiment
from notes.clini_note_extractor.training.generator import make_notes
from notes.clini_note_extractor.training.settings import Progress, TrainingSettings, TrainingUnavailable
from notes.clini_note_extractor.training.train import train_model


class Command(BaseCommand):
    """Trains the model half of the extractor."""

    help = "Train, export and measure a note model. Needs requirements/train.txt; no database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the model goes, what it learns from, and how long."""
        usual, wanted = TrainingSettings(), NotesWanted()
        parser.add_argument(
            "--out", type=Path, required=True, metavar="DIR", help="where the model is written"
        )
        parser.add_argument(
            "--data", type=Path, nargs="+", default=[], metavar="GOLD.jsonl", help="annotated notes to add"
        )
        parser.add_argument("--notes", type=int, default=wanted.made, help="invented notes to make")
        parser.add_argument("--epochs", type=int, default=usual.epochs)
        parser.add_argument(
            "--masked-epochs", type=int, default=usual.masked_epochs,
            help="passes over words alone, guessing hidden ones, before annotations are learnt",
        )  # fmt: skip
        parser.add_argument(
            "--masked-notes", type=int, default=0,
            help="invented notes whose words those passes read; by default the notes of the training",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=usual.seed)
        parser.add_argument("--threads", type=int, default=usual.threads)
        parser.add_argument("--model-version", default="", help="names the model; by default today's date")
        parser.add_argument(
            "--log", type=Path, metavar="DIR", help="experiment log; by default DIR of --out with -runs"
        )
        parser.add_argument(
            "--quick", action="store_true", help="few notes and steps: to try the way, not to use"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make notes, train, and say where the model lies and how well it reads."""
        started = datetime.now(UTC)
        out: Path = options["out"]
        try:
            settings = settings_of(options, started)
            added = [note for path in options["data"] for note in read_added(path)]
            gathered = gather_notes(wanted_of(options), added=added)
            log = options["log"] or out.with_name(f"{out.name}-runs")
            experiment = Experiment(log, name=settings.version, settings=settings, started=started)

            def tell(progress: Progress) -> None:
                experiment.tell(progress)
                self.stdout.write(words_of_progress(progress))

            trained = train_model(
                notes=gathered.training, validation=gathered.validation, out=out, settings=settings,
                progress=tell, command=command_of(options), unannotated=texts_of(options),
            )  # fmt: skip
            record = experiment.finish(trained)
        except (BadCorpus, TrainingUnavailable, ValueError) as error:
            raise CommandError(str(error), returncode=1) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=1) from error
        strict = record["scores"]["validation"]["strict"]["micro"]
        self.stdout.write(
            f"Model {trained.version} in {out}: {trained.megabytes:.1f} MB, {trained.seconds:.0f} s, "
            f"strict F1 {strict['f1']:.3f} on {len(gathered.validation)} invented validation notes."
        )


def settings_of(options: dict[str, Any], started: datetime) -> TrainingSettings:
    """The training's settings. Raises ValueError where a number makes no sense."""
    version = options["model_version"] or f"{started:%Y.%m.%d}"
    settings = TrainingSettings(
        version=version, seed=options["seed"], epochs=options["epochs"], threads=options["threads"],
        masked_epochs=options.get("masked_epochs", 0),
    )  # fmt: skip
    return replace(settings, epochs=1, most_steps=8, batch_pieces=1024) if options["quick"] else settings


def wanted_of(options: dict[str, Any]) -> NotesWanted:
    """How many notes to make."""
    if options["quick"]:
        return NotesWanted(made=24, validation=6, seed=options["seed"], written=False)
    return NotesWanted(made=options["notes"], seed=options["seed"])


def texts_of(options: dict[str, Any]) -> list[str]:
    """The words of the invented notes that only the masked passes read. Raises ValueError without a pass."""
    if options["masked_notes"] and not options["masked_epochs"]:
        raise ValueError("--masked-notes is for --masked-epochs of 1 or more.")
    made = make_notes(count=options["masked_notes"], seed=options["seed"], split="train")
    return [note.text for note in made]


def read_added(path: Path) -> Sequence[Note]:
    """Annotated notes of one file. Raises BadCorpus with the file's name, and OSError."""
    try:
        return read_notes(path)
    except BadCorpus as error:
        raise ValueError(f"{path}: {error}") from error


def command_of(options: dict[str, Any]) -> str:
    """The command that repeats this training, without the folders of this machine."""
    words = ["manage.py", "train_note_extractor", "--out", "DIR"]
    for name in ("notes", "epochs", "masked_epochs", "masked_notes", "seed", "threads", "model_version"):
        if options[name]:
            words += [f"--{name.replace('_', '-')}", str(options[name])]
    if options["data"]:
        words += ["--data", *(path.name for path in options["data"])]
    return shlex.join([*words, *(["--quick"] if options["quick"] else [])])


def words_of_progress(progress: Progress) -> str:
    """One line for whoever waits."""
    place = f"epoch {progress.epoch}, step {progress.step} of {progress.steps}"
    if progress.masked:
        place = f"words alone, {place}"
    if progress.validation_f1 is not None:
        return f"{place}: strict F1 {progress.validation_f1:.3f} on the validation notes"
    return f"{place}: loss {progress.loss:.3f}"
