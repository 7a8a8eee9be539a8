"""What a note says of danger, as the editor and the signing page list it."""

from dataclasses import dataclass

from patients.models import Alert
from patients.red_flags.flag_words import FlagWords, words_of_flag
from patients.red_flags.noting import hear_note


@dataclass(frozen=True, slots=True)
class NotedFlag:
    """A flag in plain words, with what of the note it rests on."""

    name: FlagWords
    severity: str
    quotes: tuple[str, ...]
    rule_id: str
    version: int
    citation: str


def red_flags_in(text: str) -> list[NotedFlag]:
    """The worst first; strong pain is not among them."""
    return [
        NotedFlag(
            name=words_of_flag(flag.flag),
            severity=str(Alert.Severity(flag.severity.value).label),
            quotes=tuple(dict.fromkeys(quote.text for quote in flag.words)),
            rule_id=flag.rule_id,
            version=flag.rule_version,
            citation=flag.source,
        )
        for flag in hear_note(text).flags
    ]
