"""The cast with records, one draft, and browsers in which members are signed in."""

from tests.notes.editor.conftest import desk, ward

__all__ = ["desk", "ward"]
