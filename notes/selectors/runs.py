"""Named reads of a clinic's reading runs."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from notes.errors import RunNotFound
from notes.models import ReadingRun, VisitNote

SHOWN = 20
State = ReadingRun.State


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run with what is worked out of it."""

    run: ReadingRun
    percent: int
    pace: str
    left: str

    @property
    def is_open(self) -> bool:
        return self.run.state in (State.WAITING, State.RUNNING)

    @property
    def may_resume(self) -> bool:
        return self.run.state in (State.STOPPED, State.FAILED)


def runs_shown() -> list[RunShown]:
    """The newest runs, newest first."""
    return [_shown(run) for run in ReadingRun.objects.select_related("asked_by").order_by("-pk")[:SHOWN]]


def newest_run() -> ReadingRun | None:
    """The run that was begun last."""
    return ReadingRun.objects.order_by("-pk").first()


def run_with_ref(ref: UUID) -> ReadingRun:
    """Raises RunNotFound."""
    run = ReadingRun.objects.filter(ref=ref).first()
    if run is None:
        raise RunNotFound
    return run


def readers_of_notes() -> list[tuple[str, int]]:
    """Who read the clinic's notes, and how many each: (system and version, notes)."""
    ended = (VisitNote.Status.DISCARDED, VisitNote.Status.ENTERED_IN_ERROR)
    counted = VisitNote.objects.exclude(status__in=ended).order_by().values_list("read_by")
    return sorted(counted.annotate(notes=Count("pk")), key=lambda pair: (-pair[1], pair[0]))


def _shown(run: ReadingRun) -> RunShown:
    until = run.finished_at or (timezone.now() if run.state == State.RUNNING else run.updated_at)
    seconds = max((until - run.created_at).total_seconds(), 1e-3)
    pace = run.done / seconds
    # A run that was stopped in between had pauses: no pace is told of it.
    told = (
        f"{pace:.1f} notes a second"
        if run.done >= 10 and not run.message and run.state != State.STOPPED
        else ""
    )
    minutes = (run.total - run.done) / pace / 60 if told and run.state == State.RUNNING else 0
    left = (
        "" if not minutes else "less than a minute left" if minutes < 1 else f"about {minutes:.0f} min left"
    )
    percent = 100 if not run.total else min(100, round(100 * run.done / run.total))
    return RunShown(run, percent, told, left)
