"""What a recording's analysis tells the patient's record and the open pages."""

from patients.local_time import local_day
from patients.services.timeline import add_timeline_entry
from sessions import events
from sessions.models import MovementDay, Recording
from sessions.motion_trend.metrics import words_of
from sessions.services.movement.findings import Findings

# A sensor that sends by itself makes many recordings a day: they share one line.
SENDS_BY_ITSELF = (Recording.Source.DEVICE, Recording.Source.MQTT)


def tell_analysed(recording: Recording, findings: Findings) -> None:
    """One line a test, a walk or an upload, one a day for a sensor that sends by itself; and one event."""
    patient = recording.patient
    if patient is None:
        return
    group = events.patient_group(recording.clinic_id, patient.ref)
    events.announce(events.RECORDING_ANALYSED, group=group, ref=recording.ref)
    if recording.source in SENDS_BY_ITSELF:
        _tell_day(recording)
        return
    add_timeline_entry(
        patient,
        kind="movement",
        title=_title(recording),
        summary=_summary(recording, findings),
        at=recording.started_at,
        object_kind="recording",
        object_ref=recording.ref,
        by=recording.uploaded_by,
    )


def _tell_day(recording: Recording) -> None:
    patient = recording.patient
    if patient is None or recording.started_at is None:
        return
    day = MovementDay.objects.filter(patient=patient, day=local_day(patient, at=recording.started_at)).first()
    if day is None:
        return
    add_timeline_entry(
        patient,
        kind="movement",
        title="Movement measured by a sensor",
        summary=f"Worn {day.wear_minutes / 60:.1f} h, walked {day.walking_minutes:.0f} min.",
        at=recording.started_at,
        object_kind="movement_day",
        object_ref=day.ref,
    )


def _title(recording: Recording) -> str:
    if recording.title:
        return recording.title
    if recording.modality == Recording.Modality.LAB:
        return "Lab measurement"
    return str(recording.get_activity_display()) or "Movement recorded"


def _summary(recording: Recording, findings: Findings) -> str:
    simulated = "Simulated. " if recording.simulated else ""
    return simulated + (_test_words(findings) or _walk_words(findings))


def _test_words(findings: Findings) -> str:
    if not findings.tests:
        return ""
    test = findings.tests[0]
    if test.value is None:
        return f"No result: {test.withheld}"
    return words_of(str(findings.result["code"]), test.value)


def _walk_words(findings: Findings) -> str:
    if findings.result.get("kind") != "gait":
        return ""
    count = len(findings.bouts)
    if not count:
        return "No walking was found."
    steps = sum(bout.step_count for bout in findings.bouts)
    return f"{count} {'bout' if count == 1 else 'bouts'} of walking, {steps} steps."


def tell_export(recording: Recording) -> None:
    """One line for a health export, and one event."""
    patient = recording.patient
    if patient is None:
        return
    group = events.patient_group(recording.clinic_id, patient.ref)
    events.announce(events.RECORDING_ANALYSED, group=group, ref=recording.ref)
    add_timeline_entry(
        patient,
        kind="movement",
        title=recording.title or "Health export",
        summary=f"{recording.result.get('days', 0)} days of walking data.",
        object_kind="recording",
        object_ref=recording.ref,
        by=recording.uploaded_by,
    )
