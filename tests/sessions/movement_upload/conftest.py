"""What tests of sent sensor files share."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinic.tenancy.scope import clinic_scope
from sessions.models import MovementUpload
from sessions.tasks import import_movement
from tests.factories.patients import Ward
from tests.motion_trend.reading.made import grid, metawear, motion


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Path) -> Path:
    """Everything lies in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def unsent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Task messages are noted instead of sent."""
    sent: list[str] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, **_: sent.append(name))
    return sent


def accelerometer(seconds: float = 30) -> str:
    """A MetaMotion file of somebody who sways."""
    t_s = grid(seconds, rate_hz=50)
    return metawear(t_s, motion(t_s)[0] / 9.80665, "g")


def sent_file(
    content: str | bytes, name: str = "MetaWear_Accelerometer_50.000Hz_1.7.3.csv"
) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    held = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, held, content_type="text/csv")


def newest(floor: Ward) -> MovementUpload:
    """The last upload, with its job."""
    with clinic_scope(floor.paul.clinic_id):
        upload = MovementUpload.objects.select_related("job", "recording").first()
    assert upload is not None
    return upload


def read_by_worker(floor: Ward) -> MovementUpload:
    """Run the import as a worker does; the upload afterwards."""
    upload = newest(floor)
    import_movement(clinic_id=floor.paul.clinic_id, job_id=upload.job_id)
    return newest(floor)


def files_left(folder: Path) -> list[Path]:
    """Raw files that still lie on disk."""
    return list(folder.rglob("*.part"))
