"""Suspects of a text, and the text without them."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence

from notes.deidentification.names import named
from notes.deidentification.patterns import shaped
from notes.deidentification.types import Kind, Suspect

# Where two kinds claim the same words, the earlier one here keeps them.
FIRST = (Kind.EMAIL, Kind.WEB, Kind.ADDRESS, Kind.PLACE, Kind.DATE, Kind.AGE, Kind.ID, Kind.PHONE, Kind.NAME)


def find_suspects(text: str, *, own_names: Collection[str] = ()) -> list[Suspect]:
    """What may name a person, in reading order, without overlaps; neighbouring names are one.

    `own_names`: single names of the clinic's patients and members.
    """
    found = [*shaped(text), *named(text, own_names=own_names)]
    found.sort(key=lambda one: (FIRST.index(one.kind), -(one.end - one.start), one.start))
    kept: list[Suspect] = []
    taken = bytearray(len(text))
    for one in found:
        free = _free(one, taken)
        for start, end in free:
            kept.append(Suspect(start, end, one.kind))
            taken[start:end] = b"\x01" * (end - start)
    return _joined(text, sorted(kept))


def replace(
    text: str, suspects: Iterable[Suspect]
) -> tuple[str, Callable[[int, int], tuple[int, int] | None]]:
    """The text with placeholders, and where a span of the old text stands in the new one.

    A span that a placeholder cuts in two is widened to the placeholder; one that lies within it is gone
    (None). Suspects must not overlap. Raises ValueError where they do or leave the text.
    """
    ordered = sorted(suspects)
    parts: list[str] = []
    moves: list[tuple[int, int, int, int]] = []
    reached, length = 0, 0
    for one in ordered:
        if not reached <= one.start < one.end <= len(text):
            raise ValueError("Suspects overlap or leave the text.")
        parts += [text[reached : one.start], one.kind.placeholder]
        at = length + one.start - reached
        length = at + len(one.kind.placeholder)
        moves.append((one.start, one.end, at, length))
        reached = one.end
    parts.append(text[reached:])
    return "".join(parts), lambda start, end: _moved(moves, start, end)


def _moved(moves: Sequence[tuple[int, int, int, int]], start: int, end: int) -> tuple[int, int] | None:
    first = bisect_right(moves, start, key=lambda move: move[0]) - 1
    last = bisect_left(moves, end, key=lambda move: move[0]) - 1
    new_start, new_end = start, end
    if first >= 0:
        _, old_end, at, after = moves[first]
        if end <= old_end:
            return None
        new_start = at if start < old_end else start + after - old_end
    if last >= 0:
        _, old_end, _, after = moves[last]
        new_end = after if end < old_end else end + after - old_end
    return new_start, new_end


def _free(one: Suspect, taken: bytearray) -> list[tuple[int, int]]:
    """What of the suspect is not taken yet: all of it, the rest of a name, or nothing."""
    inside = taken[one.start : one.end]
    if not any(inside):
        return [(one.start, one.end)]
    if one.kind is not Kind.NAME or all(inside):
        return []
    start = one.start
    while taken[start]:
        start += 1
    end = one.end
    while taken[end - 1]:
        end -= 1
    return [(start, end)] if not any(taken[start:end]) else []


def _joined(text: str, ordered: Sequence[Suspect]) -> list[Suspect]:
    joined: list[Suspect] = []
    for one in ordered:
        last = joined[-1] if joined else None
        between = text[last.end : one.start] if last else ""
        if last and last.kind is one.kind is Kind.NAME and between in {" ", ". ", ", ", "-", ".", ""}:
            joined[-1] = Suspect(last.start, one.end, Kind.NAME)
        else:
            joined.append(one)
    return joined
