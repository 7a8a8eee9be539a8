"""What sessions show on the pages of `patients`."""


def register_panels() -> None:
    """Called once when the app is ready."""
