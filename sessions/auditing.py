"""Which field changes are logged. Segments and repetitions are machine output.

Logged as whole acts, not by field.
"""

from clinic.audit import register


def register_models() -> None:
    """Called once when the app is ready."""
    from sessions import models

    register(models.TherapySession, mask=["stop_reason"])
    register(models.VideoUpload, exclude=["stored_name", "sha256"])
    register(models.Device, mask=["name"], exclude=["token_hash", "last_seen_at", "last_battery"])
    register(models.MovementAlarm, mask=["reason", "metrics", "artefacts"])
    register(models.MovementRequest)
    register(models.MovementSettings)
    register(models.ColumnMapping, exclude=["last_used_at"])
    register(models.MovementUpload, mask=["note", "problem"], exclude=["repairs"])
    register(models.Conversation, mask=["asked", "walk"])
    register(models.Article)
    register(models.ArticleVersion, mask=["title", "questions", "body"])
    register(models.AssistantSettings)
    register(models.ModelProvider, exclude=["sealed_key"], mask=["base_url"])
