"""The sessions app; labelled apart from Django's own sessions."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "rehab_sessions"
    verbose_name = "Sessions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sessions import auditing, conversation_hooks, panels

        auditing.register_models()
        panels.register_panels()
        conversation_hooks.register_conversations()
