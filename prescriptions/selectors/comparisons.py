"""Named reads of the comparisons with the fixed protocol."""

from uuid import UUID

from django.db.models import QuerySet

from prescriptions.comparison_errors import ComparisonNotFound
from prescriptions.models import ComparisonRun

SHOWN = 20


def comparisons_shown() -> QuerySet[ComparisonRun]:
    """The newest runs, newest first, without their results."""
    runs = ComparisonRun.objects.select_related("asked_by").defer("result").order_by("-pk")
    return runs[:SHOWN]


def newest_result(kind: str) -> ComparisonRun | None:
    """The newest run of this kind that came to its end."""
    done = ComparisonRun.objects.filter(kind=kind, state=ComparisonRun.State.DONE)
    return done.select_related("asked_by").order_by("-pk").first()


def comparison_with_ref(ref: UUID) -> ComparisonRun:
    """Raises ComparisonNotFound."""
    run = ComparisonRun.objects.select_related("asked_by").filter(ref=ref).first()
    if run is None:
        raise ComparisonNotFound
    return run
