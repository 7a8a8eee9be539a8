"""What a clinic lets the assistant quote, beside a patient's own plan."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Article(ClinicOwned):
    """A page of the clinic's knowledge, or a corrected answer to a question. Its words are its versions'.

    A corrected answer may stand for one patient alone.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", "Article"
        CORRECTION = "correction", "Corrected answer"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ARTICLE)
    patient = models.ForeignKey(
        "patients.Patient", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    turn = models.ForeignKey(
        "rehab_sessions.Turn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
        help_text="The answer that it corrects.",
    )
    exercise_code = models.CharField(max_length=64, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"article {self.ref}"


class ArticleVersion(ClinicOwned):
    """One wording. Only an approved one is quoted; it is never changed afterwards."""

    article = models.ForeignKey("rehab_sessions.Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    questions = models.JSONField(default=list, help_text="Wordings under which it should be found.")
    body = models.TextField(max_length=6000)
    source = models.CharField(max_length=300, blank=True)
    written_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "article", "number"], name="one_article_version_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"article version {self.ref}"
