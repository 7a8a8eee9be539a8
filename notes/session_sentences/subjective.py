"""S: what the patient entered and wrote since the last note."""

from collections.abc import Iterator

from notes.session_sentences.facts import AlertFact, MessageFact, PainFact, SessionFacts
from notes.session_sentences.sentence import MOST_LINKS, Basis, Sentence, blank, counted, ended, quoted

MOST_MESSAGES, MOST_ALERTS = 2, 2
MOMENTS = {"before": "before", "after": "after", "stop": "when stopping"}
MOMENT_WORDS = {
    "before": "before exercise",
    "after": "after exercise",
    "next_morning": "the next morning",
    "stop": "when stopping",
    "questions": "in a questionnaire",
}


def subjective(facts: SessionFacts) -> Iterator[Sentence]:
    """Pain entries, messages, stops and alerts; then room for what was said in the visit."""
    yield _pain_of_session(facts)
    yield from _pain_since(facts)
    yield from (_message(one) for one in facts.messages[:MOST_MESSAGES])
    further = facts.messages[MOST_MESSAGES:]
    if further:
        words = f"{counted(len(further), 'further message')} from the patient since {facts.since}."
        yield Sentence(words, tuple(_message_basis(one) for one in further[:1]))
    yield from _alerts(facts)
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


def _pain_since(facts: SessionFacts) -> Iterator[Sentence]:
    """The other entries since the last note on one line: those of sessions, and the last next morning."""
    others = [one for one in facts.pain if not one.is_of_session and one.moment != "next_morning"]
    mornings = [one for one in facts.pain if one.moment == "next_morning"]
    parts, bases = [], []
    if others:
        most = max(others, key=lambda one: one.value)
        parts.append(_earlier(others, most))
        bases.append(pain_basis(most))
    if mornings:
        last = mornings[-1]
        parts.append(f"{'' if others else 'pain '}{last.value}/10 the next morning, {last.day}")
        bases.append(Basis("pain", f"pain {last.value} the next morning, {last.day}", last.ref))
    if parts:
        yield Sentence(f"Since {facts.since}: {'; '.join(parts)}.", tuple(bases))


def _earlier(others: list[PainFact], most: PainFact) -> str:
    """ "pain up to 4/10 in 3 earlier entries, the most after exercise on 3 May"."""
    when = f"{MOMENT_WORDS.get(most.moment, '')} on {most.day}".strip()
    if len(others) == 1:
        return f"pain {most.value}/10 {when}"
    return f"pain up to {most.value}/10 in {len(others)} earlier entries, the most {when}"


def _message(one: MessageFact) -> Sentence:
    return Sentence(f"The patient wrote on {one.day}: {quoted(one.body)}", (_message_basis(one),))


def _message_basis(one: MessageFact) -> Basis:
    return Basis("message", f"the patient's message, {one.day}", one.ref)


def _alerts(facts: SessionFacts) -> Iterator[Sentence]:
    """The open ones before the others, two in words; the rest are counted, and how many of them are open."""
    ordered = sorted(facts.alerts, key=lambda one: not one.is_open)
    yield from (_alert(one) for one in ordered[:MOST_ALERTS])
    if others := ordered[MOST_ALERTS:]:
        unseen = sum(one.is_open for one in others)
        still = f", {unseen} of them open" if unseen else ""
        words = f"{counted(len(others), 'further alert')} since {facts.since}{still}."
        yield Sentence(words, tuple(_alert_basis(one) for one in others[:MOST_LINKS]))


def _alert(one: AlertFact) -> Sentence:
    outcome = f", {ended(quoted(one.outcome))}" if one.outcome else "."
    words = f"Alert on {one.day}: {one.headline} ({one.state.lower()}){outcome}"
    return Sentence(words, (_alert_basis(one),))


def _alert_basis(one: AlertFact) -> Basis:
    return Basis("alert", f"the alert, {one.day}", one.ref)
