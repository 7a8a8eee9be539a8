"""The patient's timeline leads to what the sensors measured."""

from datetime import UTC, datetime
from uuid import uuid4

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from patients.services.timeline import add_timeline_entry

# Already the third of November in Auckland.
LATE = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)


def test_entries_of_movement_lead_to_the_recording_and_to_the_patients_own_day(floor, signed_in):
    recording_ref = uuid4()
    with clinic_scope(floor.paul.clinic_id):
        Patient.objects.filter(pk=floor.paul.pk).update(time_zone="Pacific/Auckland")
        for kind, ref in (("recording", recording_ref), ("movement_day", uuid4()), ("parcel", uuid4())):
            add_timeline_entry(
                floor.paul, kind="movement", title=kind, at=LATE, object_kind=kind, object_ref=ref
            )
    page = signed_in(floor.people.nora).get(f"/c/north/patients/{floor.paul.ref}/").content.decode()
    assert f'<a href="/c/north/recordings/{recording_ref}/">recording</a>' in page
    assert f'<a href="/c/north/patients/{floor.paul.ref}/movement/days/2026-11-03/">movement_day</a>' in page
    assert ">parcel</a>" not in page
    assert "parcel" in page
