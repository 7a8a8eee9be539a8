"""Patients' names for the audit pages of the house, which lies below this app."""

from collections.abc import Iterable
from uuid import UUID

from patients.models import Patient
from patients.selectors.search import find_patients

MOST_FOUND = 200


class Directory:
    """Implements `clinic.audit.patients.PatientDirectory`, for the clinic in scope."""

    def names(self, ids: Iterable[int]) -> dict[int, str]:
        patients = Patient.objects.filter(pk__in=set(ids)).only(
            "pk", "clinic_id", "given_name", "family_name"
        )
        return {patient.pk: patient.full_name for patient in patients}

    def find(self, text: str) -> list[int]:
        """By reference, or by the beginning of a name."""
        try:
            found = Patient.objects.filter(ref=UUID(text.strip()))
        except ValueError:
            found = find_patients(Patient.objects.all(), text)
        return list(found.values_list("pk", flat=True)[:MOST_FOUND])

    def of_member(self, membership_id: int) -> int | None:
        return Patient.objects.filter(membership_id=membership_id).values_list("pk", flat=True).first()
