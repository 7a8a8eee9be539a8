"""A: what changed, which rules were hit, and what is not known. No diagnosis, no prognosis, no cause."""

from collections import Counter
from collections.abc import Iterator

from notes.session_sentences.facts import CORRECT, NOT_SCORED, PreviousFact, SessionFacts
from notes.session_sentences.sentence import (
    Basis,
    Sentence,
    blank,
    counted,
    ended,
    lowered,
    percent,
    quoted,
)
from notes.session_sentences.subjective import pain_basis


def assessment(facts: SessionFacts) -> Iterator[Sentence]:
    """Cautious comparisons; the judgement is left blank."""
    if facts.previous:
        yield _change(facts, facts.previous)
    yield from _pain_rule(facts)
    yield from _unknown(facts)
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
        parts.append(f"pain afterwards {before.pain_after}/10 then, {pain.value}/10 now")
    words = f"Beside the session of {before.day}: {'; '.join(part for part in parts if part)}"
    bases = (
        Basis("session", f"the session of {before.day}", before.ref),
        Basis("session", f"the session of {facts.sitting.day}", facts.sitting.ref),
    )
    return Sentence(f"{words}. What it means is for the therapist to say.", bases)


def _form(now: tuple[int, int], then: tuple[int, int]) -> str:
    if not now[0] or not then[0]:
        return "form cannot be compared, one of the two was not scored"
    before = (
        f"{then[1]} of {counted(then[0], 'scored repetition')} correct then ({percent(then[1], then[0])})"
    )
    return f"{before}, {now[1]} of {now[0]} now ({percent(now[1], now[0])})"


def _pain_rule(facts: SessionFacts) -> Iterator[Sentence]:
    """Which entries broke the clinic's pain rule."""
    broken = [one for one in facts.pain if one.broken_rule]
    if broken:
        for one in broken[-3:]:
            yield Sentence(f"Pain rule, {one.day}: {ended(lowered(one.broken_rule))}", (pain_basis(one),))
    elif facts.pain:
        newest = facts.pain[-1]
        yield Sentence(
            f"Pain rule: no entry since {facts.since} is over 5/10 or settled late the next morning.",
            (pain_basis(newest),),
        )


def _unknown(facts: SessionFacts) -> Iterator[Sentence]:
    """What the record cannot say about form."""
    unseen = [one for one in facts.repetitions if one.classification == NOT_SCORED]
    basis = (Basis("session", f"the session of {facts.sitting.day}", facts.sitting.ref),)
    if unseen:
        reason, _ = Counter(one.reason for one in unseen).most_common(1)[0]
        why = f": {quoted(ended(reason))}" if reason else "."
        share = f"{len(unseen)} of {counted(len(facts.repetitions), 'repetition')}"
        yield Sentence(f"Nothing is known of the form of {share}{why}", basis)
    tapped = [one for one in facts.exercises if any(each.counted_by == "tap" for each in one.done)]
    if tapped:
        names = ", ".join(lowered(one.label) for one in tapped)
        yield Sentence(f"Nothing is known of the form of {names}: counted by tapping.", basis)
    for name, caution in {one.name: one.caution for one in facts.exercises if one.caution}.items():
        yield Sentence(f"How far the scoring of {lowered(name)} was tried: {ended(lowered(caution))}", basis)
