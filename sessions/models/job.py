"""Work that takes a while, with its progress; and the video files that wait for it."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Job(ClinicOwned):
    class Kind(models.TextChoices):
        VIDEO = "video", "Video analysis"
        MOTION = "motion", "Sensor analysis"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress = models.FloatField(default=0, help_text="0 to 1.")
    message = models.CharField(max_length=300, blank=True)
    patient = models.ForeignKey("patients.Patient", null=True, on_delete=models.PROTECT, related_name="jobs")
    object_ref = models.UUIDField(
        null=True, blank=True, help_text="What the job works on, such as a session."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"job {self.ref}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int:
        return round(100 * self.progress)


class VideoUpload(ClinicOwned):
    """A film on private disk, for as long as its analysis needs it (longer only with the patient's
    consent).
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="video_uploads")
    uploaded_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    exercise_set = models.ForeignKey(
        "rehab_sessions.ExerciseSet", on_delete=models.PROTECT, related_name="video_uploads"
    )
    job = models.ForeignKey("rehab_sessions.Job", on_delete=models.PROTECT, related_name="video_uploads")
    stored_name = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    analysed_at = models.DateTimeField(null=True, blank=True)
    file_deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"video {self.ref}"
