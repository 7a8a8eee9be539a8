"""The invented messages that the reader learns from, by author."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from patients.red_flags.hearing.reader.labels import labels_of
from patients.red_flags.hearing.scoring import SuiteLine, parse_suite

ROOT = Path(__file__).resolve().parents[4]
OWN = Path(__file__).with_name("messages")
SUITES = ROOT / "tests" / "red_flags" / "hearing"


@dataclass(frozen=True, slots=True)
class Example:
    """A patient's turns, and the labels that they carry."""

    messages: tuple[str, ...]
    labels: frozenset[str]


def authors() -> dict[str, tuple[SuiteLine, ...]]:
    """Every author's lines. The kept-aside suites are not among them. Raises UnreadableSuite and OSError."""
    files = {path.stem: path for path in sorted(OWN.glob("w*.jsonl"))}
    files |= {"development": SUITES / "development.jsonl", "second": SUITES / "written" / "second.jsonl"}
    return {name: parse_suite(path.read_text(encoding="utf-8")) for name, path in files.items()}


def example_of(line: SuiteLine) -> Example:
    """The line as the reader sees it."""
    return Example(line.messages, labels_of(line.severity, line.flags))
