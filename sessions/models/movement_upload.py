"""Files from sensors that somebody sent: kept only as long as their import needs them, remembered after."""

from typing import Any

from django.db import models

from clinic.tenancy.models import ClinicOwned


class MovementUpload(ClinicOwned):
    """Files sent together. `problem` says why they could not be read: file, line, words, cure, and for a
    table to explain its head, the guess and what is missing. `plans`: columns as somebody named them, by
    header key.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="movement_uploads")
    uploaded_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField("rehab_sessions.Job", on_delete=models.PROTECT, related_name="movement_upload")
    placement = models.CharField(max_length=16, blank=True, default="")
    activity = models.CharField(max_length=16, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    problem = models.JSONField(default=dict, blank=True)
    plans = models.JSONField(default=dict, blank=True, help_text="Columns as somebody named them.")
    plans_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    repairs = models.JSONField(default=list, blank=True, help_text="What was put right while reading.")
    recording = models.ForeignKey(
        "rehab_sessions.Recording",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="movement_uploads",
    )
    imported_at = models.DateTimeField(null=True, blank=True)
    file_deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["clinic", "created_at"],
                condition=models.Q(file_deleted_at=None),
                name="movement_upload_on_disk",
            ),
        ]

    def __str__(self) -> str:
        return f"movement upload {self.ref}"

    @property
    def needs_columns(self) -> bool:
        """Whether a person must say what the columns are."""
        is_open = self.imported_at is None and self.file_deleted_at is None and not self.job.is_over
        return bool(self.problem.get("head")) and is_open

    @property
    def head(self) -> dict[str, Any]:
        """The top of the table that a person must explain."""
        head: dict[str, Any] = self.problem.get("head", {})
        return head


class MovementUploadFile(ClinicOwned):
    """One file of an upload. Its contents lie on private disk until they are imported."""

    upload = models.ForeignKey(MovementUpload, on_delete=models.PROTECT, related_name="files")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=60)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta(ClinicOwned.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["clinic", "patient", "sha256"], name="same_file_of_patient")]

    def __str__(self) -> str:
        return f"movement upload file {self.ref}"
