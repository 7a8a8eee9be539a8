"""Celery leaves: fetch, call one service. Every task may run twice; messages carry ids, never a text."""

from celery import shared_task

from clinic.models import Clinic
from clinic.tenancy.tasks import ClinicTask
from notes.services import backfill, facts
from notes.services.annotation import proposing
from notes.services.attention import review_notes_of_clinic
from notes.services.queueing import READ_NOTE
from notes.services.unread import queue_notes_left

READ_LEFT = "notes.read_left"
READ_LEFT_EVERYWHERE = "notes.read_left_everywhere"
REVIEW_UNSIGNED = "notes.review_unsigned"
REVIEW_UNSIGNED_EVERYWHERE = "notes.review_unsigned_everywhere"


@shared_task(base=ClinicTask, name=READ_NOTE)
def read_note(*, clinic_id: int, note_id: int, actor_id: int | None = None) -> None:
    """Find the facts in one note's text."""
    facts.read_note(note_id)


@shared_task(base=ClinicTask, name=backfill.READ_BATCH)
def read_batch(*, clinic_id: int, run_id: int, actor_id: int | None = None) -> None:
    """Read a clinic's notes again for some seconds; the next batch is queued behind other work."""
    backfill.read_batch(run_id)


@shared_task(base=ClinicTask, name=READ_LEFT)
def read_left(*, clinic_id: int) -> None:
    """Read one clinic's notes whose reading was lost, as with a worker that was killed."""
    queue_notes_left()
    backfill.queue_runs_left()


@shared_task(name=READ_LEFT_EVERYWHERE)
def read_left_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        read_left.delay(clinic_id=clinic_id)


@shared_task(base=ClinicTask, name=REVIEW_UNSIGNED)
def review_unsigned(*, clinic_id: int) -> None:
    """Say of one clinic's patients whose note is a day old and not signed."""
    review_notes_of_clinic()


@shared_task(name=REVIEW_UNSIGNED_EVERYWHERE)
def review_unsigned_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        review_unsigned.delay(clinic_id=clinic_id)


@shared_task(base=ClinicTask, name=proposing.PROPOSE)
def propose_entities(*, clinic_id: int, document_id: int, actor_id: int | None = None) -> None:
    """Find proposals for one document of an annotation project, and how sure the extractor is."""
    proposing.propose_entities(document_id)


@shared_task(base=ClinicTask, name=proposing.PROPOSE_AGAIN)
def propose_again(*, clinic_id: int, project_id: int, actor_id: int | None = None) -> None:
    """The same for every open document of a project, with the model in use now."""
    proposing.propose_again(project_id)
