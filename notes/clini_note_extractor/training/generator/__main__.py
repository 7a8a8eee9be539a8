"""Prints made notes as marked text, so that one can look at them."""

from __future__ import annotations

import argparse
import sys

from notes.clini_note_extractor.training.generator import make_notes
from notes.clini_note_extractor.training.written.markup import to_markup


def main() -> None:
    """Write the notes to standard output."""
    parser = argparse.ArgumentParser(prog="generator", description=__doc__)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", choices=("train", "validation"), default="train")
    asked = parser.parse_args()
    for note in make_notes(count=asked.count, seed=asked.seed, split=asked.split):
        sys.stdout.write(f"=== {note.id}\n{to_markup(note)}\n")


if __name__ == "__main__":
    main()
