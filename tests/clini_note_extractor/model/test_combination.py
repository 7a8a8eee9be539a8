"""How rules and model are made one: agreement, doubt and disagreement, by hand and on anything."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from notes.clini_note_extractor import Label, Span
from notes.clini_note_extractor.combination import NEVER, Mention, Policy, combine

POLICIES = dict.fromkeys(Label, Policy(alone=0.6, against=0.8, veto=0.1)) | {
    Label.ROM: Policy(alone=NEVER, against=NEVER, veto=0.0)
}


def mention(start: int, end: int, label: str, probability: float) -> Mention:
    return Mention(Span(start, end), Label(label), probability)


def test_agreement_is_kept_however_unsure() -> None:
    same = mention(0, 4, "DIAGNOSIS", 0.01)
    assert combine([same], [same], POLICIES) == [same]


def test_the_model_alone_must_be_sure() -> None:
    assert combine([], [mention(0, 4, "DIAGNOSIS", 0.59)], POLICIES) == []
    sure = mention(0, 4, "DIAGNOSIS", 0.6)
    assert combine([], [sure], POLICIES) == [sure]
    assert combine([], [mention(0, 4, "ROM", 1.0)], POLICIES) == []


def test_the_model_may_forbid_what_rules_alone_have() -> None:
    kept = mention(0, 4, "DIAGNOSIS", 0.1)
    assert combine([kept], [], POLICIES) == [kept]
    assert combine([mention(0, 4, "DIAGNOSIS", 0.09)], [], POLICIES) == []
    number = mention(0, 4, "ROM", 0.0)
    assert combine([number], [], POLICIES) == [number]


def test_a_surer_model_moves_the_borders() -> None:
    rules = [mention(5, 9, "DIAGNOSIS", 0.2)]
    unsure, sure = mention(0, 9, "DIAGNOSIS", 0.79), mention(0, 9, "DIAGNOSIS", 0.8)
    assert combine(rules, [unsure], POLICIES) == rules
    assert combine(rules, [sure], POLICIES) == [sure]


def test_one_unsure_part_leaves_all_to_the_rules() -> None:
    rules = [mention(0, 20, "OUTCOME_MEASURE", 0.2)]
    parts = [mention(0, 8, "DIAGNOSIS", 0.95), mention(13, 20, "BODY_REGION", 0.5)]
    assert combine(rules, parts, POLICIES) == rules
    parts[1] = mention(13, 20, "BODY_REGION", 0.9)
    assert combine(rules, parts, POLICIES) == parts


def test_other_places_are_decided_apart() -> None:
    rules = [mention(0, 4, "LATERALITY", 0.9), mention(40, 44, "ROM", 0.2)]
    model = [mention(0, 4, "LATERALITY", 0.9), mention(10, 14, "SURGERY", 0.7)]
    assert combine(rules, model, POLICIES) == [rules[0], model[1], rules[1]]


def mentions(draw_from: list[tuple[int, int, str, float]]) -> list[Mention]:
    """Those that do not overlap one taken before."""
    taken: list[Mention] = []
    for start, length, label, probability in draw_from:
        one = mention(start, start + length, label, probability)
        if not any(one.span.overlaps(other.span) for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.span)


drawn = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 9), st.sampled_from(list(Label)), st.floats(0, 1)),
    max_size=15,
).map(mentions)


@given(drawn, drawn)
def test_nothing_overlaps_and_nothing_is_invented(rules: list[Mention], model: list[Mention]) -> None:
    kept = combine(rules, model)
    assert all(left.span.end <= right.span.start for left, right in pairwise(kept))
    assert all(one in rules or one in model for one in kept)
    same = [one for one in rules if one in model]
    others = [one.span for one in [*rules, *model] if one not in same]
    for one in same:
        if not any(one.span.overlaps(other) for other in others):
            assert one in kept


def test_a_name_that_rules_found_whole_is_not_cut_up() -> None:
    whole = [mention(0, 30, "DIAGNOSIS", 0.1)]
    assert (
        combine(whole, [mention(0, 10, "DIAGNOSIS", 0.99), mention(20, 30, "LATERALITY", 0.99)], POLICIES)
        == whole
    )
    region = [mention(0, 10, "BODY_REGION", 0.1)]
    inner = [mention(3, 10, "BODY_REGION", 0.99)]
    assert combine(region, inner, POLICIES) == inner


def test_a_value_keeps_its_unit_and_its_range() -> None:
    whole = [mention(0, 8, "ROM", 0.1)]
    assert combine(whole, [mention(0, 4, "ROM", 0.99)], dict.fromkeys(Label, Policy(0.5, 0.5, 0.0))) == whole
    other = [mention(0, 4, "PAIN_LEVEL", 0.99)]
    assert combine(whole, other, dict.fromkeys(Label, Policy(0.5, 0.5, 0.0))) == other


def test_two_names_are_not_joined_and_not_renamed() -> None:
    pair = [mention(0, 8, "SURGERY", 0.1), mention(13, 20, "SURGERY", 0.1)]
    assert combine(pair, [mention(0, 20, "SURGERY", 0.99)], POLICIES) == pair
    operation = [mention(0, 12, "SURGERY", 0.1)]
    assert combine(operation, [mention(0, 12, "DIAGNOSIS", 0.99)], POLICIES) == operation
