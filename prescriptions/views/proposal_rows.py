"""Proposals as a page shows them: what differs, which way it goes, and the forms that answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from re import compile as pattern

from django.utils import timezone

from prescriptions import selectors
from prescriptions.adapt_rx.ladders import SECONDS_PER_REPETITION, Ladder, shipped_ladders
from prescriptions.adapt_rx.types import Action
from prescriptions.dose import Dose
from prescriptions.forms import ChangeDoseForm, EditProposalForm, ReasonForm
from prescriptions.models import DoseDecision, Prescription
from prescriptions.selectors import DosingLine, PlannedExercise, ProposalCard

# A sign and a word: never a colour alone.
DIRECTIONS = {
    "easier": ("↓", "Easier", "Step back"),
    "harder": ("↑", "Harder", "Step forward"),
    "rest": ("‖", "Rest", "Rest this exercise"),
    "other": ("→", "Different", "Change"),
}
FEWEST_TOGETHER = 2
TOKENS = pattern(r"\s+|,|[^\s,]+")
# What the page shows elsewhere: the change itself, and the safety rules.
TOLD_ELSEWHERE = {"easier", "harder", "harder_variation", "keep", "rest"}
# Why less is proposed at once: to be read without unfolding anything.
WARNINGS = {"red_flag", "on_hold", "pain_over_limit", "post_operative_pain", "pain_next_morning"}
# The log keeps the way back after that.
OFFERS_UNDO = timedelta(days=2)
# Below this nobody should read "likely" into it; a default of ours.
LIKELY = 0.75


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they differ from the other dose's."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ShownProposal:
    card: ProposalCard
    sign: str
    word: str
    title: str
    now: tuple[Piece, ...]
    next: tuple[Piece, ...]
    reasons: tuple[str, ...]
    load: str
    sure: str

    @property
    def ref(self) -> str:
        return str(self.card.decision.ref)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One exercise of the plan editor with everything that can be done to it."""

    item: PlannedExercise
    dose_form: ChangeDoseForm
    dosing: DosingLine | None
    shown: ShownProposal | None
    edit_form: EditProposalForm | None
    reject_form: ReasonForm

    @property
    def undoable(self) -> DoseDecision | None:
        """What was decided of late and can be taken back."""
        found = self.dosing.undoable if self.dosing else None
        is_late = found is None or found.decided_at is None or found.decided_at < timezone.now() - OFFERS_UNDO
        return None if is_late else found


@dataclass(frozen=True, slots=True)
class RefusedForms:
    """Forms that could not be accepted, by the exercise or decision that they belong to."""

    dose: Mapping[int, ChangeDoseForm]
    edit: Mapping[int, EditProposalForm]
    reject: Mapping[int, ReasonForm]

    def __bool__(self) -> bool:
        return bool(self.dose or self.edit or self.reject)


NONE_REFUSED = RefusedForms({}, {}, {})


