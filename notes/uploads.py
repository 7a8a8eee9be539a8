"""The addresses that take more than a form: files of notes, and of texts to annotate."""

import re

from clinic.models.membership import CLINICAL_ROLES, STAFF_ROLES
from notes.annotating.files import MOST_BYTES
from notes.note_files import LIMITS
from sessions.body_limit import PATIENT_PATH, SLUG, UploadAddress, take_uploads_at

MOST_FILES = 10
PATH = re.compile(PATIENT_PATH + r"notes/import/$")
ANNOTATION_PATH = re.compile(SLUG + r"annotation/[0-9a-f-]{36}/documents/add/$")


def register_uploads() -> None:
    """Called once when the app is ready."""
    take_uploads_at(UploadAddress(PATH, _largest_bytes, tuple(CLINICAL_ROLES), "Send fewer files at once."))
    take_uploads_at(
        UploadAddress(ANNOTATION_PATH, lambda: MOST_BYTES, tuple(STAFF_ROLES), "Divide the file.")
    )


def _largest_bytes() -> int:
    return MOST_FILES * LIMITS.bytes
