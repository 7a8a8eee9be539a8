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
        self._log_field_changes()
        sign_in_lines.connect()

    def _log_field_changes(self) -> None:
        from clinic.audit import register
        from clinic.models import Invitation, Membership

        register(Membership, mask=["display_name"])
        register(Invitation, mask=["display_name", "email"], exclude=["token_hash"])
