"""P: the plan in force, and who changed what since the last note."""

from collections.abc import Iterator

from notes.session_sentences.facts import ChangeFact, PlanFact, SessionFacts
from notes.session_sentences.sentence import Basis, Sentence, blank, ended


def plan(facts: SessionFacts) -> Iterator[Sentence]:
    """Each exercise with its dose, each change; then room for what is decided today."""
    if facts.plan:
        yield from _lines(facts.plan)
    else:
        yield Sentence("There is no plan in force.", (Basis("plan", "the patient's plan"),))
    yield from (_change(one) for one in facts.changes)
    if facts.plan and not facts.changes:
        basis = Basis("plan", "the plan's history", facts.plan.ref)
        yield Sentence(f"No dose was changed since {facts.since}.", (basis,))
    yield blank("Changes today")
    yield blank("Next visit")


def _lines(one: PlanFact) -> Iterator[Sentence]:
    basis = Basis("plan", f"the plan of {one.since}", one.ref)
    yield Sentence(f"Home programme in force since {one.since}, written by {one.by}:", (basis,))
    for ref, name, dose in one.lines:
        yield Sentence(f"{name}: {dose}.", (Basis("plan", f"the plan, {name.lower()}", ref),))


def _change(one: ChangeFact) -> Sentence:
    reason = f" Reason: {ended(one.reason)}" if one.reason else ""
    words = f"{one.by} changed {one.name.lower()} on {one.day} from {one.before} to {one.after}.{reason}"
    return Sentence(words, (Basis("plan", f"dose change, {one.day}", one.ref),))
