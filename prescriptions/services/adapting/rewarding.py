"""What came of a decision: gathered when the week after it is over, once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from patients.models import Patient
from patients.questionnaires import Answered
from patients.red_flags.pain import NEXT_MORNING
from patients.selectors.questionnaires import history_of
from prescriptions.adapt_rx.ladders import ladder_of
from prescriptions.adapt_rx.rewards import Observed, estimated_capacity, reward_of
from prescriptions.adapt_rx.types import Action
from prescriptions.models import DoseDecision, ExerciseResponse, PrescribedExercise
from prescriptions.selectors.adapting.context import (
    breaks_pain_rule,
    completion_of,
    scored_repetitions,
    usual_pain_at,
)
from prescriptions.selectors.adapting.evidence import (
    PAIN_DAYS,
    LineEvidence,
    PatientEvidence,
    line_evidence,
    patient_evidence,
)
from prescriptions.selectors.adapting.function import function_change_of_week
from prescriptions.selectors.adapting.loads import action_of
from prescriptions.services.adapting.locking_learner import lock_learner

State = DoseDecision.State
WEEK = timedelta(days=7)
# The week after the decision's day, and the morning after that week.
LEAST_AGE = timedelta(days=8)
# The longest that answers before a decision may lie back: twice the rarest rhythm of asking.
ANSWERS_BEFORE = timedelta(weeks=24)
CARRIED_OUT = (State.KEPT, State.ACCEPTED, State.EDITED, State.REJECTED, State.SUPERSEDED)


@dataclass(frozen=True)
class Week:
    """The days after a decision came into force: `first` < day <= `last`."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first < day <= self.last


def reward_decisions(*, at: datetime | None = None) -> int:
    """Reward each decision whose week is over; answers how many got one.

    A decision is rewarded once and never again: what was learned from it can be learned again from the log.
    """
    moment = at or timezone.now()
    waiting = _waiting(moment).order_by().values_list("patient_id", flat=True).distinct()
    return sum(_reward_patient(patient_id, at=moment) for patient_id in list(waiting))


def _waiting(at: datetime) -> QuerySet[DoseDecision]:
    """Carried out, not rewarded, and old enough. An accepted one counts from when it was accepted."""
    old = Q(decided_at__lte=at - LEAST_AGE) | Q(decided_at=None, created_at__lte=at - LEAST_AGE)
    return DoseDecision.objects.filter(old, rewarded_at=None, state__in=CARRIED_OUT, delivered__isnull=False)


def _reward_patient(patient_id: int, *, at: datetime) -> int:
    with transaction.atomic():
        lock_learner()
        decisions = list(
            _waiting(at).filter(patient_id=patient_id).select_for_update(of=("self",)).order_by("pk")
        )
        if not decisions:
            return 0
        record = _read(decisions, at=at)
        rewarded_at = _never_earlier(at)
        taught = _taught(patient_id, since=min(decision.day for decision in decisions))
        for decision in reversed(decisions):
            observed = record.observe(decision)
            reward = reward_of(observed)
            decision.observed = observed.to_dict()
            # Ten sessions on one day are one day's evidence: nobody teaches the clinic ten times as much.
            decision.reward = None if _place(decision) in taught else reward.total
            taught |= {_place(decision)} if decision.reward is not None else set()
            decision.reward_version, decision.rewarded_at = reward.version, rewarded_at
            decision.save(update_fields=["observed", "reward", "reward_version", "rewarded_at", "updated_at"])
    return sum(decision.reward is not None for decision in decisions)


def _taught(patient_id: int, *, since: date) -> set[tuple[int, date]]:
    """Exercise and day of each decision that has a reward."""
    rewarded = DoseDecision.objects.filter(patient_id=patient_id, day__gte=since, reward__isnull=False)
    return {(line_id, day) for line_id, day in rewarded.values_list("prescribed_exercise_id", "day")}


def _place(decision: DoseDecision) -> tuple[int, date]:
    return decision.prescribed_exercise_id, decision.day


def _never_earlier(at: datetime) -> datetime:
    """Rewards come in an order that never changes: the clinic learns in it, and learns again in it."""
    last: datetime | None = DoseDecision.objects.aggregate(last=Max("rewarded_at"))["last"]
    return max(at, last) if last else at


