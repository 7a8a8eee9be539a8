"""One clinic's choices about how its notes are written."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class NoteSettings(ClinicOwned):
    """At most one row a clinic; without one, nothing beyond typing is allowed."""

    dictation_allowed = models.BooleanField(
        default=False, help_text="The editor may turn speech into text, on the device alone."
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic"], name="one_note_settings_per_clinic"),
        ]

    def __str__(self) -> str:
        return f"note settings {self.ref}"
