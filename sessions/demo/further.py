"""What other apps add to a clinic's demo, so that `sessions` need not import them.

Named by its path, and imported only when a demo is made: an installation that is none loads nothing of it.
"""

from clinic.models import Clinic

_further: dict[str, str] = {}


def when_seeded(name: str, path: str) -> None:
    """Call the function at this path with each clinic, in its scope; the same name replaces it."""
    _further[name] = path


def tell_further(clinic: Clinic) -> None:
    """Every other app's part of this clinic's demo."""
    from django.utils.module_loading import import_string

    for path in _further.values():
        import_string(path)(clinic)
