"""Which field changes are logged; texts are masked. Facts and findings are logged as whole acts."""

from clinic.audit import register


def register_models() -> None:
    """Called once when the app is ready."""
    from clinic.models import RegisteredModel
    from notes import models

    register(models.NoteSettings)
    register(models.NoteTemplate)
    register(models.Phrase, mask=["text"])
    register(
        models.VisitNote,
        mask=["text", "title", "end_reason", "source_name"],
        exclude=[
            "editor",
            "editor_seen_at",
            "reading",
            "read_sha256",
            "read_by",
            "reading_warning",
            "revision",
        ],
    )
    register(models.AnnotationProject, mask=["guideline"])
    register(models.ProjectMember)
    register(
        models.ProjectDocument, mask=["text"], exclude=["suspects", "proposals", "settled", "uncertainty"]
    )
    register(models.DataSetVersion, exclude=["content", "agreement"])
    register(RegisteredModel, exclude=["card", "scores", "comparison", "parameters"])