@dataclass(frozen=True)
class PatientRecord:
    """What the record holds around a patient's decisions. `successors`: which line took which one's place;
    `answers`: the times that questions were answered, oldest first.
    """

    patient: PatientEvidence
    lines: dict[int, LineEvidence]
    responses: Sequence[ExerciseResponse]
    successors: dict[int, int]
    answers: Sequence[Answered]

    def observe(self, decision: DoseDecision) -> Observed:
        """What was seen after one decision; what is not known stays so."""
        began = decision.decided_at if decision.state != State.SUPERSEDED else decision.created_at
        day = self.patient.day_of(began or decision.created_at)
        week = Week(day, day + WEEK)
        delivered = Action.of(decision.delivered or decision.current)
        line_id = decision.delivered_exercise_id or decision.prescribed_exercise_id
        after = [
            one for one in self._of(line_id) if week.holds(one.day) and one.created_at > decision.created_at
        ]
        before = self._before(decision)
        flares, asked = self._pain_days(week)
        return Observed(
            capacity_before=self._capacity(before),
            capacity_after=self._capacity(after[-1]) if after else math.nan,
            function_change=function_change_of_week(self.answers, first=week.first, last=week.last),
            morning_rise=self._morning(after, week),
            flare_days=float(flares) if asked else math.nan,
            pain_days=float(asked) if asked else math.nan,
            sessions_asked=math.nan if delivered.rest else self._asked(decision, week),
            sessions_done=float(len({one.day for one in after})),
        )

    def _chain(self, line_id: int) -> list[int]:
        """A line and those that took its place later, in order."""
        chain = [line_id]
        while chain[-1] in self.successors and self.successors[chain[-1]] not in chain:
            chain.append(self.successors[chain[-1]])
        return chain

    def _of(self, line_id: int) -> list[ExerciseResponse]:
        chain = self._chain(line_id)
        return [one for one in self.responses if one.prescribed_exercise_id in chain]

    def _before(self, decision: DoseDecision) -> ExerciseResponse | None:
        earlier = [
            one
            for one in self.responses
            if one.prescribed_exercise_id == decision.prescribed_exercise_id
            and one.created_at <= decision.created_at
        ]
        return earlier[-1] if earlier else None

    def _capacity(self, response: ExerciseResponse | None) -> float:
        """Of the session's load that was done in good form, and the effort that it took."""
        if response is None or response.effort is None:
            return math.nan
        line = self.lines[response.prescribed_exercise_id]
        found = ladder_of(line.prescribed.exercise.code)
        if found is None:
            return math.nan
        ladder, rung = found
        dose = line.dose_at(response.created_at)
        load = float(ladder.loads[ladder.index(action_of(ladder, rung, dose))])
        scored = scored_repetitions(response)
        form = response.repetitions_correct / scored if scored else 1.0
        return float(estimated_capacity(load * completion_of(response) * form, float(response.effort)))

    def _morning(self, after: Sequence[ExerciseResponse], week: Week) -> float:
        """Points over usual on the first morning after the first session."""
        for session in after:
            for pain in self.patient.pains:
                if pain.moment != NEXT_MORNING or pain.day != session.day + timedelta(days=1):
                    continue
                usual = usual_pain_at(self.patient.pains, before=pain.at)
                return math.nan if usual is None else float(pain.value - usual)
        return math.nan

    def _pain_days(self, week: Week) -> tuple[int, int]:
        """Days that broke the pain rule, and days with an answer."""
        asked = [pain for pain in self.patient.pains if week.holds(pain.day)]
        flares = {pain.day for pain in asked if breaks_pain_rule(pain, pains=self.patient.pains) != "none"}
        return len(flares), len({pain.day for pain in asked})

    def _asked(self, decision: DoseDecision, week: Week) -> float:
        """Days of the week; not known when the plan or the exercise ended within it: nobody stayed away."""
        last = self._chain(decision.delivered_exercise_id or decision.prescribed_exercise_id)[-1]
        line = self.lines[last].prescribed
        ended = line.prescription.ended_on
        removed = line.removed_at and self.patient.day_of(line.removed_at)
        if any(day is not None and day <= week.last for day in (ended, removed)):
            return math.nan
        dose = decision.dose_after or decision.dose_before
        return float(dose["days_per_week"]) if dose else math.nan


def _read(decisions: list[DoseDecision], *, at: datetime) -> PatientRecord:
    """One patient's record around these decisions: the same few queries, however many there are."""
    patient = Patient.objects.select_related("clinic").get(pk=decisions[0].patient_id)
    oldest = min(decision.created_at for decision in decisions)
    span = (at - oldest).days + PAIN_DAYS
    responses = list(
        ExerciseResponse.objects.filter(
            patient=patient, sets_done__gt=0, day__gte=(oldest - timedelta(days=90)).date()
        ).order_by("created_at", "pk")
    )
    wanted = {one.prescribed_exercise_id for one in responses}
    wanted |= {one.prescribed_exercise_id for one in decisions}
    wanted |= {one.delivered_exercise_id for one in decisions if one.delivered_exercise_id}
    successors = _successors(patient, since=oldest)
    wanted |= set(successors.values())
    lines = PrescribedExercise.objects.filter(pk__in=wanted).select_related(
        "prescription", "exercise_version__exercise"
    )
    return PatientRecord(
        patient=patient_evidence(patient, at=at, days=span),
        lines=line_evidence(lines, at=at),
        responses=responses,
        successors=successors,
        answers=history_of(patient, since=(oldest - ANSWERS_BEFORE).date()),
    )


def _successors(patient: Patient, *, since: datetime) -> dict[int, int]:
    """Which line took which one's place."""
    swaps = DoseDecision.objects.filter(
        ~Q(delivered_exercise_id=F("prescribed_exercise_id")),
        patient=patient,
        state__in=(State.ACCEPTED, State.EDITED),
        delivered_exercise__isnull=False,
        decided_at__gte=since,
    )
    return dict(swaps.values_list("prescribed_exercise_id", "delivered_exercise_id"))
