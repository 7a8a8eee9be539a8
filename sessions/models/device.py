"""A sensor or gateway that sends by itself, and the batches that it sent."""

from django.db import models

from clinic.tenancy.models import ClinicOwned
from sessions.motion_trend.types import Placement


class Device(ClinicOwned):
    """One patient's device. Its token is shown once; only a hash is stored. `ref` is its id in the token."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Phone"
        WATCH = "watch", "Watch"
        METAMOTION = "metamotion", "MetaMotion sensor"
        GATEWAY = "gateway", "Sensor gateway"
        OTHER = "other", "Other sensor"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="devices")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=100)
    placement = models.CharField(max_length=16, blank=True, default="")
    token_hash = models.CharField(max_length=128)
    token_hint = models.CharField(max_length=4, blank=True, help_text="The last four characters.")
    created_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_battery = models.FloatField(null=True, blank=True, help_text="Share of a full battery, 0 to 1.")

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        indexes = [models.Index(fields=["clinic", "patient"], name="device_of_patient")]

    def __str__(self) -> str:
        return f"device {self.ref}"

    @property
    def placement_words(self) -> str:
        """Where it is worn, as a person reads it."""
        return Placement(self.placement).words if self.placement else "Not said"

    @property
    def battery_percent(self) -> int | None:
        """The battery as it last said."""
        return None if self.last_battery is None else round(100 * self.last_battery)

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None


class DeviceBatch(ClinicOwned):
    """A batch as it was accepted: sending it again changes nothing."""

    device = models.ForeignKey("rehab_sessions.Device", on_delete=models.PROTECT, related_name="batches")
    key = models.UUIDField(help_text="Idempotency key, chosen by the sender.")
    sha256 = models.CharField(max_length=64)
    recording = models.ForeignKey(
        "rehab_sessions.Recording",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="batches",
        help_text="Empty once the recording was deleted.",
    )
    first_ms = models.FloatField()
    last_ms = models.FloatField()
    sample_count = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "device", "key"], name="one_batch_per_key"),
        ]

    def __str__(self) -> str:
        return f"batch {self.ref}"
