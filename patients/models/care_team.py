"""Who may open a patient: row-level security separates clinics, the care team separates patients."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class CareTeamMember(ClinicOwned):
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="care_team")
    membership = models.ForeignKey(
        "clinic.Membership", on_delete=models.PROTECT, related_name="care_team_places"
    )
    role_note = models.CharField(max_length=100, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic", "patient", "membership"], name="care_team_member_once"),
        ]
        indexes = [models.Index(fields=["clinic", "membership", "patient"], name="care_team_of_member")]

    def __str__(self) -> str:
        return f"care team place {self.ref}"
