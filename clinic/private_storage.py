"""Files that are never served by URL: private disk, a folder for each kind."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property


class PrivateFolder(FileSystemStorage):
    """A folder of our own below MEDIA_ROOT, open to this user only."""

    def __init__(self, folder: str, **options: Any) -> None:
        super().__init__(**{"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, **options})
        self.folder = folder

    @cached_property
    def base_location(self) -> str:
        """The folder, followed when MEDIA_ROOT changes."""
        return str(Path(settings.MEDIA_ROOT) / self.folder)

    def url(self, name: str | None) -> str:
        """Raises ValueError: such a file reaches a page through a selector that asks who is looking."""
        raise ValueError("private files have no address")
