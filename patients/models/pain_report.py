"""One answer to "how much pain do you have?", 0 to 10."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class PainReport(ClinicOwned):
    class Moment(models.TextChoices):
        BEFORE = "before", "Before exercise"
        AFTER = "after", "After exercise"
        NEXT_MORNING = "next_morning", "The next morning"
        STOP = "stop", "When you stopped"
        QUESTIONS = "questions", "The worst of 24 hours, in a questionnaire"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="pain_reports")
    value = models.PositiveSmallIntegerField()
    moment = models.CharField(max_length=12, choices=Moment.choices)
    at = models.DateTimeField()
    session_ref = models.UUIDField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(value__lte=10), name="pain_report_0_to_10"),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-at"], name="pain_report_of_patient")]

    def __str__(self) -> str:
        return f"pain report {self.ref}"
