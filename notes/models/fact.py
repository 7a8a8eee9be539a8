"""What a note says: marked spans, and the values made of them."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class NoteFact(ClinicOwned):
    """A span of the note's text at `text_revision`, found by the extractor or marked by a clinician."""

    class Origin(models.TextChoices):
        EXTRACTED = "extracted", "Found"
        CLINICIAN = "clinician", "Marked by a clinician"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Not looked at"
        CONFIRMED = "confirmed", "Confirmed"
        REMOVED = "removed", "Taken away"

    note = models.ForeignKey("notes.VisitNote", on_delete=models.CASCADE, related_name="facts")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    label = models.CharField(max_length=16)
    assertion = models.CharField(max_length=12, default="present")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EXTRACTED)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    probability = models.FloatField(null=True, blank=True)
    found_as = models.JSONField(
        default=dict, help_text="Start, end, label and assertion before a clinician changed them."
    )
    links = models.JSONField(
        default=dict, help_text="Region, side, motion or measure of a value, given by hand."
    )
    decided_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        ordering = ["note", "start"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="note_fact_has_a_length"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "note", "start"], name="fact_of_note")]

    def __str__(self) -> str:
        return f"fact {self.ref}"


class Finding(ClinicOwned):
    """One value of a patient out of a signed note: pain, a range, a strength grade or a score."""

    class Kind(models.TextChoices):
        PAIN = "pain", "Pain"
        RANGE = "range", "Range of motion"
        STRENGTH = "strength", "Strength"
        SCORE = "score", "Outcome score"

    note = models.ForeignKey("notes.VisitNote", on_delete=models.PROTECT, related_name="findings")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="note_findings")
    observed_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    start = models.PositiveIntegerField(help_text="Of the value, in the note's text.")
    end = models.PositiveIntegerField()
    low = models.FloatField()
    high = models.FloatField()
    unit = models.CharField(max_length=12)
    out_of = models.FloatField(null=True, blank=True)
    region = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=12, blank=True)
    motion = models.CharField(max_length=60, blank=True)
    measure = models.CharField(max_length=80, blank=True)
    icf_code = models.CharField(max_length=12, blank=True)
    is_goal = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Its note was entered in error.")

    class Meta(ClinicOwned.Meta):
        ordering = ["-observed_on", "note", "start"]
        indexes = [
            models.Index(fields=["clinic", "patient", "kind", "-observed_on"], name="finding_of_patient"),
            models.Index(fields=["clinic", "kind", "region", "motion", "high"], name="finding_by_value"),
        ]

    def __str__(self) -> str:
        return f"finding {self.ref}"


class ReadingRun(ClinicOwned):
    """A clinic's notes read again, one after the other; it goes on where it stopped."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_note_id = models.BigIntegerField(default=0, help_text="Notes up to this key are done.")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    read_by = models.CharField(max_length=80, blank=True, help_text="System and version.")
    message = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"reading run {self.ref}"
