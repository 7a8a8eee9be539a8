"""Celery leaves: fetch, call one service. Every task may run twice."""

from celery import shared_task

from clinic.tenancy.tasks import ClinicTask
from prescriptions.services import comparisons


@shared_task(base=ClinicTask, name=comparisons.COMPARE)
def compare(*, clinic_id: int, run_id: int, actor_id: int | None = None) -> None:
    """Compute one comparison with the fixed protocol."""
    comparisons.run_comparison(run_id)