def differing(now: str, proposed: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both doses in pieces; the pieces that the other does not have are marked."""
    before, after = TOKENS.findall(now), TOKENS.findall(proposed)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        left += [Piece("".join(before[a:b]), kind != "equal")] if b > a else []
        right += [Piece("".join(after[c:d]), kind != "equal")] if d > c else []
    return tuple(left), tuple(right)


def shown_proposal(card: ProposalCard) -> ShownProposal:
    """A proposal with its sign and its differences."""
    sign, word, title = DIRECTIONS[card.direction]
    now, after = _compared(card)
    return ShownProposal(
        card=card,
        sign=sign,
        word=word,
        title=title,
        now=now,
        next=after,
        reasons=_reasons(card.decision),
        load=load_in_words(card.decision, asked=card.edit_dose),
        sure=sure_in_words(card.decision),
    )


def _compared(card: ProposalCard) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if card.direction == "rest":
        return (Piece(card.now_words, False),), (Piece(card.next_words, True),)
    return differing(card.now_words, card.next_words)


def _reasons(decision: DoseDecision) -> tuple[str, ...]:
    """A warning first, then what was seen and what the protocol says; other safety rules stand below."""
    rules = {one["words"] for one in decision.fired}
    told = [one["words"] for one in decision.fired if one["id"] in WARNINGS][:1]
    told += [
        one["words"]
        for one in decision.reasons
        if one["code"] not in TOLD_ELSEWHERE and one["words"] not in rules
    ]
    return tuple(words[:1].upper() + words[1:] for words in told)


def load_in_words(decision: DoseDecision, *, asked: Dose) -> str:
    """ "38 % less load", of the doses as they are, also between the ladder's steps; empty for rest."""
    ladder = shipped_ladders()[decision.ladder]
    current, proposed = Action.of(decision.current), Action.of(decision.proposed)
    if proposed.rest:
        return ""
    try:
        before = _load(ladder, current, Dose.of(decision.dose_before))
        after = _load(ladder, proposed, asked)
    except KeyError:
        return ""
    percent = round(abs(after / before - 1) * 100) if before else 0
    return f"{percent} % {'more' if after > before else 'less'} load" if percent else ""


def _load(ladder: Ladder, action: Action, dose: Dose) -> float:
    """The load of a dose that the step `action` stands for."""
    steps = action.sets * action.repetitions * (SECONDS_PER_REPETITION + action.hold_s)
    asked = dose.sets * dose.repetitions * (SECONDS_PER_REPETITION + dose.hold_s)
    return float(ladder.loads[ladder.index(action)]) * asked / steps


def sure_in_words(decision: DoseDecision) -> str:
    """How this compares with the fixed protocol, and only as far as the numbers go."""
    if decision.by_protocol:
        return "AdaptRx is switched off: this is the fixed protocol's step."
    if decision.proposed == decision.protocol_action:
        return "The same step as the fixed protocol."
    share = decision.expected.get("better_than_protocol")
    if share is None:
        return "Not the fixed protocol's step."
    if share >= LIKELY:
        return f"Likely better than the fixed protocol: {share * 100:.0f} %."
    return f"Not clearly better than the fixed protocol: {share * 100:.0f} %; tried within the safety rules."


def plan_rows(plan: Prescription | None, refused: RefusedForms) -> list[PlanRow]:
    """The exercises of a plan, each with its proposal or why there is none."""
    if plan is None:
        return []
    dosing = selectors.dosing_lines(plan)
    items = [selectors.planned(item) for item in selectors.exercises_of(plan)]
    return [_row(item, dosing.get(item.prescribed.pk), refused) for item in items]


def easier_together(shown: list[ShownProposal]) -> list[ShownProposal]:
    """The steps back that can be accepted with one press; none when there is only one."""
    easier = [one for one in shown if one.card.direction == "easier"]
    return easier if len(easier) >= FEWEST_TOGETHER else []


def _row(item: PlannedExercise, dosing: DosingLine | None, refused: RefusedForms) -> PlanRow:
    key = item.prescribed.pk
    card = dosing.proposal if dosing else None
    edit_form = None
    if dosing is not None and card is not None:
        edit_form = refused.edit.get(key) or edit_form_of(card, dosing)
    return PlanRow(
        item=item,
        dose_form=refused.dose.get(key) or _dose_form(item),
        dosing=dosing,
        shown=shown_proposal(card) if card else None,
        edit_form=edit_form,
        reject_form=refused.reject.get(key) or ReasonForm(prefix=f"r{key}"),
    )


def edit_form_of(card: ProposalCard, dosing: DosingLine) -> EditProposalForm:
    """The proposal as a form that can be changed before it is accepted."""
    initial = card.edit_dose.to_dict() | {"exercise_code": card.edit_code}
    return EditProposalForm(initial=initial, rungs=dosing.rungs, prefix=f"e{dosing.prescribed.pk}")


def _dose_form(item: PlannedExercise) -> ChangeDoseForm:
    spec = item.prescribed.exercise_version.spec
    initial = Dose.of(item.prescribed).to_dict()
    return ChangeDoseForm(initial=initial, spec=spec, prefix=f"d{item.prescribed.pk}")
