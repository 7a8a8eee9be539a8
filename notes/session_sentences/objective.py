"""O: what was done, how it was judged, and what was measured."""

from collections import Counter
from collections.abc import Iterator, Sequence

from notes.session_sentences.facts import (
    CORRECT,
    MILD,
    NOT_SCORED,
    SIGNIFICANT,
    ExerciseFact,
    RepetitionFact,
    SessionFacts,
    SetFact,
    TestFact,
    TrendFact,
)
from notes.session_sentences.sentence import (
    Basis,
    Sentence,
    blank,
    counted,
    ended,
    listed,
    lowered,
    quoted,
    whole,
)

WAYS = {
    "camera": "scored by camera",
    "sample": "generated motion",
    "video": "scored from an uploaded film",
    "tap": "counted by tapping, not scored",
    "sensor": "measured by a phone or sensor",
}
SIMULATED = "Simulated: not a person's motion."
# What was seen once is in the counts above it; the review shows which repetition it was.
OFTEN = 2
RANK = {SIGNIFICANT: 2, MILD: 1}


def objective(facts: SessionFacts) -> Iterator[Sentence]:
    """The session, each exercise, tests, movement over time and adherence; then room for the visit."""
    yield _sitting(facts)
    for one in facts.exercises:
        yield from exercise(one, facts)
    yield from _tests(facts.tests)
    yield from _trends(facts.trends)
    if facts.adherence:
        yield _adherence(facts)
    yield blank("Measured in the visit")


def _sitting(facts: SessionFacts) -> Sentence:
    one = facts.sitting
    parts = [f"Exercise session on {one.day} at {one.time}"]
    if one.minutes is not None:
        parts.append(counted(one.minutes, "minute"))
    parts.append(WAYS.get(one.mode, one.mode))
    words = f"{', '.join(parts)}."
    if one.stop_reason:
        words = f"{words} Stopped early: {ended(lowered(one.stop_reason))}"
    if one.simulated:
        words = f"{words} {SIMULATED}"
    return Sentence(words, (Basis("session", f"the session of {one.day}", one.ref),))


