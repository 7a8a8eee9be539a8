"""Where two annotators agree and where they differ: what the third one decides."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from notes.annotating.spans import Marked


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of text that the two marked differently; either side may be empty."""

    start: int
    end: int
    a: tuple[Marked, ...]
    b: tuple[Marked, ...]

    @property
    def kind(self) -> str:
        """ "only_a", "only_b", "label", "assertion" or "borders"."""
        if not self.a or not self.b:
            return "only_a" if self.a else "only_b"
        places = [[(one.start, one.end) for one in side] for side in (self.a, self.b)]
        if places[0] != places[1]:
            return "borders"
        labels = [[one.label for one in side] for side in (self.a, self.b)]
        return "label" if labels[0] != labels[1] else "assertion"


def compare(a: Sequence[Marked], b: Sequence[Marked]) -> tuple[list[Marked], list[Difference]]:
    """What both marked alike (place, label and assertion), and the stretches that differ, in reading order.

    Spans of one annotator do not overlap. Overlapping spans of the two are one difference.
    """
    same = {one.key for one in a} & {one.key for one in b}
    agreed = sorted((one for one in a if one.key in same), key=lambda one: one.start)
    rest = [(one, "a") for one in a if one.key not in same] + [(one, "b") for one in b if one.key not in same]
    rest.sort(key=lambda pair: (pair[0].start, pair[0].end))
    groups: list[list[tuple[Marked, str]]] = []
    reached = -1
    for pair in rest:
        if pair[0].start < reached:
            groups[-1].append(pair)
        else:
            groups.append([pair])
        reached = max(reached, pair[0].end)
    return agreed, [_difference(group) for group in groups]


def b_comes_first(document_ref: object) -> bool:
    """Whether the later annotator is shown as A: a fixed coin, so that the order tells nobody who it was."""
    return hashlib.sha256(str(document_ref).encode()).digest()[0] % 2 == 1


def _difference(group: list[tuple[Marked, str]]) -> Difference:
    return Difference(
        min(one.start for one, _ in group),
        max(one.end for one, _ in group),
        tuple(one for one, side in group if side == "a"),
        tuple(one for one, side in group if side == "b"),
    )
