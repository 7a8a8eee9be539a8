"""A drafted sentence, and what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

QUOTED = 120
# A sentence that rests on more opens the newest; each page shows the others.
MOST_LINKS = 5
BLANK = "___"


@dataclass(frozen=True, slots=True)
class Basis:
    """What is opened from a sentence. `kind` as in NoteBasis; `within`: the session whose page shows it."""

    kind: str
    words: str
    ref: UUID | None = None
    within: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a section; a blank for the author (`bases` empty) claims nothing."""

    words: str
    bases: tuple[Basis, ...] = ()


def blank(prompt: str) -> Sentence:
    """A line for the author to fill in."""
    return Sentence(f"{prompt}: {BLANK}")


def whole(value: float) -> str:
    """A number without decimals, rounded half up as the pages round it, with a proper minus."""
    rounded = Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return str(rounded if rounded else 0).replace("-", "−")


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 set", "2 sets"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def quoted(words: str) -> str:
    """What somebody wrote on one line, marked as a quote and cut short at a word."""
    line = " ".join(words.split())
    if len(line) > QUOTED:
        line = line[:QUOTED].rsplit(" ", 1)[0] + " …"
    return f"“{line}”"


def ended(words: str) -> str:
    """The words with a full stop, unless they end a sentence already."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def lowered(words: str) -> str:
    """The first letter small, unless it begins an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
