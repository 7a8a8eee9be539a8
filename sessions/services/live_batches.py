"""A worn sensor that sends batches by itself while its wearer does a set: stored, scored, shown."""

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import numpy as np
from django.db import transaction

from sessions import events, selectors
from sessions.errors import SetIsOver, SetNotFound
from sessions.models import Device, ExerciseSet, Recording, TherapySession
from sessions.motion_codec import CODEC, IMU_FRAME, MotionFrames
from sessions.services.streams import (
    SET_TYPE,
    OpenStream,
    SealedFrames,
    check_motion_consent,
    claim_set_recording,
    keep_as_shown,
    mark_live,
    opened_of,
    store_segment,
)
from sessions.stream_header import SensorHeader, parse_sensor_header

if TYPE_CHECKING:
    from sessions.live_set import LiveSet

MOST_SETS_KEPT = 64
# As for a phone (frame_gate): whoever scores a set may have to look at all of it again.
MOST_SET_FRAMES = 720_000
TOO_LONG = "This set has too many samples. Finish it and start another."

# Scorers of sets that worn sensors are sending for; another process, or this one after a while, replays.
_scorers: "OrderedDict[tuple[int, UUID], tuple[int, LiveSet]]" = OrderedDict()


def score_set_batch(set_ref: UUID | str, frames: MotionFrames, *, device: Device) -> dict[str, Any]:
    """Store a batch of a set and score it; answers the live state, and shows it on the patient's page.

    `frames["capture_ms"]`: UTC in ms since 1970. What lies before frames that are stored already is left out.
    Raises SetNotFound for a set of another patient, SetIsOver (also for one that is too long), HeaderChanged
    when another sensor began the recording, and MotionConsentMissing.
    """
    exercise_set = _set_of(set_ref, device)
    opened = _claim(exercise_set, frames, device=device)
    new = _new_frames(frames, opened)
    if opened.next_sequence + len(new) > MOST_SET_FRAMES:
        raise SetIsOver(TOO_LONG)
    live = _live_set(opened)
    if len(new):
        ends_at = _store(opened, new)
        live.add(new, received_at=time.monotonic())
        live.score(now=time.monotonic())
        _keep_scorer(opened, live, next_sequence=ends_at)
        keep_as_shown(exercise_set.pk, live.as_shown())
    events.show_own_page(opened.control_ref, live.summary())
    return live.state_message(ack=opened.next_sequence + len(new) - 1)


def _set_of(set_ref: UUID | str, device: Device) -> ExerciseSet:
    sets = ExerciseSet.objects.select_related("session__patient", "exercise_version")
    ref = selectors.as_uuid(set_ref, SetNotFound)
    found = sets.filter(ref=ref, session__patient_id=device.patient_id).first()
    if found is None:
        raise SetNotFound
    return found


def _claim(exercise_set: ExerciseSet, frames: MotionFrames, *, device: Device) -> OpenStream:
    """The set's recording, given to this batch for as long as it takes."""
    header = _header(frames, device)
    with transaction.atomic():
        session = TherapySession.objects.select_for_update().get(pk=exercise_set.session_id)
        if not (session.is_open and exercise_set.is_open):
            raise SetIsOver
        check_motion_consent(exercise_set.session.patient)
        recording, away_s = claim_set_recording(
            exercise_set, patient_id=session.patient_id, header=header, connection=uuid4()
        )
        if recording.device_id != device.pk:
            Recording.objects.filter(pk=recording.pk).update(device=device)
        mark_live(session, exercise_set, by_sensor=True)
    return opened_of(
        recording,
        header=header,
        away_s=away_s,
        patient_id=session.patient_id,
        object_type=SET_TYPE,
        ref=exercise_set.ref,
        control_ref=session.ref,
        set_id=exercise_set.pk,
        spec=exercise_set.spec,
        view=exercise_set.view,
        side=exercise_set.side,
    )


def _header(frames: MotionFrames, device: Device) -> SensorHeader:
    """Its capture clock is the wall clock, so both origins are zero."""
    steps = np.diff(frames["capture_ms"])
    rate_hz = 1000.0 / float(np.median(steps)) if len(steps) and np.median(steps) > 0 else 50.0
    return parse_sensor_header(
        {
            "version": 1,
            "placement": device.placement or "unknown",
            "sampling_rate_hz": min(400.0, max(1.0, round(rate_hz, 1))),
            "has_gyroscope": not bool(np.isnan(frames["angular_velocity"]).all()),
            "epoch_ms": 0.0,
            "monotonic_ms": 0.0,
            "source": "device",
        }
    )


def _new_frames(frames: MotionFrames, opened: OpenStream) -> MotionFrames:
    last_ms = -np.inf if opened.last_capture_ms is None else opened.last_capture_ms
    new = frames[frames["capture_ms"] > last_ms].copy()
    new["sequence"] = np.arange(len(new)) + opened.next_sequence
    return new


def _store(opened: OpenStream, frames: MotionFrames) -> int:
    sealed = SealedFrames(
        raw=frames.tobytes(),
        first_sequence=opened.next_sequence,
        last_sequence=opened.next_sequence + len(frames) - 1,
        frame_count=len(frames),
        last_capture_ms=float(frames["capture_ms"][-1]),
        clock_offset_ms=0.0,
        codec=CODEC,
    )
    return store_segment(opened.recording_id, sealed, connection=opened.connection)


def _live_set(opened: OpenStream) -> "LiveSet":
    """The scorer that stands where the stored frames end: ours, or a new one that catches up."""
    from sessions.live_set import LiveSet
    from sessions.sensor_scorer import SensorScorer

    kept = _scorers.pop((opened.clinic_id, opened.ref), None)
    if kept is not None and kept[0] == opened.next_sequence:
        return kept[1]
    live = LiveSet(opened, dtype=IMU_FRAME, scorer=SensorScorer, on_scored=lambda: None)
    live.replay(selectors.stored_frames(opened.recording_id))
    live.begin(now=time.monotonic())
    return live


def _keep_scorer(opened: OpenStream, live: "LiveSet", *, next_sequence: int) -> None:
    _scorers[opened.clinic_id, opened.ref] = (next_sequence, live)
    while len(_scorers) > MOST_SETS_KEPT:
        _scorers.popitem(last=False)
