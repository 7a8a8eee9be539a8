"""The prescriptions app."""

from django.apps import AppConfig


class PrescriptionsConfig(AppConfig):
    """What we ask them to do."""

    name = "prescriptions"
    label = "prescriptions"
    default_auto_field = "django.db.models.BigAutoField"
