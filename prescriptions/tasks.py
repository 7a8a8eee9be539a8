"""Celery leaves: fetch, call one service. Every task may run twice."""

from celery import shared_task

from clinic.models import Clinic
from clinic.tenancy.tasks import ClinicTask
from prescriptions import services
from prescriptions.services import comparisons

PROPOSE_LEFT = "prescriptions.propose_left"
PROPOSE_LEFT_EVERYWHERE = "prescriptions.propose_left_everywhere"
LEARN = "prescriptions.learn"
LEARN_EVERYWHERE = "prescriptions.learn_everywhere"


@shared_task(base=ClinicTask, name=comparisons.COMPARE)
def compare(*, clinic_id: int, run_id: int, actor_id: int | None = None) -> None:
    """Compute one comparison with the fixed protocol."""
    comparisons.run_comparison(run_id)


@shared_task(base=ClinicTask, name=PROPOSE_LEFT)
def propose_left(*, clinic_id: int) -> None:
    """Decide after one clinic's sessions that no decision followed."""
    services.propose_what_was_left()


@shared_task(name=PROPOSE_LEFT_EVERYWHERE)
def propose_left_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        propose_left.delay(clinic_id=clinic_id)


@shared_task(base=ClinicTask, name=LEARN)
def learn(*, clinic_id: int) -> None:
    """Reward one clinic's decisions whose week is over, and learn from them."""
    services.reward_decisions()
    services.learn()


@shared_task(name=LEARN_EVERYWHERE)
def learn_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        learn.delay(clinic_id=clinic_id)
