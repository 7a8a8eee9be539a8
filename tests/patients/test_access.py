"""Who may open which patient."""

from uuid import uuid4

import pytest

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients.errors import NotOnCareTeam, PatientNotFound
from patients.selectors import access_patient, patient_of, patients_for
from tests.factories.patients import Ward


def test_the_care_team_opens_the_patient_and_the_look_is_audited(at_north: Ward) -> None:
    patient = access_patient(at_north.people.nora, at_north.paul.ref, purpose="test")
    assert patient == at_north.paul
    event = AuditEvent.objects.filter(clinic=at_north.people.north).latest("sequence")
    assert (event.action, event.patients, event.object_ref) == ("view", [patient.pk], patient.ref)


def test_a_colleague_not_on_the_team_is_refused_and_the_refusal_audited(at_north: Ward) -> None:
    with pytest.raises(NotOnCareTeam):
        access_patient(at_north.people.ola, at_north.paul.ref, purpose="test")
    event = AuditEvent.objects.filter(clinic=at_north.people.north).latest("sequence")
    assert (event.action, event.patients) == ("denied", [at_north.paul.pk])


def test_the_admin_is_a_colleague_like_any_other(at_north: Ward) -> None:
    with pytest.raises(NotOnCareTeam):
        access_patient(at_north.people.ada, at_north.paul.ref, purpose="test")


def test_another_patient_finds_nobody(at_north: Ward) -> None:
    with pytest.raises(PatientNotFound):
        access_patient(at_north.people.petra, at_north.paul.ref, purpose="test")


def test_a_patient_finds_themselves(at_north: Ward) -> None:
    assert patient_of(at_north.people.paul) == at_north.paul
    assert list(patients_for(at_north.people.paul)) == [at_north.paul]


def test_staff_are_no_patients(at_north: Ward) -> None:
    with pytest.raises(PatientNotFound):
        patient_of(at_north.people.nora)


@pytest.mark.parametrize("ref", ["not-a-ref", uuid4()])
def test_an_unknown_reference_is_not_found(at_north: Ward, ref: object) -> None:
    with pytest.raises(PatientNotFound):
        access_patient(at_north.people.nora, ref, purpose="test")  # type: ignore[arg-type]


def test_another_clinic_sees_nothing(ward: Ward) -> None:
    with clinic_scope(ward.people.south.pk), pytest.raises(PatientNotFound):
        access_patient(ward.people.sam, ward.paul.ref, purpose="test")


def test_two_clinics_two_caseloads(ward: Ward) -> None:
    with clinic_scope(ward.people.north.pk):
        assert set(patients_for(ward.people.nora)) == {ward.paul, ward.petra}
        assert list(patients_for(ward.people.bea_north)) == []
    with clinic_scope(ward.people.south.pk):
        assert list(patients_for(ward.people.sam)) == [ward.sid]
