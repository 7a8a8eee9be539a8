"""What a clinician wrote about a visit: one text, its versions, and who signed it."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class VisitNote(ClinicOwned):
    """One note. Its text is changed in drafts only; what comes later is an addendum, a note of its own."""

    class Kind(models.TextChoices):
        SOAP = "soap", "Visit note"
        EVALUATION = "evaluation", "Evaluation"
        PROGRESS = "progress", "Progress report"
        DISCHARGE = "discharge", "Discharge summary"
        ADDENDUM = "addendum", "Addendum"
        IMPORTED = "imported", "Note written elsewhere"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        AWAITING_COSIGNATURE = "awaiting", "Waits for the co-signature"
        SIGNED = "signed", "Signed"
        ENTERED_IN_ERROR = "error", "Entered in error"
        DISCARDED = "discarded", "Discarded draft"

    class Reading(models.TextChoices):
        """Whether the facts stored with the note are those of its text."""

        WAITING = "waiting", "Being read"
        DONE = "done", "Read"
        BY_RULES = "by_rules", "Read by rules alone"
        FAILED = "failed", "Could not be read"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="visit_notes")
    session = models.ForeignKey(
        "rehab_sessions.TherapySession",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visit_notes",
    )
    addendum_to = models.ForeignKey(
        "notes.VisitNote", null=True, blank=True, on_delete=models.PROTECT, related_name="addenda"
    )
    template = models.ForeignKey(
        "notes.NoteTemplate", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=120)
    occurred_on = models.DateField(help_text="Day of the visit, in the patient's zone.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0, help_text="Grows with each stored change of the text.")
    author = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="notes_written")
    drafted_by_rules = models.BooleanField(default=False, help_text="The first text was made of a session.")
    editor = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    editor_seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of the open editor.")

    signed_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="notes_signed"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the text that was signed.")
    cosigner = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="notes_to_cosign"
    )
    cosigned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Discarded or marked as an error.")
    ended_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.CharField(max_length=300, blank=True)

    source_name = models.CharField(max_length=200, blank=True, help_text="Name of the imported file.")
    source_format = models.CharField(max_length=8, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    page_starts = models.JSONField(default=list, help_text="Offset in the text at which each page begins.")
    source_warnings = models.JSONField(default=list, help_text="What reading the file could not take over.")

    reading = models.CharField(max_length=10, choices=Reading, default=Reading.WAITING)
    read_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the text that was read last.")
    read_by = models.CharField(max_length=80, blank=True, help_text="System and version that read it.")
    reading_warning = models.CharField(max_length=300, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["clinic", "patient", "-occurred_on"], name="note_of_patient"),
            models.Index(fields=["clinic", "status", "author"], name="note_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=False)
                | ~models.Q(status__in=["awaiting", "signed", "error"]),
                name="note_signed_has_a_signature",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="addendum") | models.Q(addendum_to__isnull=False),
                name="note_addendum_has_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.ref}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_locked(self) -> bool:
        """Signed or ended: the text stays as it is."""
        return not self.is_draft


class NoteVersion(ClinicOwned):
    """The text as it was at one moment, kept for good."""

    class Reason(models.TextChoices):
        BEGUN = "begun", "Begun"
        SAVED = "saved", "Saved"
        RESTORED = "restored", "An older version was taken back"
        REFUSED = "refused", "Written beside somebody else's text"
        SETTLED = "settled", "Written beside somebody else's text, looked at"
        SIGNED = "signed", "Signed"

    note = models.ForeignKey("notes.VisitNote", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.SAVED)
    saved_at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        ordering = ["note", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "note", "number"], name="one_note_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of note {self.note_id}"


class NoteBasis(ClinicOwned):
    """What a drafted sentence rests on. It belongs to the sentence as drafted: once changed, it is the
    author's own.
    """

    class Kind(models.TextChoices):
        SESSION = "session", "Session"
        SET = "set", "Set"
        REPETITION = "repetition", "Repetition"
        PAIN = "pain", "Pain entry"
        TREND = "trend", "Movement over time"
        TEST = "test", "Movement test"
        PLAN = "plan", "Plan"
        MESSAGE = "message", "Message"
        GOAL = "goal", "Goal"
        ALERT = "alert", "Alert"

    note = models.ForeignKey("notes.VisitNote", on_delete=models.PROTECT, related_name="bases")
    order = models.PositiveSmallIntegerField()
    sentence = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind)
    object_ref = models.UUIDField(null=True, blank=True)
    within_ref = models.UUIDField(null=True, blank=True, help_text="Session whose page shows the object.")
    words = models.CharField(max_length=200, help_text="What is opened, in words.")

    class Meta(ClinicOwned.Meta):
        ordering = ["note", "order"]

    def __str__(self) -> str:
        return f"basis {self.order} of note {self.note_id}"
