"""The notes app: what a clinician wrote, and the facts in it."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "notes"
    label = "notes"
    verbose_name = "Notes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notes import auditing, model_product, panels, session_panel, uploads
        from sessions.demo import further

        auditing.register_models()
        model_product.register_models()
        panels.register_panels()
        session_panel.register_panels()
        uploads.register_uploads()
        further.when_seeded("notes", "notes.demo.seed.write_notes")
