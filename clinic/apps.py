"""The clinic app."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """Tenants, people and the kit that every app stands on."""

    name = "clinic"
    label = "clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clinic.audit import field_changes, sign_in_lines
        from clinic.tenancy import checks  # noqa: F401  (registers the startup checks)

        field_changes.connect()
        sign_in_lines.connect()
