"""The log of decisions, for therapists; and the news of the last week, for the patient."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from patients.models import Patient
from prescriptions.adapt_rx.types import FiredRule
from prescriptions.dose import Dose, dose_in_words
from prescriptions.models import DoseChange, DoseDecision, PrescribedExercise
from prescriptions.selectors.adapting.decision_words import (
    LadderVersions,
    context_words,
    fired_of,
    patient_reason_of,
    reasons_of,
    reward_number,
    reward_words,
    words_of,
)

State = DoseDecision.State
NEWS_DAYS = 7
NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")
CSV_HEADER = [
    "Day", "Exercise", "Dose before", "Proposed", "Fixed protocol", "State", "By", "Reason of the person",
    "In force afterwards", "Beyond the safety rules", "Known", "Reasons", "Safety rules", "Propensity",
    "Versions", "What came of it", "Reward",
]  # fmt: skip


@dataclass(frozen=True)
class DecisionRow:
    """One line of the log. `reward_words`: what came of it; `reward_number`: the same for the learner."""

    decision: DoseDecision
    day: date
    name: str
    before_words: str
    proposed_words: str
    protocol_words: str
    delivered_words: str
    state_words: str
    by_name: str
    decision_reason: str
    reasons: tuple[str, ...]
    fired: tuple[FiredRule, ...]
    context_words: tuple[str, ...]
    reward_words: str
    reward_number: str
    beyond_mask: bool


@dataclass(frozen=True)
class DoseNews:
    """A change of the last days in the patient's words; `patient_words` may be empty."""

    exercise_name: str
    by_name: str
    dose_words: str
    patient_words: str
    at: datetime


def decisions_of(patient: Patient, *, state: str = "", exercise_code: str = "") -> QuerySet[DoseDecision]:
    """A patient's decisions, the newest first; an empty filter means all."""
    decisions = DoseDecision.objects.filter(patient=patient)
    if state:
        decisions = decisions.filter(state=state)
    if exercise_code:
        decisions = decisions.filter(prescribed_exercise__exercise_version__exercise__code=exercise_code)
    return decisions.select_related(
        "prescribed_exercise__exercise_version__exercise", "decided_by", "undone_by"
    ).order_by("-pk")


def decision_rows(decisions: Sequence[DoseDecision]) -> list[DecisionRow]:
    """As the log shows them; at most one query more, for all of them."""
    versions = LadderVersions()
    return [_row(decision, versions) for decision in decisions]


def _row(decision: DoseDecision, versions: LadderVersions) -> DecisionRow:
    words = words_of(decision, versions)
    proposed = f"{words.next_name}: {words.next}" if words.is_swap else words.next
    return DecisionRow(
        decision=decision,
        day=decision.day,
        name=words.name,
        before_words=words.now,
        proposed_words="Keep" if decision.proposed == decision.current else proposed,
        protocol_words=words.protocol,
        delivered_words=words.delivered,
        state_words=str(decision.get_state_display()),
        by_name=_by(decision),
        decision_reason=decision.decision_reason,
        reasons=reasons_of(decision),
        fired=fired_of(decision),
        context_words=context_words(decision.context),
        reward_words=reward_words(decision),
        reward_number=reward_number(decision),
        beyond_mask=decision.beyond_rules,
    )


def _by(decision: DoseDecision) -> str:
    if decision.undone_by is not None and decision.decided_by is not None:
        return f"{decision.decided_by.display_name}; taken back by {decision.undone_by.display_name}"
    return decision.decided_by.display_name if decision.decided_by else ""


def decisions_csv_rows(patient: Patient) -> Iterator[list[str]]:
    """Header and one row a decision, the oldest first; no cell can be read as a formula."""
    yield CSV_HEADER
    versions = LadderVersions()
    for decision in decisions_of(patient).order_by("pk").iterator(chunk_size=200):
        yield [_cell(value) for value in _csv_row(_row(decision, versions))]


def _csv_row(row: DecisionRow) -> tuple[str, ...]:
    decision = row.decision
    return (
        row.day.isoformat(),
        row.name,
        row.before_words,
        row.proposed_words,
        row.protocol_words or "the same",
        row.state_words,
        row.by_name,
        row.decision_reason,
        row.delivered_words,
        "yes" if row.beyond_mask else "",
        "; ".join(row.context_words),
        "; ".join(row.reasons),
        "; ".join(one.words for one in row.fired),
        f"{decision.propensity:.4f}",
        ", ".join(f"{name} {number}" for name, number in sorted(decision.versions.items())),
        row.reward_words,
        row.reward_number.lstrip("+"),
    )


def _cell(value: str) -> str:
    if NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def dose_news(patient: Patient, *, at: datetime | None = None) -> list[DoseNews]:
    """What a person changed in the plan in force within the last week, the newest first, one per exercise."""
    moment = at or timezone.now()
    since = moment - timedelta(days=NEWS_DAYS)
    lines = PrescribedExercise.objects.filter(
        prescription__patient=patient, prescription__status="active", removed_at=None
    ).select_related("exercise_version__exercise")
    changes = DoseChange.objects.filter(prescribed_exercise__in=lines, created_at__gt=since)
    decisions = DoseDecision.objects.filter(
        delivered_exercise__in=lines, decided_at__gt=since, state__in=(State.ACCEPTED, State.EDITED)
    )
    by_line = {line.pk: line for line in lines}
    news: dict[int, DoseNews] = {}
    for change in changes.select_related("by").order_by("created_at", "pk"):
        line = by_line[change.prescribed_exercise_id]
        news[line.pk] = _news(line, change.by.display_name, change.created_at)
    for one in decisions.select_related("decided_by").order_by("decided_at", "pk"):
        if one.delivered_exercise_id is None or one.decided_at is None or one.decided_by is None:
            continue
        line = by_line[one.delivered_exercise_id]
        # A change by hand after it, or taking it back, is the newer news.
        changed = one.dose_after != one.dose_before or one.prescribed_exercise_id != line.pk
        if changed and one.dose_after == Dose.of(line).to_dict():
            words = patient_reason_of(one) if one.state == State.ACCEPTED else ""
            news[line.pk] = _news(line, one.decided_by.display_name, one.decided_at, words)
    return sorted(news.values(), key=lambda one: one.at, reverse=True)


def _news(line: PrescribedExercise, by_name: str, at: datetime, words: str = "") -> DoseNews:
    spec = line.exercise_version.spec
    return DoseNews(
        exercise_name=str(spec.get("name") or line.exercise.name),
        by_name=by_name,
        dose_words=dose_in_words(Dose.of(line), spec),
        patient_words=words,
        at=at,
    )
