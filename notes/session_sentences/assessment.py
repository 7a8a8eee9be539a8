"""A: what changed, which rules were hit, and what is not known. No diagnosis, no prognosis, no cause."""

from collections.abc import Iterator

from notes.session_sentences.facts import CORRECT, PreviousFact, SessionFacts
from notes.session_sentences.sentence import Basis, Sentence, blank, counted, ended, listed, lowered
from notes.session_sentences.subjective import pain_basis

MOST_BROKEN = 3


def assessment(facts: SessionFacts) -> Iterator[Sentence]:
    """Cautious comparisons; the judgement is left blank."""
    if facts.previous:
        yield _change(facts, facts.previous)
    yield from _pain_rule(facts)
    yield from _unproven(facts)
    if facts.hold_since:
        yield Sentence(
            f"All exercise is on hold since {facts.hold_since}.",
            (Basis("alert", "the alert behind the hold", facts.hold_alert_ref),),
        )
    yield blank("Assessment")


def _change(facts: SessionFacts, before: PreviousFact) -> Sentence:
    """This session beside the one before, without a cause."""
    now = len(facts.scored), sum(one.classification == CORRECT for one in facts.scored)
    parts = [_form(now, (before.scored, before.correct))]
    pain = facts.session_pain.get("after") or facts.session_pain.get("stop")
    if pain and before.pain_after is not None:
        parts.append(f"pain afterwards {_moved(pain.value - before.pain_after)}")
    bases = (
        Basis("session", f"the session of {before.day}", before.ref),
        Basis("session", f"the session of {facts.sitting.day}", facts.sitting.ref),
    )
    return Sentence(f"Since the session of {before.day}: {'; '.join(parts)}.", bases)


def _moved(points: int) -> str:
    """The difference only: the values are said under S, and one of then is not to be read as one of now."""
    if not points:
        return "the same"
    return f"{counted(abs(points), 'point')} {'higher' if points > 0 else 'lower'}"


def _form(now: tuple[int, int], then: tuple[int, int]) -> str:
    if not now[0] or not then[0]:
        return "form cannot be compared, one of the two was not scored"
    return (
        f"{then[1]} of {counted(then[0], 'scored repetition')} correct then, {now[1]} of {now[0]} correct now"
    )


def _pain_rule(facts: SessionFacts) -> Iterator[Sentence]:
    """Whether entries broke the clinic's pain rule; the last of them in words."""
    broken = [one for one in facts.pain if one.broken_rule]
    if broken:
        last = broken[-1]
        times = "" if len(broken) == 1 else f" {len(broken)} times since {facts.since}, last"
        words = f"Pain rule broken{times} on {last.day}: {ended(lowered(last.broken_rule))}"
        yield Sentence(words, tuple(pain_basis(one) for one in reversed(broken[-MOST_BROKEN:])))
    elif facts.pain:
        yield Sentence(f"Pain rule kept since {facts.since}.", (pain_basis(facts.pain[-1]),))


def _unproven(facts: SessionFacts) -> Iterator[Sentence]:
    """For which scored exercises something must be said of the scoring; the library has its words."""
    names = dict.fromkeys(lowered(one.name) for one in facts.exercises if one.caution and one.scored)
    if names:
        basis = Basis("session", f"the session of {facts.sitting.day}", facts.sitting.ref)
        yield Sentence(f"The scoring of {listed(list(names))} is not proven in patients.", (basis,))
