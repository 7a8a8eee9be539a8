"""A note's text: what can be stored of it, what names it, and when it says nothing. Pure functions."""

import hashlib
import re
from collections.abc import Iterable, Mapping

LONE_SURROGATE_OR_NUL = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """The text with U+FFFD for NUL and lone surrogates, which PostgreSQL cannot store; offsets stay."""
    return LONE_SURROGATE_OR_NUL.sub(REPLACEMENT, text)


def with_plain_line_ends(text: str) -> str:
    """What a form has sent: browsers send CRLF for the line ends that a person typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sha256_of(text: str) -> str:
    """Hexadecimal SHA-256 of the text's UTF-8; raises UnicodeEncodeError for a lone surrogate."""
    return hashlib.sha256(text.encode()).hexdigest()


def text_of_sections(sections: Iterable[Mapping[str, str]]) -> str:
    """How a note begins: each heading on a line of its own, with room below."""
    return "\n\n".join(f"{section['heading'].upper()}:\n" for section in sections)


def says_nothing(text: str, *, headings: Iterable[str]) -> bool:
    """Whether there is nothing beside white space, blanks to fill in, and the headings it began with."""
    known = {_bare(heading) for heading in headings}
    return all(_bare(line) in known for line in text.splitlines() if _bare(line))


def _bare(line: str) -> str:
    return line.strip(" \t\u00a0\u200b\u200e\u200f\ufeff_-.:*#").casefold()
