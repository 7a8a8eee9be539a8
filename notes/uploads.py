"""The address that takes more than a form: files of notes."""

import re

from clinic.models.membership import CLINICAL_ROLES
from notes.note_files import LIMITS
from sessions.body_limit import PATIENT_PATH, UploadAddress, take_uploads_at

MOST_FILES = 10
PATH = re.compile(PATIENT_PATH + r"notes/import/$")


def register_uploads() -> None:
    """Called once when the app is ready."""
    take_uploads_at(UploadAddress(PATH, _largest_bytes, tuple(CLINICAL_ROLES), "Send fewer files at once."))


def _largest_bytes() -> int:
    return MOST_FILES * LIMITS.bytes
