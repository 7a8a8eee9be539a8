"""A clinic's choices about MotionTrend."""

from django.db import transaction

from clinic.tenancy.scope import current_clinic_id
from sessions.models import MovementSettings


def movement_settings() -> MovementSettings:
    """The choices of the clinic in scope; the defaults, not stored, when nothing was chosen."""
    stored = MovementSettings.objects.first()
    return stored if stored is not None else MovementSettings(clinic_id=current_clinic_id())


def update_movement_settings(
    *, false_alarms_per_26_weeks: float, expected_recovery: bool
) -> MovementSettings:
    """Store what a clinic's admin chose; each change is logged by field."""
    with transaction.atomic():
        stored, _ = MovementSettings.objects.select_for_update().get_or_create()
        stored.false_alarms_per_26_weeks = false_alarms_per_26_weeks
        stored.expected_recovery = expected_recovery
        stored.full_clean()
        stored.save()
    return stored
