"""Where sensor files lie: private disk by default, or a bucket that speaks S3. Never served by URL."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property


class MotionFolder(FileSystemStorage):
    """A folder of our own below MEDIA_ROOT, open to this user only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, **options})

    @cached_property
    def base_location(self) -> str:
        """The folder, followed when MEDIA_ROOT changes."""
        return str(Path(settings.MEDIA_ROOT) / "motion")

    def url(self, name: str | None) -> str:
        """Raises ValueError: samples reach a page through a selector that asks who is looking."""
        raise ValueError("sensor files have no address")
