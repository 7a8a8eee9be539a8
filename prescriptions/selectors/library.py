"""Named reads of the clinic's exercise library."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from prescriptions.errors import ExerciseNotFound, TemplateNotFound
from prescriptions.models import Exercise, ExerciseVersion, ProgrammeTemplate

NOT_SEPARATING = "Not shown to separate good from poor form."


def current_versions(*, inactive_too: bool = False) -> QuerySet[ExerciseVersion]:
    """The newest version of each exercise, with the exercise."""
    versions = ExerciseVersion.objects.select_related("exercise", "signed_by")
    if not inactive_too:
        versions = versions.filter(exercise__is_active=True)
    newest = versions.order_by("exercise_id", "-number").distinct("exercise_id")
    return (
        ExerciseVersion.objects.select_related("exercise", "signed_by")
        .filter(pk__in=newest.values("pk"))
        .order_by("exercise__name")
    )


def exercise_with_code(code: str) -> Exercise:
    """Raises ExerciseNotFound."""
    exercise = Exercise.objects.filter(code=code).first()
    if exercise is None:
        raise ExerciseNotFound(code)
    return exercise


def current_version_of(exercise: Exercise) -> ExerciseVersion:
    """The newest version. Raises ExerciseNotFound for an exercise without any."""
    version = versions_of(exercise).first()
    if version is None:
        raise ExerciseNotFound(exercise.code)
    return version


def versions_of(exercise: Exercise) -> QuerySet[ExerciseVersion]:
    """All versions, the newest first."""
    versions = ExerciseVersion.objects.filter(exercise=exercise).order_by("-number")
    return versions.select_related("exercise", "created_by", "signed_by")


def version_with_ref(ref: UUID | str) -> ExerciseVersion:
    """Raises ExerciseNotFound."""
    version = ExerciseVersion.objects.select_related("exercise").filter(ref=_as_uuid(ref)).first()
    if version is None:
        raise ExerciseNotFound(ref)
    return version


def active_templates() -> QuerySet[ProgrammeTemplate]:
    return ProgrammeTemplate.objects.filter(is_active=True).order_by("name")


def template_with_ref(ref: UUID | str) -> ProgrammeTemplate:
    """Raises TemplateNotFound."""
    try:
        template = ProgrammeTemplate.objects.filter(ref=UUID(str(ref)), is_active=True).first()
    except ValueError as error:
        raise TemplateNotFound(ref) from error
    if template is None:
        raise TemplateNotFound(ref)
    return template


def caution_of(spec: dict[str, Any]) -> str:
    """What must be said wherever the exercise is offered, or an empty text."""
    validation = spec.get("validation") or {}
    parts = [
        "Experimental." if spec.get("experimental") else "",
        NOT_SEPARATING if validation.get("shown_to_separate") is False else "",
        str(validation.get("words") or ""),
    ]
    return " ".join(part for part in parts if part)


def camera_note(spec: dict[str, Any]) -> str:
    """What a patient is told about the camera's score of an exercise; empty where it was shown to work."""
    validation = spec.get("validation") or {}
    if spec.get("experimental") or validation.get("shown_to_separate") is False:
        return "The camera may judge this one wrongly."
    return "" if validation.get("studied") else "How well the camera judges this one is not tested yet."


def _as_uuid(ref: UUID | str) -> UUID:
    try:
        return UUID(str(ref))
    except ValueError as error:
        raise ExerciseNotFound(ref) from error
