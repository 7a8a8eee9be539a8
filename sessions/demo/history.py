"""Writing past sessions: the same rows that a live session leaves, from the library of simulated sets."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from patients.models import PainReport, Patient
from patients.red_flags import PAIN_RULE
from patients.services.pain import report_pain
from prescriptions.models import PrescribedExercise
from prescriptions.selectors import active_prescription, exercises_of
from sessions.demo import clock
from sessions.demo.cast import DemoPatient
from sessions.demo.cast import Dose as DemoDose
from sessions.demo.motions import CLEAR, MILD, SEEDS, MotionLibrary, ScoredSet, Wanted, fault_seen_in
from sessions.demo.past import PastDay
from sessions.models import ExerciseSet, Recording, RecordingSegment, Repetition, TherapySession
from sessions.services.analysis import repetition_rows, result_summary
from sessions.services.lifecycle import planned_sets
from sessions.services.settling import settle_session

READY_S = 25
POOR_STEPS = (0, 1, 3, 5)
HIDING = {"front": "left_arm", "side": "left_leg", "feet_end": "left_leg"}


@dataclass(frozen=True)
class SetDone:
    """A set of a past session with the simulated motion that stands for it."""

    row: ExerciseSet
    scored: ScoredSet


def write_session(
    patient: Patient, person: DemoPatient, past: PastDay, *, library: MotionLibrary, keep_frames: bool
) -> TherapySession:
    """One finished session of the plan in force: sets, repetitions, pain, and recordings when `keep_frames`.

    The session sums itself up as a live one does, at its own end.
    """
    with transaction.atomic():
        session = _write_rows(patient, person, past, library=library, keep_frames=keep_frames)
        with clock.at(session.ended_at or past.began):
            settle_session(session)
    write_pain(patient, past, session)
    return session


def _write_rows(
    patient: Patient, person: DemoPatient, past: PastDay, *, library: MotionLibrary, keep_frames: bool
) -> TherapySession:
    prescription = active_prescription(patient)
    if prescription is None:
        raise ValueError("a session needs a plan")
    session = TherapySession.objects.create(
        patient=patient,
        prescription=prescription,
        state=TherapySession.State.ENDED,
        mode=TherapySession.Mode.SAMPLE,
        simulated=True,
        started_at=past.began,
        completed=True,
    )
    done = _write_sets(session, person, past, list(exercises_of(prescription)), library=library)
    _write_repetitions(done)
    if keep_frames:
        _write_recordings(done)
    session.ended_at = session.last_activity_at = done[-1].row.ended_at
    session.save()
    return session


def _write_sets(
    session: TherapySession,
    person: DemoPatient,
    past: PastDay,
    exercises: list[PrescribedExercise],
    *,
    library: MotionLibrary,
) -> list[SetDone]:
    rng = np.random.default_rng([person.seed, past.day.toordinal()])
    doses = {dose.code: dose for dose in person.doses}
    done, begins = [], past.began + timedelta(seconds=READY_S)
    for row in planned_sets(session, exercises):
        code = str(row.spec["code"])
        wanted = wanted_set(
            row, doses[code], poor_share=past.poor_share, hidden_share=past.hidden_share, rng=rng
        )
        scored = library.scored(wanted)
        ended_at = _fill(row, scored, begins=begins)
        row.effort = effort_felt(past, set_number=row.set_number)
        begins = ended_at + timedelta(seconds=row.rest_s + READY_S / 2)
        done.append(SetDone(row, scored))
    ExerciseSet.objects.bulk_create([one.row for one in done])
    return done


def effort_felt(past: PastDay, *, set_number: int) -> int:
    """0 to 10: harder on sore days, with poor form, and set by set."""
    felt = 3.0 + 4.0 * past.poor_share + 0.4 * past.pain_before + 0.5 * (set_number - 1)
    return int(np.clip(round(felt), 1, 10))


def wanted_set(
    row: ExerciseSet, dose: DemoDose, *, poor_share: float, hidden_share: float, rng: np.random.Generator
) -> Wanted:
    """The kind of simulated set that stands for this one: few kinds, so that the library stays small."""
    repetitions = int(row.target_repetitions or 8)
    plain = Wanted(str(row.spec["code"]), row.side, row.view, repetitions)
    if rng.random() < hidden_share:
        return replace(plain, covered=HIDING.get(row.view, ""))
    fault = fault_seen_in(row.view, row.spec, usual=dose.fault)
    drawn = int(rng.binomial(repetitions, np.clip(poor_share, 0.0, 1.0))) if fault else 0
    poor = max(step for step in POOR_STEPS if step <= drawn)
    seed = int(rng.integers(SEEDS))
    if not poor:
        return replace(plain, seed=seed)
    severity = CLEAR if poor > POOR_STEPS[1] else MILD
    return replace(plain, poor=poor, fault=fault, severity=severity, seed=seed)


def _fill(row: ExerciseSet, scored: ScoredSet, *, begins: datetime) -> datetime:
    ended_at = begins + timedelta(seconds=scored.seconds)
    row.state = ExerciseSet.State.ANALYSED
    row.started_at = begins
    row.ended_at = ended_at
    row.repetition_count = len(scored.result.repetitions)
    row.as_shown = {"count": row.repetition_count}
    row.result = result_summary(scored.result) | {"frames": len(scored.motion.t_ms)}
    return ended_at


def _write_repetitions(done: list[SetDone]) -> None:
    rows = [
        repetition
        for one in done
        for repetition in repetition_rows(
            one.row, one.scored.result, versions=dict(one.scored.result.versions)
        )
    ]
    Repetition.objects.bulk_create(rows)


def _write_recordings(done: list[SetDone]) -> None:
    recordings = [_recording(one) for one in done]
    Recording.objects.bulk_create(recordings)
    RecordingSegment.objects.bulk_create(
        RecordingSegment(
            recording=recording,
            index=index,
            first_sequence=segment.first_sequence,
            last_sequence=segment.last_sequence,
            frame_count=segment.last_sequence - segment.first_sequence + 1,
            codec=segment.packed.codec,
            payload=segment.packed.payload,
            sha256=segment.packed.sha256,
        )
        for one, recording in zip(done, recordings, strict=True)
        for index, segment in enumerate(one.scored.segments)
    )


def _recording(one: SetDone) -> Recording:
    motion = one.scored.motion
    header = {
        "version": 1,
        "model_sha256": "",
        "running_mode": "VIDEO",
        "width": motion.width,
        "height": motion.height,
        "mirror": False,
        "rotation": 0,
        "epoch_ms": one.row.started_at.timestamp() * 1000 if one.row.started_at else 0.0,
        "monotonic_ms": 0.0,
        "source": "sample",
    }
    return Recording(
        exercise_set=one.row,
        header=header,
        state=Recording.State.CLOSED,
        frame_count=len(motion.t_ms),
        segment_count=len(one.scored.segments),
        next_sequence=len(motion.t_ms),
        last_capture_ms=float(motion.t_ms[-1]),
    )


def write_pain(patient: Patient, past: PastDay, session: TherapySession) -> None:
    """Pain before and after, and the next morning when the patient answered."""
    said = [
        ("before", past.pain_before, past.began),
        ("after", past.pain_after, session.ended_at or past.began),
    ]
    if past.pain_next_morning is not None:
        said.append(("next_morning", past.pain_next_morning, past.began + timedelta(hours=14)))
    allowed = [answer for answer in said if answer[1] <= PAIN_RULE.limit]
    PainReport.objects.bulk_create(
        PainReport(patient=patient, value=value, moment=moment, at=when, session_ref=session.ref)
        for moment, value, when in allowed
    )
    for moment, value, when in said:
        if value > PAIN_RULE.limit:
            report_pain(patient, value=value, moment=moment, session_ref=session.ref, at=when)
