"""What happens to a patient's own test with the phone when they press Stop."""

from uuid import UUID

from patients.models import Patient
from sessions.models import Recording
from sessions.services.movement.recordings import finish_recording


def end_open_tests(patient: Patient, session_ref: UUID | None, reason: str) -> None:
    """End the patient's running tests, whichever page Stop was pressed on; what was measured is kept."""
    running = Recording.objects.filter(
        patient=patient,
        exercise_set=None,
        source=Recording.Source.PHONE,
        state=Recording.State.OPEN,
    )
    for recording in running:
        finish_recording(recording)
