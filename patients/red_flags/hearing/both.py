"""Rules and the second reader together: whatever a rule in force hears stands, the reader only adds.

Which rules are in force beside a reader is fixed by the release (`HearingRule.alone`), never by the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from patients.red_flags.hearing.ear import hear_by_rules
from patients.red_flags.hearing.reader.folder import ReaderUnusable
from patients.red_flags.hearing.reader.labels import flag_of, severity_of
from patients.red_flags.hearing.reader.served import Raised, Reader, load_released
from patients.red_flags.hearing.rules import HearingRules
from patients.red_flags.hearing.types import BY_READER, RULES_AND_READER, Heard, HeardFlag, Quote

READER_RULE = "second_reader"

LoadReader = Callable[[], Reader]


@dataclass(frozen=True, slots=True)
class ReaderState:
    """Which reader listens beside the rules: its version, or None and why it does not."""

    version: int | None
    fault: str = ""


def reader_state() -> ReaderState:
    """The released reader's state in this process; loads it where it was not loaded yet."""
    try:
        return ReaderState(load_released().manifest.version)
    except ReaderUnusable as error:
        return ReaderState(None, str(error))


def hear(
    messages: Sequence[str], *, rules: HearingRules | None = None, load: LoadReader = load_released
) -> Heard:
    """Listen to the patient's turns in order.

    The flags of all turns together, worst first, each with the exact words that set a rule off, or the whole
    turn that completed what the second reader read. Where the reader cannot be used, all rules listen alone
    and `Heard.reader` says so. Nothing here says what an illness is. Whoever calls must not log the quotes.
    """
    try:
        reader = load()
    except ReaderUnusable:
        return hear_by_rules(messages, rules=rules)
    heard = hear_by_rules(messages, rules=rules, beside_reader=True)
    return _with(heard, reader.read(messages), messages, reader.manifest.version)


def _with(heard: Heard, found: Sequence[Raised], messages: Sequence[str], version: int) -> Heard:
    known = {flag.flag: flag.severity.rank for flag in reversed(heard.flags)}
    added = [
        _flag_of(one, messages, version)
        for one in found
        if severity_of(one.label).rank > known.get(flag_of(one.label), 0)
    ]
    flags = tuple(sorted([*heard.flags, *added], key=lambda flag: -flag.severity.rank))
    raised = {flag.flag for flag in flags}
    return replace(
        heard,
        severity=flags[0].severity if flags else None,
        flags=flags,
        needs_asking=tuple(ask for ask in heard.needs_asking if ask.flag not in raised),
        reader=RULES_AND_READER,
    )


def _flag_of(one: Raised, messages: Sequence[str], version: int) -> HeardFlag:
    words = messages[one.turn]
    return HeardFlag(
        flag=flag_of(one.label),
        severity=severity_of(one.label),
        rule_id=READER_RULE,
        rule_version=version,
        words=(Quote(one.turn, 0, len(words), words),),
        source=f"Second reader {version}, trained on invented messages (READER_CARD.md)",
        by=BY_READER,
    )
