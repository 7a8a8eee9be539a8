"""Annotated texts for the tests of the evaluation: short ones, and any that hypothesis thinks of."""

from itertools import pairwise

from hypothesis import strategies as st

from notes.clini_note_extractor import ASSERTED, Assertion, Entity, Label, Note, Span

TEXT = "Left knee arthritis. No stroke. Gait training."


def entity(start: int, end: int, label: str, assertion: str = "present") -> Entity:
    """An entity in few words."""
    return Entity(Span(start, end), Label(label), Assertion(assertion))


@st.composite
def apart(draw: st.DrawFn, *, length: int = 40, most: int = 9) -> list[Entity]:
    """Entities that do not overlap, any labels, over `length` characters."""
    borders = sorted(draw(st.lists(st.integers(0, length), max_size=2 * most, unique=True)))
    spans = list(pairwise(borders))
    kept = [span for span in spans if draw(st.booleans())]
    return [entity(start, end, *draw(named)) for start, end in kept]


@st.composite
def _named(draw: st.DrawFn) -> tuple[str, str]:
    label = draw(st.sampled_from(list(Label)[:4]))
    assertion = draw(st.sampled_from(list(Assertion))) if label in ASSERTED else Assertion.PRESENT
    return label.value, assertion.value


named = _named()
PIECES = ["knee", "L4-L5", "0–105°", " ", "  ", "\n", "\t", "\r\n", "\u2028", "😀", "\u200f", "é", "e\u0301",
          "_", "#", "# ", "5/5", "␣", '"', "\\", "\x00", "\x1f", "."]  # fmt: skip
texts = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=20).map("".join))


@st.composite
def notes(draw: st.DrawFn, *, most: int = 3) -> list[Note]:
    """Notes with ids that differ, any text, and entities anywhere in it."""
    ids = draw(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=most, unique=True))
    made = []
    for one in ids:
        text = draw(texts)
        made.append(Note(one, text, tuple(draw(apart(length=len(text))))))
    return made
