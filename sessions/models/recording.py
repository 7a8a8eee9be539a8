"""What a camera or a sensor saw: landmarks of a set in sealed segments, or a sensor's samples in one file."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Recording(ClinicOwned):
    """One stretch of one sensor: of a set, of a test, or of a day.

    While it is received its samples lie in segments; once closed, a motion recording is one Parquet file.
    """

    class Modality(models.TextChoices):
        POSE = "pose", "Body landmarks"
        IMU = "imu", "Movement sensor"
        HEALTH = "health", "Health export"
        LAB = "lab", "Lab file"

    class Source(models.TextChoices):
        CAMERA = "camera", "Camera"
        SAMPLE = "sample", "Sample motion"
        VIDEO = "video", "Uploaded video"
        PHONE = "phone", "Phone"
        DEVICE = "device", "Worn sensor"
        UPLOAD = "upload", "Uploaded file"
        MQTT = "mqtt", "Sensor gateway"
        SIMULATED = "simulated", "Simulated"

    class Activity(models.TextChoices):
        FREE_LIVING = "free_living", "Daily life"
        WALK = "walk", "Walk"
        WALK_10M = "walk_10m", "10-metre walk"
        CHAIR_STAND_30S = "chair_stand_30s", "30-second chair stand"
        TUG = "tug", "Timed Up and Go"
        EXERCISE = "exercise", "Exercise"
        LAB = "lab", "Lab measurement"

    class State(models.TextChoices):
        OPEN = "open", "Receiving"
        CLOSED = "closed", "Closed"
        WAITING = "waiting", "Waiting to be analysed"
        ANALYSING = "analysing", "Being analysed"
        ANALYSED = "analysed", "Ready"
        FAILED = "failed", "Could not be analysed"

    exercise_set = models.ForeignKey(
        "rehab_sessions.ExerciseSet",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recordings",
    )
    patient = models.ForeignKey(
        "patients.Patient", null=True, blank=True, on_delete=models.PROTECT, related_name="recordings"
    )
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.POSE)
    source = models.CharField(max_length=10, choices=Source, default=Source.CAMERA)
    activity = models.CharField(max_length=16, choices=Activity, blank=True, default="")
    device = models.ForeignKey(
        "rehab_sessions.Device", null=True, blank=True, on_delete=models.PROTECT, related_name="recordings"
    )
    placement = models.CharField(max_length=16, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="", help_text="Shoe, walking aid and such.")
    uploaded_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    simulated = models.BooleanField(default=False, help_text="Made from generated motion, not from a person.")
    header = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    frame_count = models.PositiveIntegerField(default=0)
    segment_count = models.PositiveIntegerField(default=0)
    next_sequence = models.PositiveIntegerField(
        default=0, help_text="The first sequence number not stored yet."
    )
    last_capture_ms = models.FloatField(null=True, blank=True)
    connection = models.UUIDField(null=True, blank=True, help_text="The one connection that may add frames.")
    sampling_rate_hz = models.FloatField(null=True, blank=True)
    sample_count = models.BigIntegerField(default=0)
    file_key = models.CharField(max_length=300, blank=True, default="", help_text="In the motion storage.")
    file_sha256 = models.CharField(max_length=64, blank=True, default="")
    file_bytes = models.BigIntegerField(default=0)
    height_m = models.FloatField(null=True, blank=True, help_text="The height that the analysis used.")
    failure = models.CharField(max_length=500, blank=True, default="")
    protocol = models.JSONField(
        default=dict, blank=True, help_text="How a test was done: go_ms on the recording's clock, run_up_m."
    )
    reference = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="referred_by",
        help_text="A lab file's reference contraction: another of the patient's, or a part of this one.",
    )
    reference_start_s = models.FloatField(null=True, blank=True)
    reference_end_s = models.FloatField(null=True, blank=True)
    quality = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True, help_text="What the analysis found, with versions.")

    class Meta(ClinicOwned.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "exercise_set", "modality"], name="one_recording_per_modality"
            ),
            models.CheckConstraint(
                condition=models.Q(exercise_set__isnull=False) | models.Q(patient__isnull=False),
                name="recording_of_a_set_or_a_patient",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "patient", "-started_at"], name="recording_of_patient"),
            models.Index(
                fields=["clinic", "state", "updated_at"],
                condition=models.Q(state__in=("open", "waiting", "analysing"), exercise_set__isnull=True),
                name="recording_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"recording {self.ref}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def has_file(self) -> bool:
        return bool(self.file_key)

    @property
    def duration_s(self) -> float | None:
        """Seconds from the first sample to the last, where both are known."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


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
