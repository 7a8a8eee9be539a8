"""Background work on patients. Every task may run twice."""

from celery import shared_task

from clinic.models import Clinic
from clinic.tenancy.tasks import ClinicTask
from patients.services import review_caseload

REVIEW_CASELOAD = "patients.review_caseload"
REVIEW_CASELOAD_EVERYWHERE = "patients.review_caseload_everywhere"


@shared_task(base=ClinicTask, name=REVIEW_CASELOAD)
def review_clinics_caseload(*, clinic_id: int) -> None:
    """Judge one clinic's patients again."""
    review_caseload()


@shared_task(name=REVIEW_CASELOAD_EVERYWHERE)
def review_caseload_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        review_clinics_caseload.delay(clinic_id=clinic_id)
