"""What the camera saw of a set: landmarks in sealed segments, never pictures."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Recording(ClinicOwned):
    class Modality(models.TextChoices):
        POSE = "pose", "Body landmarks"

    class State(models.TextChoices):
        OPEN = "open", "Receiving"
        CLOSED = "closed", "Closed"

    exercise_set = models.ForeignKey(
        "rehab_sessions.ExerciseSet", on_delete=models.PROTECT, related_name="recordings"
    )
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.POSE)
    header = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    frame_count = models.PositiveIntegerField(default=0)
    segment_count = models.PositiveIntegerField(default=0)
    next_sequence = models.PositiveIntegerField(
        default=0, help_text="The first sequence number not stored yet."
    )
    last_capture_ms = models.FloatField(null=True, blank=True)
    connection = models.UUIDField(null=True, blank=True, help_text="The one connection that may add frames.")

    class Meta(ClinicOwned.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "exercise_set", "modality"], name="one_recording_per_modality"
            ),
        ]

    def __str__(self) -> str:
        return f"recording {self.ref}"


class RecordingSegment(ClinicOwned):
    """About ten seconds of frames, sealed: written once, never changed."""

    recording = models.ForeignKey(
        "rehab_sessions.Recording", on_delete=models.PROTECT, related_name="segments"
    )
    index = models.PositiveIntegerField()
    first_sequence = models.PositiveIntegerField()
    last_sequence = models.PositiveIntegerField()
    frame_count = models.PositiveIntegerField()
    clock_offset_ms = models.FloatField(
        default=0, help_text="To add to the capture times: the page was reloaded and its clock began again."
    )
    codec = models.CharField(max_length=20)
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as received, before compression.")

    class Meta(ClinicOwned.Meta):
        ordering = ["recording", "index"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "recording", "index"], name="one_segment_per_index"),
            models.UniqueConstraint(
                fields=["clinic", "recording", "first_sequence"], name="one_segment_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"segment {self.index} of recording {self.recording_id}"
