"""Which field changes are logged. Segments and repetitions are machine output.

Logged as whole acts, not by field.
"""

from clinic.audit import register


def register_models() -> None:
    """Called once when the app is ready."""
    from sessions import models

    register(models.TherapySession, mask=["stop_reason"])
    register(models.VideoUpload, exclude=["stored_name", "sha256"])
