"""The tables of the audit trail. Rows are added by `clinic.audit.record`, chained by a trigger, and never
changed.
"""

from typing import Any, ClassVar

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from clinic.audit.field_changes import patient_of
from clinic.tenancy.models import ClinicManager, ClinicOwned


class AuditEvent(models.Model):
    """One action by one person. Read it with `clinic.audit.selectors`; a row without a clinic is the
    platform's.
    """

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey("clinic.Clinic", on_delete=models.PROTECT, null=True, related_name="+")
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=20)
    actor_user_id = models.BigIntegerField(null=True)
    actor_membership_id = models.BigIntegerField(null=True)
    actor_role = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=64, blank=True)
    via = models.CharField(max_length=10, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    object_type = models.CharField(max_length=100, blank=True)
    object_ref = models.UUIDField(null=True)
    patients = ArrayField(models.BigIntegerField(), default=list)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "sequence"], name="audit_event_sequence_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(clinic__isnull=False) | models.Q(patients=[]),
                name="audit_event_patients_have_clinic",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "-at"], name="audit_event_at"),
            models.Index(fields=["clinic", "actor_membership_id", "-at"], name="audit_event_actor"),
            models.Index(fields=["clinic", "action", "-at"], name="audit_event_action"),
        ]

    def __str__(self) -> str:
        return f"audit event {self.clinic_id}/{self.sequence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("audit events are written by clinic.audit.record and never changed")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("audit events are never deleted")


class AuditEventPatient(ClinicOwned):
    """One patient whom an event showed: lets "who looked at this patient" use an index. Filled by a
    trigger.
    """

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="shown_patients")
    patient_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic", "event", "patient_id"], name="audit_event_patient_once")
        ]
        indexes = [models.Index(fields=["clinic", "patient_id", "-at"], name="audit_event_patient_at")]

    def __str__(self) -> str:
        return f"patient {self.patient_id} in event {self.event_id}"


class AuditChainHead(models.Model):
    """Last link of each chain (0 is the platform's). Only the chaining trigger may touch it."""

    chain = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"head of chain {self.chain}"


class AuditSeal(models.Model):
    """A chain's head, signed with a key that the database does not hold: a rewritten chain no longer fits
    its seals.
    """

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey("clinic.Clinic", on_delete=models.PROTECT, null=True, related_name="+")
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "sequence"], name="audit_seal_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.clinic_id}/{self.sequence}"


class FieldChangeManager(ClinicManager, LogEntryManager):
    """django-auditlog's manager inside one clinic; knows whom the changed row is about."""

    use_in_migrations = False

    def log_create(self, instance: models.Model, force_log: bool = False, **kwargs: Any) -> Any:
        kwargs.setdefault("patient_id", patient_of(instance))
        return super().log_create(instance, force_log=force_log, **kwargs)


class FieldChange(ClinicOwned, AbstractLogEntry):
    """What django-auditlog writes: which field went from what to what, with the patient it was about."""

    patient_id = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar[FieldChangeManager] = FieldChangeManager()

    class Meta(ClinicOwned.Meta):
        ordering = ["-timestamp"]
        indexes = [models.Index(fields=["clinic", "patient_id", "-timestamp"], name="field_change_patient")]

    def __str__(self) -> str:
        return f"field change {self.pk}"
