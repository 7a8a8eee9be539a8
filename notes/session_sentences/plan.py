"""P: the plan in force, and who changed what since the last note."""

from collections.abc import Iterator

from notes.session_sentences.facts import ChangeFact, PlanFact, SessionFacts
from notes.session_sentences.sentence import MOST_LINKS, Basis, Sentence, blank, ended, listed, lowered

MOST_CHANGED = 3


def plan(facts: SessionFacts) -> Iterator[Sentence]:
    """The programme with its doses, each change; then room for what is decided today."""
    if facts.plan:
        yield _programme(facts.plan, "" if facts.changes else f" No dose changed since {facts.since}.")
    else:
        yield Sentence("There is no plan in force.", (Basis("plan", "the patient's plan"),))
    yield from _changes(facts)
    yield blank("Changes today")
    yield blank("Next visit")


def _programme(one: PlanFact, unchanged: str) -> Sentence:
    doses = "; ".join(f"{lowered(name)}, {dose}" for _, name, dose in one.lines)
    bases = [Basis("plan", f"the plan, {lowered(name)}", ref) for ref, name, _ in one.lines]
    whole = Basis("plan", f"the plan of {one.since}", one.ref)
    words = f"Home programme since {one.since}, written by {one.by}{f': {doses}' if doses else ''}."
    return Sentence(f"{words}{unchanged}", (whole, *bases))


def _changes(facts: SessionFacts) -> Iterator[Sentence]:
    """One line for each exercise whose dose was changed, the latest first; the rest on one line."""
    by_name: dict[str, list[ChangeFact]] = {}
    for one in facts.changes:
        by_name.setdefault(one.name, []).append(one)
    changed = list(by_name.values())
    yield from (_change(group, facts.since) for group in changed[:MOST_CHANGED])
    if further := [group[0] for group in changed[MOST_CHANGED:]]:
        words = f"Doses changed too since {facts.since}: {listed([lowered(one.name) for one in further])}."
        yield Sentence(words, tuple(_basis(one) for one in further[:MOST_LINKS]))


def _change(changes: list[ChangeFact], since: str) -> Sentence:
    """The last of an exercise's changes in full, newest first, and how many there were."""
    last = changes[0]
    reason = f" Reason: {ended(last.reason)}" if last.reason else ""
    change = f"{last.by} changed {lowered(last.name)} on {last.day} from {last.before} to {last.after}."
    times = f" It was changed {len(changes)} times since {since}." if len(changes) > 1 else ""
    return Sentence(f"{change}{reason}{times}", tuple(_basis(one) for one in changes[:MOST_LINKS]))


def _basis(one: ChangeFact) -> Basis:
    return Basis("plan", f"dose change, {one.day}", one.ref)
