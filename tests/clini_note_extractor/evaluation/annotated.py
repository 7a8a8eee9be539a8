"""Annotated texts for the tests of the evaluation: short ones, and any that hypothesis thinks of."""

from itertools import pairwise

from hypothesis import strategies as st

from notes.clini_note_extractor import ASSERTED, Assertion, Entity, Label, Span

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
