"""Where a marked stretch lies after its text was changed. Pure functions; offsets are code points."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """`start` to `old_end` of the old text became `start` to `new_end` of the new one."""

    start: int
    old_end: int
    new_end: int

    @property
    def growth(self) -> int:
        """How many characters the text became longer."""
        return self.new_end - self.old_end


def edit_between(old: str, new: str) -> Edit | None:
    """The one stretch in which two texts differ; None when they are the same."""
    if old == new:
        return None
    most = min(len(old), len(new))
    start = _shared(old, new, most)
    tail = _shared(_backwards(old, start), _backwards(new, start), most - start)
    return Edit(start, len(old) - tail, len(new) - tail)


def moved(start: int, end: int, edit: Edit) -> tuple[int, int] | None:
    """The stretch after the edit. What was typed inside belongs to it; what crosses its border ends it."""
    if end <= edit.start:
        return start, end
    if start >= edit.old_end:
        return start + edit.growth, end + edit.growth
    if start < edit.start and edit.old_end < end:
        return start, end + edit.growth
    return None


def found_again(quote: str, old: str, new: str, edit: Edit) -> tuple[int, int] | None:
    """Words of the changed stretch that stand there once before and once after: as of two edits far apart."""
    before, after = old[edit.start : edit.old_end], new[edit.start : edit.new_end]
    if before.count(quote) != 1 or after.count(quote) != 1:
        return None
    start = edit.start + after.index(quote)
    return start, start + len(quote)


def _backwards(text: str, start: int) -> str:
    return text[start:][::-1]


def _shared(one: str, other: str, most: int) -> int:
    """How many of the first characters are the same; by halves, as a text of 200,000 is compared often."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
