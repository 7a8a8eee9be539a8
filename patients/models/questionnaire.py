"""Questions that a therapist asked for, and what the patient answered each time."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class QuestionnaireRequest(ClinicOwned):
    """Asked once (`every_weeks` 0) or every so many weeks; at most one of a patient stands.

    `due_on`: the patient's day from which the next answers are awaited. `put_off_until`: the day before which
    Today does not remind of them. It ends when the only answers are in, or when a therapist withdraws it.
    """

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="questionnaire_requests"
    )
    asked_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    activities = models.JSONField(default=list)
    every_weeks = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    put_off_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=models.Q(ended_at__isnull=True),
                name="questionnaire_request_one_stands",
            ),
            models.CheckConstraint(
                condition=models.Q(every_weeks__lte=26), name="questionnaire_request_within_half_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"questionnaire request {self.ref}"


class QuestionnaireResponse(ClinicOwned):
    """Answers by link id, whole numbers on the question's scale; a question left out is not there.

    `activities` are those of the request at that time, `version` the version of the questions, `due_on` the
    request's: one response for each time that it was asked.
    """

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="questionnaire_responses"
    )
    request = models.ForeignKey(
        "patients.QuestionnaireRequest", on_delete=models.PROTECT, related_name="responses"
    )
    due_on = models.DateField()
    authored_at = models.DateTimeField()
    version = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict)
    activities = models.JSONField(default=list)
    words = models.TextField(blank=True, max_length=2000)
    alert = models.ForeignKey(
        "patients.Alert", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "request", "due_on"], name="questionnaire_response_once_each_time"
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "patient", "-authored_at"], name="questionnaire_of_patient"),
        ]

    def __str__(self) -> str:
        return f"questionnaire response {self.ref}"
