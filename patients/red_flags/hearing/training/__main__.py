"""``python -m patients.red_flags.hearing.training``: from invented messages to a measured, exported reader.

Trains once without each ``--leave-out`` group of authors, chooses the limits on what those trainings make of
the messages that they had not learnt, then trains on all. ``--work DIR`` keeps the readings of left-out
authors; a run of the same messages and settings takes them from there. Prints numbers only, no message.
Exit codes: 0 trained; 1 a file, a package or the folder could not be used; 2 called wrongly.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from patients.red_flags.hearing.reader.folder import RELEASED
from patients.red_flags.hearing.scoring import UnreadableSuite
from patients.red_flags.hearing.training.releasing import Plan, release
from patients.red_flags.hearing.training.settings import TrainingSettings, TrainingUnavailable

USUAL_FOLDS = ("w2,w4,w6", "w1,w3,w7")
FOLDERS = ("--out", "--work", "--measured")


def main(arguments: list[str]) -> int:
    """Train and say where the reader lies and how well it hears."""
    parser = argparse.ArgumentParser(prog="python -m patients.red_flags.hearing.training")
    parser.add_argument("--out", type=Path, default=RELEASED, help="where the reader is written")
    parser.add_argument("--work", type=Path, help="keeps the readings of left-out authors")
    parser.add_argument("--leave-out", nargs="*", default=list(USUAL_FOLDS), metavar="AUTHOR,AUTHOR")
    parser.add_argument("--most-false", type=float, default=0.11, help="share of near-misses called urgent")
    parser.add_argument(
        "--measured", type=Path, help="take limits and figures over from this reader's folder"
    )
    parser.add_argument("--epochs", type=int, default=TrainingSettings().epochs)
    parser.add_argument("--threads", type=int, default=TrainingSettings().threads)
    parser.add_argument("--version", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="few steps: to try the way, not to use")
    told = parser.parse_args(arguments)
    folds = tuple(tuple(fold.split(",")) for fold in told.leave_out)
    try:
        settings = TrainingSettings(epochs=told.epochs, threads=told.threads, version=told.version)
        settings = replace(settings, epochs=1, most_steps=3) if told.quick else settings
        plan = Plan(folds, told.most_false, settings, _command(arguments), told.measured)
        release(plan, out=told.out, work=told.work, tell=_tell)
    except (TrainingUnavailable, UnreadableSuite, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _command(arguments: list[str]) -> str:
    """The command that repeats this training, without the folders of this machine."""
    kept = [word for at, word in enumerate(arguments) if not _is_folder(arguments, at)]
    return shlex.join(["python", "-m", "patients.red_flags.hearing.training", *kept])


def _is_folder(arguments: list[str], at: int) -> bool:
    return arguments[at] in FOLDERS or (at > 0 and arguments[at - 1] in FOLDERS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