def exercise(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """What was done of one exercise with its form and range, what was not scored, the commonest finding."""
    yield _done(one, facts)
    yield from _not_scored(one, facts)
    yield from _commonest(one, facts)


def _set_basis(one: ExerciseFact, facts: SessionFacts) -> tuple[Basis, ...]:
    first = (one.done or one.sets)[0]
    return (Basis("set", f"{lowered(one.label)}, set {first.number}", first.ref, facts.sitting.ref),)


def _done(one: ExerciseFact, facts: SessionFacts) -> Sentence:
    """ "Squat: 2 of 2 sets, 16 of 20 repetitions, all scored: 20 correct; farthest …." """
    sets = f"{len(one.done)} of {counted(len(one.sets), 'set')}"
    count = sum(each.count for each in one.done)
    targets = [each.target for each in one.sets if each.target]
    done = f"{count} of {sum(targets)} repetitions" if targets else counted(count, "repetition")
    holds = {each.hold_s for each in one.sets if each.hold_s}
    hold = f", prescribed hold {min(holds)} s" if len(holds) == 1 else ""
    farthest = _farthest(one)
    reached = f"; farthest {_reached(one, *farthest)}" if farthest else ""
    words = f"{one.label}: {sets}, {done}{hold}{_shares(one)}{reached}."
    if any(each.counted_by == "tap" for each in one.done):
        words = f"{words} Counted by tapping: nothing was recorded, so form was not judged."
    opened = (repetition_basis(one, farthest[1], facts),) if farthest else ()
    return Sentence(words, (*_set_basis(one, facts), *opened))


def _shares(one: ExerciseFact) -> str:
    """How many repetitions were scored, and as what; numbers alone, for a share looks like a test's score."""
    if not one.scored:
        return ""
    counts = Counter(each.classification for each in one.scored)
    scored = "all" if len(one.scored) == len(one.repetitions) else str(len(one.scored))
    kinds = (("correct", CORRECT), ("with mild", MILD), ("with significant", SIGNIFICANT))
    told = [f"{counts[kind]} {name}" for name, kind in kinds if counts[kind]]
    ending = " compensation" if counts[MILD] or counts[SIGNIFICANT] else ""
    return f", {scored} scored: {', '.join(told)}{ending}"


def _not_scored(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """Why repetitions, or whole sets, were not scored."""
    unseen = [each for each in one.repetitions if each.classification == NOT_SCORED]
    if unseen:
        reason, _ = Counter(each.reason for each in unseen).most_common(1)[0]
        example = next(each for each in unseen if each.reason == reason)
        why = quoted(ended(reason)) if reason else "no reason is stored."
        words = f"{one.label}: {counted(len(unseen), 'repetition')} not scored: {why}"
        yield Sentence(words, (repetition_basis(one, example, facts),))
    yield from _unscored_sets(one, facts)


def _unscored_sets(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """Whole sets without a scored repetition, those with the same reasons together."""
    by_reason: dict[tuple[str, ...], list[SetFact]] = {}
    for each in one.done:
        if not each.repetitions and each.counted_by != "tap":
            by_reason.setdefault(each.reasons, []).append(each)
    for reasons, sets in by_reason.items():
        why = " ".join(quoted(ended(reason)) for reason in reasons) or "No repetition was found."
        numbers = listed([str(each.number) for each in sets])
        bases = (
            Basis("set", f"{lowered(one.label)}, set {each.number}", each.ref, facts.sitting.ref)
            for each in sets
        )
        which = "set" if len(sets) == 1 else "sets"
        yield Sentence(f"{one.label}, {which} {numbers}: not scored. {why}", tuple(bases))


def _commonest(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """The finding seen in most repetitions, if in more than one, with the clearest of them as its example."""
    seen: Counter[str] = Counter()
    for each in one.scored:
        seen.update({finding.code for finding in each.findings})
    code, count = max(seen.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    if count < OFTEN:
        return
    shown = [each for each in one.scored if any(finding.code == code for finding in each.findings)]
    example = max(shown, key=lambda each: RANK.get(_severity(each, code), 0))
    said = next(finding.words for finding in example.findings if finding.code == code)
    words = (
        f"{one.label}, most often: {quoted(ended(said))} In {count} of "
        f"{counted(len(one.scored), 'scored repetition')}, such as set {example.set_number}, "
        f"repetition {example.index}."
    )
    yield Sentence(words, (repetition_basis(one, example, facts),))


def _severity(each: RepetitionFact, code: str) -> str:
    return max(
        (finding.severity for finding in each.findings if finding.code == code),
        key=lambda severity: RANK.get(severity, 0),
    )


def _farthest(one: ExerciseFact) -> tuple[float, RepetitionFact] | None:
    """The scored repetition that went farthest, with its peak in degrees."""
    measured = [(each.peak_deg, each) for each in one.scored if each.peak_deg is not None]
    if not measured or not one.quantity:
        return None
    return (min if one.stretches else max)(measured, key=lambda pair: pair[0])


def _reached(one: ExerciseFact, peak: float, each: RepetitionFact) -> str:
    """ "right shoulder abduction 171° (set 2, repetition 8), by camera"."""
    side = f"{one.side} " if one.side in ("left", "right") else ""
    source = "estimated by hip height" if one.is_estimate else "by camera"
    if any(done.counted_by == "sensor" for done in one.done):
        source = "by sensor"
    place = f"(set {each.set_number}, repetition {each.index})"
    return f"{side}{one.quantity} {whole(peak)}° {place}, {source}"


def repetition_basis(one: ExerciseFact, each: RepetitionFact, facts: SessionFacts) -> Basis:
    """Opens exactly this repetition."""
    words = f"{lowered(one.label)}, set {each.set_number}, repetition {each.index}"
    return Basis("repetition", words, each.ref, facts.sitting.ref)


def _trends(trends: Sequence[TrendFact]) -> Iterator[Sentence]:
    """What moved in a sentence of its own; the rest on one line."""
    basis = (Basis("trend", "movement over time"),)
    steady = [one for one in trends if one.steady]
    for one in trends:
        if not one.steady:
            yield Sentence(f"{one.sentence}{' (simulated)' if one.simulated else ''}", basis)
    if steady:
        simulated = " (simulated)" if any(one.simulated for one in steady) else ""
        told = ", ".join(one.steady for one in steady)
        yield Sentence(f"Since the start, within day-to-day or test error{simulated}: {told}.", basis)


def _tests(tests: Sequence[TestFact]) -> Iterator[Sentence]:
    """One line for each test: its last value, and those before it."""
    by_name: dict[str, list[TestFact]] = {}
    for one in tests:
        by_name.setdefault(one.name, []).append(one)
    for same in by_name.values():
        last, *before = same
        told = "; ".join(_told_before(one) for one in before)
        words = f"{_told(last)}{f' Before: {told}.' if told else ''}"
        bases = (Basis("test", f"{lowered(one.name)}, {one.day}", one.ref) for one in same)
        yield Sentence(words, tuple(bases))


def _told(one: TestFact) -> str:
    told = f"no value is given. {ended(one.withheld)}" if one.withheld else ended(one.words)
    return f"{one.name} on {one.day}: {told}{' Simulated.' if one.simulated else ''}"


def _told_before(one: TestFact) -> str:
    simulated = ", simulated" if one.simulated else ""
    return f"{'no value' if one.withheld else one.words} on {one.day}{simulated}"


def _adherence(facts: SessionFacts) -> Sentence:
    one = facts.adherence
    if one is None:
        raise ValueError("without adherence nothing can be said of it")
    planned = (
        f"; the plan asks for {counted(one.planned_per_week, 'day')} a week" if one.planned_per_week else ""
    )
    words = f"Exercised on {one.days_done} of {counted(one.days, 'day')} since {one.since}{planned}."
    return Sentence(words, (Basis("session", "the patient's sessions"),))
