"""P: the plan in force, and who changed what since the last note."""

from collections.abc import Iterator

from notes.session_sentences.facts import ChangeFact, PlanFact, SessionFacts
from notes.session_sentences.sentence import Basis, Sentence, blank, ended, lowered


def plan(facts: SessionFacts) -> Iterator[Sentence]:
    """The programme with its doses, each change; then room for what is decided today."""
    if facts.plan:
        yield _programme(facts.plan, "" if facts.changes else f" No dose changed since {facts.since}.")
    else:
        yield Sentence("There is no plan in force.", (Basis("plan", "the patient's plan"),))
    yield from (_change(one) for one in facts.changes)
    yield blank("Changes today")
    yield blank("Next visit")


def _programme(one: PlanFact, unchanged: str) -> Sentence:
    doses = "; ".join(f"{lowered(name)}, {dose}" for _, name, dose in one.lines)
    bases = [Basis("plan", f"the plan, {lowered(name)}", ref) for ref, name, _ in one.lines]
    whole = Basis("plan", f"the plan of {one.since}", one.ref)
    words = f"Home programme since {one.since}, written by {one.by}{f': {doses}' if doses else ''}."
    return Sentence(f"{words}{unchanged}", (whole, *bases))


def _change(one: ChangeFact) -> Sentence:
    reason = f" Reason: {ended(one.reason)}" if one.reason else ""
    words = f"{one.by} changed {lowered(one.name)} on {one.day} from {one.before} to {one.after}.{reason}"
    return Sentence(words, (Basis("plan", f"dose change, {one.day}", one.ref),))
