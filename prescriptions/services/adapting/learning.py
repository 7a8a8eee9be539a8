"""A clinic learns from what came of its decisions, and can learn the same again from its log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from clinic.audit import record
from prescriptions.adapt_rx.learner import Lesson, LessonRefused, Posterior, prior, update
from prescriptions.models import DoseDecision, LearnerState
from prescriptions.selectors.adapting.logged_features import logged_features
from prescriptions.selectors.adapting.states import is_learner_on, learner_states, read_posterior
from prescriptions.services.adapting.locking_learner import lock_learner

# Older states keep their number and hash; their numbers can be had again by a replay.
STATES_KEPT = 14
COLUMNS = ("pk", "patient__ref", "ladder", "context", "current", "delivered", "protocol_action", "reward",
           "rewarded_at")  # fmt: skip


@dataclass(frozen=True)
class Replay:
    """A state learned again from the log."""

    state: LearnerState
    sha256: str
    lessons: int

    @property
    def is_same(self) -> bool:
        return self.sha256 == self.state.sha256 and self.lessons == self.state.learned_from


def learn() -> LearnerState | None:
    """Learn from the rewards that came in since; None when there were none or the learner is switched off.

    After a new release of the prior everything is learned again from the log.
    """
    if not is_learner_on():
        return None
    with transaction.atomic():
        lock_learner()
        newest = learner_states().first()
        posterior = read_posterior(newest)
        known = newest if posterior is not None else None
        lessons = _rewarded(after=known.last_decision if known else None)
        learned, last, count = _learn_from(lessons, posterior or prior())
        if last is None:
            return None
        state: LearnerState = LearnerState.objects.create(
            number=newest.number + 1 if newest else 1,
            prior_version=learned.prior,
            posterior=learned.to_dict(),
            sha256=learned.sha256(),
            learned_from=count + (known.learned_from if known else 0),
            last_decision_id=last,
        )
        LearnerState.objects.filter(number__lte=state.number - STATES_KEPT).update(posterior={})
        detail = {"number": state.number, "learned_from": state.learned_from}
        record("create", object_type="prescriptions.LearnerState", object_ref=state.ref, detail=detail)
    return state


def replay_learner() -> Replay | None:
    """Learn the newest state again from the log alone; None while nothing was learned on this prior."""
    state = learner_states().select_related("last_decision").first()
    if state is None or state.last_decision is None or state.prior_version != prior().prior:
        return None
    learned, _, count = _learn_from(_rewarded(until=state.last_decision), prior())
    return Replay(state=state, sha256=learned.sha256(), lessons=count)


def _rewarded(
    *, after: DoseDecision | None = None, until: DoseDecision | None = None
) -> QuerySet[DoseDecision]:
    """Rewarded decisions in the order in which their rewards came in."""
    decisions = DoseDecision.objects.filter(reward__isnull=False).order_by("rewarded_at", "pk")
    if after is not None:
        later = Q(rewarded_at=after.rewarded_at, pk__gt=after.pk)
        decisions = decisions.filter(Q(rewarded_at__gt=after.rewarded_at) | later)
    if until is not None:
        same = Q(rewarded_at=until.rewarded_at, pk__lte=until.pk)
        decisions = decisions.filter(Q(rewarded_at__lt=until.rewarded_at) | same)
    return decisions


def _learn_from(decisions: QuerySet[DoseDecision], posterior: Posterior) -> tuple[Posterior, int | None, int]:
    """The posterior after these decisions, the last one's id, and how many taught something."""
    last, count = None, 0
    for pk, lesson in _lessons(decisions.values(*COLUMNS).iterator(chunk_size=500)):
        last = pk
        if lesson is None:
            continue
        try:
            posterior = update(posterior, lesson.features, lesson.reward, lesson.patient, day=lesson.day)
        except LessonRefused:
            continue
        count += 1
    return posterior, last, count


def _lessons(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[int, Lesson | None]]:
    """Of each decision what it teaches; None for a dose that this version's ladders do not have."""
    for row in rows:
        features = logged_features(row, row["delivered"])
        if features is None:
            yield row["pk"], None
            continue
        day = row["rewarded_at"].date().toordinal()
        patient = str(row["patient__ref"])
        yield row["pk"], Lesson(day=day, features=features, reward=row["reward"], patient=patient)
