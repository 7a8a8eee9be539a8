"""The demo's clock: services ask `django.utils.timezone.now`, and the demo tells them a moment in the past.

Only the seed command uses it, in a process that does nothing else. The audit trail keeps the true time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


@contextmanager
def at(moment: datetime, *, runs: bool = False) -> Iterator[None]:
    """Everything inside happens at `moment` (aware); with `runs` the clock goes on from there."""
    real, begun = timezone.now, timezone.now()
    timezone.now = lambda: moment + (real() - begun) if runs else moment
    try:
        yield
    finally:
        timezone.now = real
