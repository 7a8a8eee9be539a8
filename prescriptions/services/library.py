"""The clinic's library: copied from the shipped one, then worded and tuned by the clinic."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from prescriptions import library
from prescriptions.dose import Dose
from prescriptions.errors import AlreadySigned, RulesRefused, TemplateNameTaken
from prescriptions.models import Exercise, ExerciseVersion, ProgrammeTemplate
from prescriptions.movement.rules import ExerciseRules
from prescriptions.selectors.library import current_version_of
from prescriptions.services.shipped_templates import SHIPPED_TEMPLATES


def copy_library_to_clinic(*, by: Membership | None = None) -> list[ExerciseVersion]:
    """Give the clinic in scope each shipped exercise that it does not have yet, and the shipped programmes.

    An exercise that the clinic has is left alone: the clinic may have changed it.
    """
    have = set(Exercise.objects.values_list("code", flat=True))
    copied = []
    with transaction.atomic():
        for code in library.codes():
            if code not in have:
                copied.append(_copy_exercise(library.load(code), by=by))
        for template in SHIPPED_TEMPLATES:
            ProgrammeTemplate.objects.get_or_create(
                name=template.name, defaults={"description": template.description, "items": template.items}
            )
        record("create", object_type="prescriptions.Exercise", detail={"copied": len(copied)})
    return copied


def _copy_exercise(spec: dict[str, Any], *, by: Membership | None) -> ExerciseVersion:
    exercise = Exercise.objects.create(code=spec["code"], name=spec["name"])
    return ExerciseVersion.objects.create(
        exercise=exercise, number=1, spec=spec, created_by=by, change_note="As shipped"
    )


def write_exercise_version(
    exercise: Exercise, spec: dict[str, Any], *, by: Membership, change_note: str = ""
) -> ExerciseVersion:
    """Store changed words or rules as the next version; plans keep the one they were written with.

    Raises RulesRefused when `prescriptions.movement.rules` does not accept the spec.
    """
    try:
        ExerciseRules.from_dict(spec)
    except (ValueError, KeyError, TypeError) as error:
        raise RulesRefused(str(error)) from error
    spec = _without_stale_validation(spec, current_version_of(exercise).spec)
    with transaction.atomic():
        locked = Exercise.objects.select_for_update().get(pk=exercise.pk)
        last = ExerciseVersion.objects.filter(exercise=locked).aggregate(last=Max("number"))["last"] or 0
        version = ExerciseVersion.objects.create(
            exercise=locked,
            number=last + 1,
            spec={**spec, "code": locked.code, "version": last + 1},
            created_by=by,
            change_note=change_note.strip()[:300],
        )
        locked.name = str(spec["name"])[:120]
        locked.save(update_fields=["name", "updated_at"])
        record("change", object_type="prescriptions.ExerciseVersion", object_ref=version.ref)
    return version


JUDGING_KEYS = ("views", "segmentation", "criteria", "sides", "kind")
UNTESTED = {"studied": False, "words": "Rules changed by this clinic. Not tested on people."}


def _without_stale_validation(spec: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What a study showed of the old rules says nothing of changed ones."""
    if all(spec.get(key) == before.get(key) for key in JUDGING_KEYS):
        return spec
    return {**spec, "validation": UNTESTED}


def sign_exercise_version(version: ExerciseVersion, *, by: Membership) -> ExerciseVersion:
    """A clinician takes responsibility for these words and thresholds. Raises AlreadySigned."""
    with transaction.atomic():
        version = ExerciseVersion.objects.select_for_update().get(pk=version.pk)
        if version.signed_at is not None:
            raise AlreadySigned(version.ref)
        version.signed_by, version.signed_at = by, timezone.now()
        version.save(update_fields=["signed_by", "signed_at", "updated_at"])
        record("change", object_type="prescriptions.ExerciseVersion", object_ref=version.ref, purpose="sign")
    return version


def write_template(
    *, name: str, items: list[tuple[str, Dose]], by: Membership, description: str = ""
) -> ProgrammeTemplate:
    """Keep a list of (exercise code, dose) under a name. Raises TemplateNameTaken."""
    lines = [{"code": code, **dose.to_dict()} for code, dose in items]
    try:
        with transaction.atomic():
            template = ProgrammeTemplate.objects.create(
                name=name.strip()[:120], description=description.strip()[:300], items=lines, created_by=by
            )
            record("create", object_type="prescriptions.ProgrammeTemplate", object_ref=template.ref)
    except IntegrityError as error:
        raise TemplateNameTaken(name) from error
    return template


def retire_template(template: ProgrammeTemplate) -> None:
    """Offer it no longer. Its name becomes free, and plans made from it stay as they are."""
    with transaction.atomic():
        template.is_active = False
        template.name = f"{template.name[:80]} (retired {template.ref})"[:120]
        template.save()
        record("delete", object_type="prescriptions.ProgrammeTemplate", object_ref=template.ref)
