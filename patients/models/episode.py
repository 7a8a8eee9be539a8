"""One problem for which a patient is treated, from first visit to discharge."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class EpisodeOfCare(ClinicOwned):
    class BodyRegion(models.TextChoices):
        NECK = "neck", "Neck"
        SHOULDER = "shoulder", "Shoulder"
        ELBOW_HAND = "elbow_hand", "Elbow, wrist or hand"
        BACK = "back", "Back"
        HIP = "hip", "Hip"
        KNEE = "knee", "Knee"
        ANKLE_FOOT = "ankle_foot", "Ankle or foot"
        BALANCE = "balance", "Balance and walking"
        OTHER = "other", "Other"

    class Laterality(models.TextChoices):
        LEFT = "left", "Left"
        RIGHT = "right", "Right"
        BOTH = "both", "Both sides"
        NOT_APPLICABLE = "not_applicable", "No side"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        FINISHED = "finished", "Finished"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="episodes")
    title = models.CharField(max_length=200)
    body_region = models.CharField(max_length=16, choices=BodyRegion.choices, default=BodyRegion.OTHER)
    laterality = models.CharField(
        max_length=16, choices=Laterality.choices, default=Laterality.NOT_APPLICABLE
    )
    onset_date = models.DateField(null=True, blank=True)
    surgery_date = models.DateField(null=True, blank=True)
    precautions = models.TextField(blank=True, max_length=2000)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)

    class Meta(ClinicOwned.Meta):
        indexes = [models.Index(fields=["clinic", "patient", "status"], name="episode_of_patient")]

    def __str__(self) -> str:
        return f"episode {self.ref}"

    @property
    def side_words(self) -> str:
        """The side, where the title does not say it already."""
        words = str(self.get_laterality_display()).lower()
        if self.laterality == self.Laterality.NOT_APPLICABLE or words in self.title.lower().split():
            return ""
        return words
