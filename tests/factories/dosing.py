"""Weeks of exercise for tests of AdaptRx: responses and pain as sessions leave them, at their own moments."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
from django.utils import timezone

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import PainReport, Patient
from prescriptions.adapt_rx.features import OFFSET_COLUMNS
from prescriptions.adapt_rx.learner import prior
from prescriptions.models import DoseDecision, LearnerState, PrescribedExercise, Prescription
from prescriptions.selectors import exercises_of
from prescriptions.services import propose_dose, record_response
from sessions.demo import clock
from tests.factories.prescriptions import make_prescription


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def make_old_plan(
    patient: Patient,
    *,
    by: Membership,
    codes: tuple[str, ...] = ("squat",),
    began: float = 21,
    **dose: object,
) -> Prescription:
    """A plan that was written so many days ago."""
    with clock.at(days_ago(began)):
        return make_prescription(patient, by=by, codes=codes, **dose)


def line_of(plan: Prescription, code: str = "squat") -> PrescribedExercise:
    with clinic_scope(plan.clinic_id):
        return (
            exercises_of(plan)
            .select_related("prescription__patient__clinic")
            .get(exercise_version__exercise__code=code)
        )


def make_session_of(
    line: PrescribedExercise,
    *,
    ago: float,
    before: int | None = 1,
    after: int | None = 1,
    morning: int | None = None,
    share: float = 1.0,
    effort: int | None = 5,
    significant: int = 0,
) -> UUID:
    """One session of one exercise, so many days ago, with what the patient said around it."""
    session_ref, patient, began = uuid4(), line.prescription.patient, days_ago(ago)
    asked = line.sets * line.repetitions
    done = round(asked * share)
    with clinic_scope(line.clinic_id), clock.at(began):
        record_response(
            line,
            session_ref=session_ref,
            day=began.date(),
            sets_done=line.sets,
            repetitions_done=done,
            repetitions_correct=done - significant,
            repetitions_significant=significant,
            sets_asked=line.sets,
            repetitions_asked=asked,
            effort=effort,
        )
        said = [("before", before, began), ("after", after, began + timedelta(minutes=1))]
        said.append(("next_morning", morning, began + timedelta(hours=24)))
        PainReport.objects.bulk_create(
            PainReport(
                patient=patient,
                value=value,
                moment=moment,
                at=when,
                session_ref=None if moment == "next_morning" else session_ref,
            )
            for moment, value, when in said
            if value is not None
        )
    return session_ref


def make_steps_back(line: PrescribedExercise) -> DoseDecision:
    """An open proposal that steps back: pain passed its limit in the newest session."""
    make_session_of(line, ago=4)
    make_session_of(line, ago=2)
    session_ref = make_session_of(line, ago=0.02, before=3, after=7)
    with clinic_scope(line.clinic_id):
        decision = propose_dose(line, session_ref=session_ref)
    assert decision is not None
    return decision


def make_learner_state(costs: Mapping[Patient, float], *, number: int = 1) -> LearnerState:
    """A clinic's learner that is sure (sd 0.1) what a weekly step more of load is worth to these patients,
    beside what it is worth to others: below 0 it costs them more.
    """
    known = prior().knowing(str(patient.ref) for patient in costs)
    precision = np.tile(np.eye(len(OFFSET_COLUMNS)) * 100, (len(costs), 1, 1))
    information = np.zeros((len(costs), len(OFFSET_COLUMNS)))
    information[:, OFFSET_COLUMNS.index("step")] = [100 * worth for worth in costs.values()]
    offsets = replace(known.offsets, precision=precision, information=information)
    posterior = replace(known, offsets=offsets)
    with clinic_scope(next(iter(costs)).clinic_id):
        return LearnerState.objects.create(
            number=number,
            prior_version=posterior.prior,
            posterior=posterior.to_dict(),
            sha256=posterior.sha256(),
        )
