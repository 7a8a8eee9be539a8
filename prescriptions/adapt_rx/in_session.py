"""Between two sets: what is left of an exercise becomes easier, by bounded rules, and never harder.

The rules look at the set that was just done. They stay inside what the therapist allowed and never take more
than half of a set away; whether the plan changes is another question, which a therapist answers.

The learner has one say, and only where the rules alone would change nothing: after a set that was hard, a
patient whom load costs more than others (`learner.is_tender`) gets one small step less.

Sources: pain may reach its limit and not pass it (Silbernagel, Am J Sports Med 2007;35:897; Thomeé, Phys Ther
1997;77:1690), and in the band under it the load is held or lowered; effort on Borg's CR10 scale (Med Sci
Sports Exerc 1982;14:377), 10 being as hard as can be; repetitions are taken away rather than speed or range
(volume first: ACSM position stand, Med Sci Sports Exerc 2009;41:687). How much is a default of ours.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, isfinite, isnan

from patients.red_flags import PAIN_RULE
from prescriptions.adapt_rx.types import Bounds

VERSION = 3
TOO_HARD = 9
HARD = 7
# Pain of 4 and 5 under a limit of 5: "acceptable" by Silbernagel, and no reason to go on as before.
BAND_UNDER_LIMIT = 1
LEAST_SIGNIFICANT = 2
FORM_LOST = 0.5
MUCH_LEFT = 0.6
ONE_STEP, TWO_STEPS = 0.2, 0.4
MOST_TAKEN = 0.5
LEARNED = "learned_easier"


class Kind(StrEnum):
    """What happens to the sets that are left of an exercise."""

    KEEP = "keep"
    FEWER = "fewer"
    SHORTER_HOLD = "shorter_hold"
    SKIP = "skip_rest_of_exercise"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """Of the set just done; None when not known. Effort and pain 0 to 10, shares 0 to 1.

    `form_correct`: share of the scored repetitions in good form; `significant`: how many repetitions had a
    significant fault; `completed_share`: repetitions done of those asked.
    """

    effort: float | None = None
    pain: float | None = None
    form_correct: float | None = None
    significant: float | None = None
    completed_share: float | None = None


@dataclass(frozen=True, slots=True)
class SetDose:
    """What a set asks for; 0 s is no hold."""

    repetitions: int
    hold_s: int = 0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What becomes of the sets that are left: their dose, the rule's code, a sentence for the patient."""

    kind: Kind
    set_dose: SetDose
    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Fault:
    """One reason to make the next set easier, with how it is said."""

    code: str
    words: str


def pain_limit(bounds: Bounds) -> int:
    """The most pain allowed, 0 to 10: a therapist may lower the limit of every patient, not raise it."""
    return max(0, min(bounds.pain_limit, PAIN_RULE.limit))


def adjust_next_set(
    answer: SetAnswer, next_set: SetDose, bounds: Bounds, sets_left: int, *, tender: bool = False
) -> Adjustment:
    """Say what becomes of the sets that are left of an exercise after one of its sets.

    Pain over the limit stops, whatever is allowed; so does a pain off the scale. All else needs
    `bounds.within_session`, a set that is left, and an exercise that is neither pinned nor switched off.
    Other answers off their scale count as not given. `tender`: the learner found that load costs this patient
    more than others (`learner.is_tender`). It tips a set that was hard (`is_hard`) where no rule speaks, and
    adds nothing where one does; its code is then `LEARNED`.
    """
    if answer.pain is not None and not isnan(answer.pain) and answer.pain > pain_limit(bounds):
        words = "That hurts too much. Rest for today."
        return Adjustment(Kind.STOP, next_set, "pain_over_limit", words)
    is_allowed = bounds.within_session and bounds.adaptive and not bounds.pinned
    if not is_allowed or sets_left <= 0:
        return Adjustment(Kind.KEEP, next_set)
    faults = _faults(answer, bounds)
    if not faults and tender and is_hard(answer):
        faults = (_Fault(LEARNED, "That was hard, and hard sets take a lot out of you"),)
    if not faults:
        return Adjustment(Kind.KEEP, next_set)
    if len(faults) > 1 and _is_mostly_undone(answer):
        words = f"{faults[0].words}, so we leave out the rest of this exercise today."
        return Adjustment(Kind.SKIP, next_set, f"{faults[0].code}_and_undone", words)
    return _eased(next_set, faults, bounds)


def is_hard(answer: SetAnswer) -> bool:
    """Whether the set was hard, and not too hard: where the learner's estimate may tip what comes next."""
    effort = _within(answer.effort, 0, 10)
    return effort is not None and HARD <= effort < TOO_HARD


def _faults(answer: SetAnswer, bounds: Bounds) -> tuple[_Fault, ...]:
    pain = _within(answer.pain, 0, 10)
    effort = _within(answer.effort, 0, 10)
    faults = (
        (pain is not None and 0 < pain >= pain_limit(bounds) - BAND_UNDER_LIMIT, _Fault("pain", "That hurt")),
        (effort is not None and effort >= TOO_HARD, _Fault("too_hard", "That was too hard")),
        (_has_lost_form(answer), _Fault("form", "It got hard to move well")),
        (is_hard(answer) and _is_mostly_undone(answer), _Fault("hard", "That was hard")),
    )
    return tuple(fault for is_so, fault in faults if is_so)


def _has_lost_form(answer: SetAnswer) -> bool:
    """Two clear faults, or one where less than half was right: a single slip is no reason."""
    significant = _within(answer.significant, 0, 1000)
    correct = _within(answer.form_correct, 0, 1)
    if significant is None:
        return False
    return significant >= LEAST_SIGNIFICANT or (
        significant >= 1 and correct is not None and correct < FORM_LOST
    )


def _is_mostly_undone(answer: SetAnswer) -> bool:
    share = _within(answer.completed_share, 0, 1)
    return share is not None and share < MUCH_LEFT


def _eased(next_set: SetDose, faults: tuple[_Fault, ...], bounds: Bounds) -> Adjustment:
    share = TWO_STEPS if len(faults) > 1 else ONE_STEP
    fault = faults[0]
    if next_set.hold_s > 0 and next_set.repetitions <= 1:
        hold_s = _less(next_set.hold_s, share)
        words = f"{fault.words}, so the next hold is {hold_s} seconds, not {next_set.hold_s}."
        eased, kind = SetDose(next_set.repetitions, hold_s), Kind.SHORTER_HOLD
    else:
        least = min(next_set.repetitions, bounds.least_repetitions or 1)
        repetitions = max(least, _less(next_set.repetitions, share))
        words = f"{fault.words}, so the next set is {repetitions}, not {next_set.repetitions}."
        eased, kind = SetDose(repetitions, next_set.hold_s), Kind.FEWER
    if eased == next_set:
        return Adjustment(Kind.KEEP, next_set)
    return Adjustment(kind, eased, fault.code, words)


def _less(number: int, share: float) -> int:
    """At least one less, and never under half: 10 to 8, 3 to 2, 1 stays 1."""
    least = max(1, ceil(number * (1 - MOST_TAKEN)))
    return max(least, min(number - 1, round(number * (1 - share))))


def _within(value: float | None, least: int, most: int) -> float | None:
    return value if value is not None and isfinite(value) and least <= value <= most else None
