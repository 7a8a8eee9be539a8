"""Annotation: texts that two people mark blind and a third settles, and the data sets made of them."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class AnnotationProject(ClinicOwned):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    title = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    guideline = models.TextField(help_text="As the annotators read it.")
    guideline_version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    preannotate = models.BooleanField(
        default=True, help_text="Show what the extractor finds, to accept or reject."
    )
    annotators_per_document = models.PositiveSmallIntegerField(default=2)
    made_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"annotation project {self.ref}"


class ProjectMember(ClinicOwned):
    class Part(models.TextChoices):
        LEAD = "lead", "Lead"
        ANNOTATOR = "annotator", "Annotator"
        ADJUDICATOR = "adjudicator", "Adjudicator"

    project = models.ForeignKey("notes.AnnotationProject", on_delete=models.PROTECT, related_name="members")
    membership = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part)

    class Meta(ClinicOwned.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "project", "membership", "part"], name="one_part_once_in_a_project"
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.membership_id} of project {self.project_id}"


class ProjectDocument(ClinicOwned):
    """A text in a project. It enters only after somebody has looked at what may name a person."""

    class State(models.TextChoices):
        TO_CLEAR = "to_clear", "Names to be checked"
        OPEN = "open", "To annotate"
        TO_SETTLE = "to_settle", "To adjudicate"
        SETTLED = "settled", "Settled"
        LEFT_OUT = "left_out", "Left out"

    project = models.ForeignKey("notes.AnnotationProject", on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=80, help_text="The id in exports; names nobody.")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    source_note = models.ForeignKey(
        "notes.VisitNote",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Only until its names are checked: who may not open the patient must not read it.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.TO_CLEAR)
    suspects = models.JSONField(
        default=list, help_text="[{start, end, kind, decision}] of what may name a person."
    )
    cleared_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    proposals = models.JSONField(
        default=list, help_text="What the extractor found: start, end, label, assertion, probability."
    )
    came_annotated = models.BooleanField(
        default=False, help_text="Its spans were imported: it is settled once it is cleared."
    )
    proposed_by = models.CharField(max_length=80, blank=True, help_text="System and version.")
    uncertainty = models.FloatField(default=0, help_text="0 sure to 1 unsure: the unsure come first.")
    settled = models.JSONField(default=list, help_text="The agreed entities.")
    settled_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["project", "id"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "project", "name"], name="one_document_per_name"),
            models.UniqueConstraint(
                fields=["clinic", "project", "text_sha256"], name="one_document_per_text"
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.ref}"


class Annotation(ClinicOwned):
    """One annotator's spans of one document; nobody else of the annotators sees it before it is settled."""

    class State(models.TextChoices):
        OPEN = "open", "Begun"
        SUBMITTED = "submitted", "Handed in"

    document = models.ForeignKey(
        "notes.ProjectDocument", on_delete=models.PROTECT, related_name="annotations"
    )
    annotator = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    entities = models.JSONField(default=list, help_text="[{start, end, label, assertion, origin}]")
    proposals = models.JSONField(
        default=list, help_text="What this annotator was shown, as it stood when they began."
    )
    rejected = models.JSONField(default=list, help_text="[{start, end, label}] of refused proposals.")
    revision = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)
    seconds_open = models.PositiveIntegerField(default=0)

    class Meta(ClinicOwned.Meta):
        ordering = ["document", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "document", "annotator"], name="one_annotation_per_annotator"
            ),
        ]

    def __str__(self) -> str:
        return f"annotation {self.ref}"


class DataSetVersion(ClinicOwned):
    """What a project had settled at one moment, unchangeable; a model names the version it learned from."""

    project = models.ForeignKey("notes.AnnotationProject", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField(help_text="JSONL: one document a line, with its offsets.")
    sha256 = models.CharField(max_length=64)
    document_count = models.PositiveIntegerField()
    entity_count = models.PositiveIntegerField()
    agreement = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicOwned.Meta):
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "project", "number"], name="one_data_set_per_number"),
        ]

    def __str__(self) -> str:
        return f"data set {self.ref}"
