"""Which field changes are logged, with identifiers and free text masked."""

from clinic.audit import register


def register_models() -> None:
    """Called once when the app is ready."""
    from patients import models

    register(
        models.Patient,
        mask=["given_name", "family_name", "birth_date", "phone", "sex", "height_cm"],
        exclude=["given_key", "family_key", "attention_score"],
    )
    register(models.EpisodeOfCare, mask=["title", "precautions", "onset_date", "surgery_date"])
    register(models.CareTeamMember, mask=["role_note"])
    register(models.Consent)
    register(models.PainReport)
    register(models.Alert, mask=["text_shown", "answers", "outcome", "headline"])
    register(models.ExerciseHold, mask=["outcome"])
    register(models.Message, mask=["body"])
    register(models.QuestionnaireRequest, mask=["activities"])
    register(models.QuestionnaireResponse, mask=["answers", "activities", "words"])
