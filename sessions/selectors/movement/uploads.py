"""What somebody sent, and what became of it."""

from uuid import UUID

from clinic.models import Membership
from patients.models import Patient
from sessions.errors import JobNotFound
from sessions.models import MovementUpload
from sessions.selectors.access import access_job


def access_movement_upload(membership: Membership, job_ref: UUID | str) -> MovementUpload:
    """An upload by its job, of a patient whom this person may open. Raises JobNotFound."""
    job = access_job(membership, job_ref)
    upload = MovementUpload.objects.select_related(
        "job", "patient__clinic", "recording", "uploaded_by__user"
    ).filter(job=job).first()  # fmt: skip
    if upload is None:
        raise JobNotFound
    return upload


def movement_uploads_of(patient: Patient, *, most: int = 5) -> list[MovementUpload]:
    """The latest uploads of a patient, with their files, newest first."""
    uploads = MovementUpload.objects.filter(patient=patient).select_related("job", "recording")
    return list(uploads.prefetch_related("files")[:most])
