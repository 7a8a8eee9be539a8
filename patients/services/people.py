"""Patients, their problem, who cares for them, and what they allow."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.errors import AlreadyOnCareTeam, LastOnCareTeam, TimeZoneUnknown
from patients.events import send_after_commit
from patients.local_time import zone_named
from patients.models import CareTeamMember, Consent, EpisodeOfCare, Patient
from patients.services.attention import review_attention
from patients.services.timeline import add_timeline_entry


@dataclass(frozen=True)
class Identity:
    """Who a patient is."""

    given_name: str
    family_name: str
    birth_date: date | None = None
    sex: str = Patient.Sex.UNKNOWN
    height_cm: int | None = None
    phone: str = ""
    time_zone: str = ""

    def __post_init__(self) -> None:
        if self.time_zone:
            try:
                zone_named(self.time_zone)
            except ZoneInfoNotFoundError as error:
                raise TimeZoneUnknown(self.time_zone) from error


@dataclass(frozen=True)
class Problem:
    """What a patient is treated for."""

    title: str
    body_region: str = EpisodeOfCare.BodyRegion.OTHER
    laterality: str = EpisodeOfCare.Laterality.NOT_APPLICABLE
    onset_date: date | None = None
    surgery_date: date | None = None
    precautions: str = ""


def create_patient(
    identity: Identity, *, by: Membership, problem: Problem | None = None, simulated: bool = False
) -> Patient:
    """A new patient, with whoever wrote them down as the first of the care team."""
    with transaction.atomic():
        patient = Patient.objects.create(**vars(identity), simulated=simulated)
        CareTeamMember.objects.create(patient=patient, membership=by)
        if problem is not None:
            EpisodeOfCare.objects.create(patient=patient, **vars(problem))
        review_attention(patient)
        record("create", patient=patient.pk, object_type="patients.Patient", object_ref=patient.ref)
        send_after_commit("patient.created", patient, ref=patient.ref)
    return patient


def update_patient(patient: Patient, identity: Identity) -> Patient:
    """Correct who a patient is."""
    with transaction.atomic():
        _set(patient, vars(identity))
        record("change", patient=patient.pk, object_type="patients.Patient", object_ref=patient.ref)
    return patient


def set_height(patient: Patient, height_cm: int) -> Patient:
    """Note how tall a patient is, as they say themselves."""
    with transaction.atomic():
        patient.height_cm = height_cm
        patient.save(update_fields=["height_cm", "updated_at"])
        record("change", patient=patient.pk, object_type="patients.Patient", object_ref=patient.ref)
    return patient


def write_episode(patient: Patient, problem: Problem) -> EpisodeOfCare:
    """Say what the patient is treated for now: corrects the active episode or begins one."""
    with transaction.atomic():
        active = EpisodeOfCare.objects.filter(patient=patient, status=EpisodeOfCare.Status.ACTIVE)
        episode = active.order_by("-created_at").first() or EpisodeOfCare(patient=patient)
        _set(episode, vars(problem))
        record("change", patient=patient.pk, object_type="patients.EpisodeOfCare", object_ref=episode.ref)
    return episode


def _set(row: Patient | EpisodeOfCare, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def add_to_care_team(
    patient: Patient, membership: Membership, *, by: Membership | None = None, role_note: str = ""
) -> CareTeamMember:
    """Let a colleague open this patient. Raises AlreadyOnCareTeam."""
    try:
        with transaction.atomic():
            place = CareTeamMember.objects.create(
                patient=patient, membership=membership, role_note=role_note[:100]
            )
            add_timeline_entry(
                patient, kind="care_team", title=f"{membership.display_name} joined the care team", by=by
            )
            record(
                "create",
                patient=patient.pk,
                object_type="patients.CareTeamMember",
                object_ref=place.ref,
                detail={"membership": membership.pk},
            )
    except IntegrityError as error:
        raise AlreadyOnCareTeam from error
    return place


def remove_from_care_team(place: CareTeamMember, *, by: Membership) -> None:
    """Take the right to open this patient away. Raises LastOnCareTeam: nobody would see the alerts."""
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=place.patient_id)
        if CareTeamMember.objects.filter(patient=patient).count() == 1:
            raise LastOnCareTeam
        title = f"{place.membership.display_name} left the care team"
        add_timeline_entry(patient, kind="care_team", title=title, by=by)
        ref, membership_id = place.ref, place.membership_id
        place.delete()
        record(
            "delete",
            patient=patient.pk,
            object_type="patients.CareTeamMember",
            object_ref=ref,
            detail={"membership": membership_id},
        )


def give_consent(patient: Patient, kind: str) -> Consent:
    """The patient allows `kind` from now on; saying it twice changes nothing."""
    with transaction.atomic():
        consent, given = Consent.objects.get_or_create(
            patient=patient,
            kind=Consent.Kind(kind).value,
            withdrawn_at=None,
            defaults={"given_at": timezone.now()},
        )
        if given:
            _tell_consent(patient, consent, "Allowed")
    return consent


def withdraw_consent(patient: Patient, kind: str) -> Consent | None:
    """The patient takes `kind` back; None when it was not given."""
    with transaction.atomic():
        open_ones = Consent.objects.select_for_update().filter(
            patient=patient, kind=Consent.Kind(kind).value, withdrawn_at=None
        )
        consent = open_ones.first()
        if consent is None:
            return None
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at", "updated_at"])
        _tell_consent(patient, consent, "Took back")
    return consent


def _tell_consent(patient: Patient, consent: Consent, verb: str) -> None:
    title = f"{verb}: {Consent.Kind(consent.kind).label.lower()}"
    add_timeline_entry(patient, kind="consent", title=title, by=patient.membership)
    record("change", patient=patient.pk, object_type="patients.Consent", object_ref=consent.ref)
    send_after_commit("consent.changed", patient, ref=consent.ref)
