"""Patients for tests. Plain functions; each opens the clinic's scope itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count

from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, CareTeamMember, EpisodeOfCare, Patient
from patients.red_flags import Severity
from patients.services import AlertRule, raise_alert
from tests.factories.kept import kept
from tests.people import People

_numbers = count(1)


def make_patient(
    clinic: Clinic,
    *,
    membership: Membership | None = None,
    care_team: Iterable[Membership] = (),
    given_name: str = "Person",
    family_name: str | None = None,
    **fields: object,
) -> Patient:
    """A patient with a care team and one active episode."""
    with clinic_scope(clinic.pk):
        patient = Patient.objects.create(
            membership=membership,
            given_name=given_name,
            family_name=family_name or f"Number{next(_numbers)}",
            birth_date=fields.pop("birth_date", date(1961, 5, 4)),
            **fields,
        )
        for member in care_team:
            CareTeamMember.objects.create(patient=patient, membership=member)
        EpisodeOfCare.objects.create(
            patient=patient, title="Left knee pain", body_region="knee", laterality="left"
        )
        return Patient.objects.select_related("clinic").get(pk=patient.pk)


@dataclass(frozen=True)
class Ward:
    """The records of the cast: Nora treats Paul and Petra at North, Sam treats Sid at South."""

    people: People
    paul: Patient
    petra: Patient
    sid: Patient


@kept
def make_ward(people: People) -> Ward:
    return Ward(
        people=people,
        paul=make_patient(
            people.north,
            membership=people.paul,
            care_team=[people.nora, people.ash],
            given_name="Paul",
            family_name="Ellsworth",
        ),
        petra=make_patient(
            people.north,
            membership=people.petra,
            care_team=[people.nora],
            given_name="Petra",
            family_name="Quillfeather",
        ),
        sid=make_patient(
            people.south,
            membership=people.sid,
            care_team=[people.sam],
            given_name="Sid",
            family_name="Marlowe",
        ),
    )


def make_alert(patient: Patient, *, severity: str = "same_day", headline: str = "Growing weakness") -> Alert:
    with clinic_scope(patient.clinic_id):
        rule = AlertRule(id="worsening_nerves", version=1, headline=headline, severity=Severity(severity))
        return raise_alert(patient, rule, text_shown="Call your therapist today.", answers={"ticked": []})
