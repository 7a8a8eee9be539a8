"""S: what the patient entered and wrote since the last note."""

from collections.abc import Iterator

from notes.session_sentences.facts import AlertFact, MessageFact, PainFact, SessionFacts
from notes.session_sentences.sentence import Basis, Sentence, blank, counted, ended, quoted

MOST_MORNINGS, MOST_MESSAGES = 3, 3
MOMENTS = {"before": "before", "after": "after", "stop": "when stopping"}
MOMENT_WORDS = {
    "before": "before exercise",
    "after": "after exercise",
    "next_morning": "the next morning",
    "stop": "when stopping",
}


def subjective(facts: SessionFacts) -> Iterator[Sentence]:
    """Pain entries, messages, stops and alerts; then room for what was said in the visit."""
    yield _pain_of_session(facts)
    yield from (_morning(one) for one in _mornings(facts)[:MOST_MORNINGS])
    yield from _other_pain(facts)
    yield from (_message(one) for one in facts.messages[:MOST_MESSAGES])
    further = facts.messages[MOST_MESSAGES:]
    if further:
        words = f"{counted(len(further), 'further message')} from the patient since {facts.since}."
        yield Sentence(words, tuple(_message_basis(one) for one in further[:1]))
    yield from (_alert(one) for one in facts.alerts)
    if not facts.messages and not facts.alerts:
        basis = Basis("message", "messages with the patient")
        yield Sentence(f"No message from the patient and no alert since {facts.since}.", (basis,))
    yield blank("Reported in the visit")


def _pain_of_session(facts: SessionFacts) -> Sentence:
    said = [(MOMENTS[moment], one) for moment, one in facts.session_pain.items() if moment in MOMENTS]
    if not said:
        return Sentence(
            f"No pain was entered for the session of {facts.sitting.day}.",
            (Basis("session", "the session", facts.sitting.ref),),
        )
    values = " and ".join(f"{one.value}/10 {moment}" for moment, one in said)
    words = f"Pain {values}{' exercise' if said[-1][0] != MOMENTS['stop'] else ''} on {facts.sitting.day}"
    bases = tuple(pain_basis(one) for _, one in said)
    return Sentence(f"{words}, entered by the patient.", bases)


def pain_basis(one: PainFact) -> Basis:
    """Where a pain entry is seen."""
    words = f"pain {one.value} {MOMENT_WORDS.get(one.moment, '')}, {one.day}".replace(" ,", ",")
    return Basis("pain", words, one.ref, one.session_ref)


def _mornings(facts: SessionFacts) -> list[PainFact]:
    """The next-morning entries, newest first."""
    return [one for one in reversed(facts.pain) if one.moment == "next_morning"]


def _morning(one: PainFact) -> Sentence:
    basis = Basis("pain", f"pain {one.value} the next morning, {one.day}", one.ref)
    return Sentence(f"Pain {one.value}/10 the next morning, {one.day}.", (basis,))


def _other_pain(facts: SessionFacts) -> Iterator[Sentence]:
    """The most pain of the other sessions since the last note."""
    others = [one for one in facts.pain if not one.is_of_session and one.moment != "next_morning"]
    if others:
        most = max(others, key=lambda one: one.value)
        least = min(one.value for one in others)
        values = f"{most.value}/10" if least == most.value else f"{least} to {most.value}/10"
        words = f"Pain {values} in {counted(len(others), 'entry', 'entries')} of earlier sessions"
        moment = MOMENT_WORDS.get(most.moment, "")
        yield Sentence(
            f"{words} since {facts.since}; the most, {most.value}/10, {moment} on {most.day}.",
            (pain_basis(most),),
        )


def _message(one: MessageFact) -> Sentence:
    return Sentence(f"The patient wrote on {one.day}: {quoted(one.body)}", (_message_basis(one),))


def _message_basis(one: MessageFact) -> Basis:
    return Basis("message", f"the patient's message, {one.day}", one.ref)


def _alert(one: AlertFact) -> Sentence:
    outcome = f", {ended(quoted(one.outcome))}" if one.outcome else "."
    words = f"Alert on {one.day}: {one.headline} ({one.state.lower()}){outcome}"
    return Sentence(words, (Basis("alert", f"the alert, {one.day}", one.ref),))
