"""The house's own work in the background."""

from celery import shared_task

from clinic.audit.seals import seal_every_chain


@shared_task(name="clinic.seal_audit_chains", ignore_result=True)
def seal_audit_chains() -> None:
    """Sign the head of each audit chain; scheduled every hour. It works for no single clinic, so it opens
    each scope.
    """
    seal_every_chain()
