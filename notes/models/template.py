"""How a clinic's notes begin, and the phrases that its people type often."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class NoteTemplate(ClinicOwned):
    """Headings with what to write below each. A note keeps the words it was begun with."""

    class Kind(models.TextChoices):
        SOAP = "soap", "Visit note (SOAP)"
        EVALUATION = "evaluation", "Evaluation"
        PROGRESS = "progress", "Progress report"
        DISCHARGE = "discharge", "Discharge summary"

    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    sections = models.JSONField(default=list, help_text='[{"heading", "prompt"}], in order.')
    is_active = models.BooleanField(default=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "title"], condition=models.Q(is_active=True), name="one_template_per_title"
            ),
        ]

    def __str__(self) -> str:
        return f"note template {self.ref}"


class Phrase(ClinicOwned):
    """A short form that becomes a text while typing; without an owner it is the whole clinic's."""

    owner = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="phrases"
    )
    short = models.CharField(max_length=24, help_text="Typed after a dot, such as .slr")
    text = models.TextField(max_length=2000)

    class Meta(ClinicOwned.Meta):
        ordering = ["short", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "owner", "short"], name="one_phrase_per_short_form", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"phrase {self.ref}"
