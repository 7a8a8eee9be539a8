"""Listening to written words: what the safety spine hears, and how an alert keeps it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from patients.red_flags import RedFlagHit, Severity, StopAnswer
from patients.red_flags.heard_hits import heard_hits
from patients.red_flags.hearing import Heard, HeardFlag, hear
from patients.services.typed import as_seen

log = logging.getLogger(__name__)

WORDS_KEPT = 4000
NOTHING = Heard(severity=None, flags=(), needs_asking=())
# Words that nobody and nothing has checked: a person reads them the same day.
UNHEARD = RedFlagHit(
    rule_id="unheard_words",
    rule_version=1,
    headline="Words that could not be checked for danger",
    severity=Severity.SAME_DAY,
    action="Call your therapist today.",
    question_ids=(),
)


@dataclass(frozen=True, slots=True)
class Listened:
    """What the turns say, of which `fresh` are the flags of the last one; quotes count from the first turn.

    `failed`: nothing could be heard, so a person has to read.
    """

    heard: Heard
    fresh: tuple[HeardFlag, ...]
    failed: bool = False

    @property
    def hits(self) -> list[RedFlagHit]:
        """One hit a flag, the worst first."""
        if self.failed:
            return [UNHEARD]
        return sorted(heard_hits(self.fresh), key=lambda hit: -hit.severity.rank)


def storable(text: str) -> str:
    """Without what PostgreSQL cannot hold and without letters that nobody sees: neither a broken character
    nor a hidden one may keep the answer from a patient.
    """
    return as_seen(text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8"))


def listen(turns: Sequence[str]) -> Listened:
    """Hear a person's turns in order, of which the last is new. Never raises."""
    try:
        heard = hear(turns)
        return Listened(heard, _of_the_last_turn(heard, turns))
    except Exception as error:
        # Whatever breaks in the reading, somebody must still be told; the words stay out of the log.
        log.error("hearing failed: %s", type(error).__name__)
        return Listened(NOTHING, (), failed=True)


def _of_the_last_turn(heard: Heard, turns: Sequence[str]) -> tuple[HeardFlag, ...]:
    """The flags that the last turn says by itself, and those that it completes or makes worse."""
    last = len(turns) - 1
    alone = [_moved(flag, to=last) for flag in hear(turns[-1:]).flags]
    said = {flag.flag: flag.severity.rank for flag in reversed(alone)}
    completed = [
        flag
        for flag in heard.flags
        if any(quote.turn == last for quote in flag.words) and flag.severity.rank > said.get(flag.flag, 0)
    ]
    return tuple(sorted([*completed, *alone], key=lambda flag: -flag.severity.rank))


def _moved(flag: HeardFlag, *, to: int) -> HeardFlag:
    return replace(flag, words=tuple(replace(quote, turn=to) for quote in flag.words))


def kept_flags(flags: Sequence[HeardFlag]) -> list[dict[str, Any]]:
    """The flags as an alert keeps them: the rule, where it comes from, and the words that set it off."""
    return [
        {
            "flag": flag.flag,
            "severity": flag.severity.value,
            "rule": flag.rule_id,
            "version": flag.rule_version,
            "citation": flag.source,
            "by": getattr(flag, "by", "rules"),
            "quotes": [quote.text for quote in flag.words],
        }
        for flag in flags
    ]


def kept_turns(turns: Sequence[str], flags: Sequence[HeardFlag]) -> list[dict[str, Any]]:
    """The turns that the flags rest on, and always the last one, with the heard parts as [start, end]."""
    marks: dict[int, list[list[int]]] = {len(turns) - 1: []}
    for quote in (quote for flag in flags for quote in flag.words):
        marks.setdefault(quote.turn, []).append([quote.start, quote.end])
    return [
        {"words": turns[turn][:WORDS_KEPT], "marks": sorted(marks[turn])}
        for turn in sorted(marks)
        if 0 <= turn < len(turns)
    ]


def kept_answer(answer: StopAnswer) -> dict[str, Any]:
    """The fixed words as the patient's page shows them again."""
    return {
        "heading": answer.heading,
        "sentences": list(answer.sentences),
        "emergency_number": answer.emergency_number,
    }
