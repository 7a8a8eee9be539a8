"""What a therapist allows for a prescribed exercise."""

from collections.abc import Iterable

from prescriptions.adapt_rx.types import Bounds
from prescriptions.models import DoseBounds, PrescribedExercise


def bounds_of(prescribed: PrescribedExercise) -> Bounds:
    """The therapist's own bounds; the defaults where none were set."""
    return bounds_by_line([prescribed.pk])[prescribed.pk]


def bounds_by_line(prescribed_ids: Iterable[int]) -> dict[int, Bounds]:
    """The same for several exercises, by their id, in one query."""
    ids = list(prescribed_ids)
    rows = DoseBounds.objects.filter(prescribed_exercise_id__in=ids)
    stored = {row.prescribed_exercise_id: read_bounds(row) for row in rows}
    return {pk: stored.get(pk, Bounds()) for pk in ids}


def read_bounds(row: DoseBounds) -> Bounds:
    return Bounds.of(
        {
            **row.limits,
            "adaptive": row.adaptive,
            "pinned": row.pinned,
            "forbid_progression": row.forbid_progression,
            "within_session": row.within_session,
            "equipment": row.equipment,
        }
    )
