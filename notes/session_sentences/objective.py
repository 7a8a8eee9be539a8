"""O: what was done, how it was judged, and what was measured."""

from collections import Counter
from collections.abc import Iterator

from notes.session_sentences.facts import (
    CORRECT,
    MILD,
    NOT_SCORED,
    SIGNIFICANT,
    ExerciseFact,
    RepetitionFact,
    SessionFacts,
    TestFact,
)
from notes.session_sentences.sentence import (
    Basis,
    Sentence,
    blank,
    counted,
    ended,
    lowered,
    percent,
    quoted,
    whole,
)

WAYS = {
    "camera": "scored by camera",
    "sample": "a sample of generated motion",
    "video": "scored from an uploaded film",
    "tap": "counted by tapping, not scored",
    "sensor": "measured by a phone or sensor",
}
SIMULATED = "Simulated: the motion was generated, it is not a person's."
RANK = {SIGNIFICANT: 2, MILD: 1}


def objective(facts: SessionFacts) -> Iterator[Sentence]:
    """The session, each exercise, tests, movement over time and adherence; then room for the visit."""
    yield _sitting(facts)
    for one in facts.exercises:
        yield from exercise(one, facts)
    yield from (_test(one) for one in facts.tests)
    for trend in facts.trends:
        words = f"{trend.sentence} {'(simulated)' if trend.simulated else ''}".rstrip()
        yield Sentence(words, (Basis("trend", "movement over time"),))
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
    """What was done of one exercise, how it was judged, the commonest finding, and the range reached."""
    yield _done(one, facts)
    if one.scored:
        yield _shares(one, facts)
    yield from _not_scored(one, facts)
    yield from _commonest(one, facts)
    yield from _range(one, facts)


def _set_basis(one: ExerciseFact, facts: SessionFacts) -> tuple[Basis, ...]:
    first = (one.done or one.sets)[0]
    return (Basis("set", f"{lowered(one.label)}, set {first.number}", first.ref, facts.sitting.ref),)


def _done(one: ExerciseFact, facts: SessionFacts) -> Sentence:
    """ "Squat: 2 of 2 sets, 16 of 20 repetitions." """
    sets = f"{len(one.done)} of {counted(len(one.sets), 'set')}"
    count = sum(each.count for each in one.done)
    targets = [each.target for each in one.sets if each.target]
    done = f"{count} of {sum(targets)} repetitions" if targets else counted(count, "repetition")
    holds = {each.hold_s for each in one.sets if each.hold_s}
    hold = f", prescribed hold {min(holds)} s" if len(holds) == 1 else ""
    words = f"{one.label}: {sets}, {done}{hold}."
    if any(each.counted_by == "tap" for each in one.done):
        words = f"{words} Counted by tapping: nothing was recorded, so form was not judged."
    return Sentence(words, _set_basis(one, facts))


def _shares(one: ExerciseFact, facts: SessionFacts) -> Sentence:
    """How many repetitions were scored, and as what."""
    total, counts = len(one.scored), Counter(each.classification for each in one.scored)
    shares = (
        f"{counts[CORRECT]} correct ({percent(counts[CORRECT], total)}), "
        f"{counts[MILD]} mild ({percent(counts[MILD], total)}) and {counts[SIGNIFICANT]} significant "
        f"({percent(counts[SIGNIFICANT], total)}) compensation"
    )
    words = f"{one.label}: {total} of {counted(len(one.repetitions), 'repetition')} scored: {shares}."
    return Sentence(words, _set_basis(one, facts))


def _not_scored(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """Why repetitions, or whole sets, were not scored."""
    unseen = [each for each in one.repetitions if each.classification == NOT_SCORED]
    if unseen:
        reason, _ = Counter(each.reason for each in unseen).most_common(1)[0]
        example = next(each for each in unseen if each.reason == reason)
        why = quoted(ended(reason)) if reason else "no reason is stored."
        words = f"{one.label}: {counted(len(unseen), 'repetition')} not scored: {why}"
        yield Sentence(words, (repetition_basis(one, example, facts),))
    for each in one.done:
        if not each.repetitions and each.counted_by != "tap":
            reasons = " ".join(quoted(ended(reason)) for reason in each.reasons) or "No repetition was found."
            basis = Basis("set", f"{lowered(one.label)}, set {each.number}", each.ref, facts.sitting.ref)
            yield Sentence(f"{one.label}, set {each.number}: not scored. {reasons}", (basis,))


def _commonest(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """The finding seen in most repetitions, with the clearest of them as its example."""
    seen: Counter[str] = Counter()
    for each in one.scored:
        seen.update({finding.code for finding in each.findings})
    if not seen:
        return
    code, count = max(seen.items(), key=lambda pair: (pair[1], pair[0]))
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


def _range(one: ExerciseFact, facts: SessionFacts) -> Iterator[Sentence]:
    """The peaks of the scored repetitions, and the one that went farthest."""
    measured = [(each.peak_deg, each) for each in one.scored if each.peak_deg is not None]
    if not measured or not one.quantity:
        return
    peaks = [peak for peak, _ in measured]
    farthest = (min if one.stretches else max)(measured, key=lambda pair: pair[0])
    low, high = whole(min(peaks)), whole(max(peaks))
    values = f"{high}°" if low == high else f"{low}° to {high}°"
    count = counted(len(measured), "scored repetition")
    words = (
        f"{one.label}: {lowered(one.quantity)} {values} at the peak of {count}, farthest "
        f"{whole(farthest[0])}° (set {farthest[1].set_number}, repetition {farthest[1].index})"
    )
    source = "; estimated from the hips' height" if one.is_estimate else ", by camera"
    if any(each.counted_by == "sensor" for each in one.done):
        source = ", by sensor"
    yield Sentence(f"{words}{source}.", (repetition_basis(one, farthest[1], facts),))


def repetition_basis(one: ExerciseFact, each: RepetitionFact, facts: SessionFacts) -> Basis:
    """Opens exactly this repetition."""
    words = f"{lowered(one.label)}, set {each.set_number}, repetition {each.index}"
    return Basis("repetition", words, each.ref, facts.sitting.ref)


def _test(one: TestFact) -> Sentence:
    told = f"no value is given. {ended(one.withheld)}" if one.withheld else ended(one.words)
    words = f"{one.name} on {one.day}: {told}{' Simulated.' if one.simulated else ''}"
    return Sentence(words, (Basis("test", f"{lowered(one.name)}, {one.day}", one.ref),))


def _adherence(facts: SessionFacts) -> Sentence:
    one = facts.adherence
    if one is None:
        raise ValueError("without adherence nothing can be said of it")
    planned = (
        f"; the plan asks for {counted(one.planned_per_week, 'day')} a week" if one.planned_per_week else ""
    )
    words = f"Exercised on {one.days_done} of {counted(one.days, 'day')} since {one.since}{planned}."
    return Sentence(words, (Basis("session", "the patient's sessions"),))
