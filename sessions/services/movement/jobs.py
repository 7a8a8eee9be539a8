"""How far an analysis is, for the page that waits for it."""

from django.utils import timezone

from sessions import events
from sessions.models import Job


def tell_job(job: Job | None, progress: float, message: str) -> None:
    """Store how far a job is (0 to 1), and tell the pages that wait for it."""
    if job is None or job.is_over:
        return
    job.state, job.progress, job.message = Job.State.RUNNING, progress, message[:300]
    job.save(update_fields=["state", "progress", "message", "updated_at"])
    _announce(job)


def end_job(job: Job | None, *, failure: str = "") -> None:
    """Mark a job as done, or as failed with plain words; one that is over stays as it is."""
    if job is None or job.is_over:
        return
    job.state = Job.State.FAILED if failure else Job.State.DONE
    job.message = (failure or "Ready")[:300]
    job.progress = job.progress if failure else 1.0
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "message", "progress", "finished_at", "updated_at"])
    _announce(job)


def _announce(job: Job) -> None:
    group = events.session_group(job.clinic_id, str(job.object_ref))
    events.announce(events.JOB_CHANGED, group=group, ref=job.ref)
