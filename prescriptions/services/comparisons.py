"""Comparisons of AdaptRx with the fixed protocol, run in the background: asked for, watched, taken back.

A run holds no transaction while it computes, so that its progress is seen and a cancellation is noticed.
"""

import logging
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from clinic.audit import record
from clinic.audit.actor import current_actor
from clinic.models import Membership
from clinic.tenancy.tasks import ACTOR_HEADER, MEMBERSHIP_HEADER
from prescriptions.comparison_errors import ComparisonOver, ComparisonUnderWay, ComparisonUnreasonable
from prescriptions.models import ComparisonRun
from prescriptions.selectors.own_decisions import judge_own_decisions

logger = logging.getLogger(__name__)
COMPARE = "prescriptions.compare"
RUN = "prescriptions.ComparisonRun"
Kind, State = ComparisonRun.Kind, ComparisonRun.State
OPEN = (State.WAITING, State.RUNNING)

LIMITS = {"patients": (20, 3000), "weeks": (2, 26), "seed": (0, 2_147_483_647)}
FIELD_WORDS = {"patients": "Simulated patients", "weeks": "Weeks", "seed": "Seed"}
# Before the worker is killed (CELERY_TASK_TIME_LIMIT), so that there is time to say what happened.
LONGEST_S = 3000
PROGRESS_STEP = 0.01
# A run tells its progress far more often than this; one that does not has lost its worker.
STALLED_AFTER = timedelta(minutes=10)
LOST = "The worker that ran it was lost. Nothing else was changed. Start it again."


class Cancelled(Exception):
    """Somebody took the run back while it computed."""


def ask_simulation(*, patients: int, weeks: int, seed: int, by: Membership) -> ComparisonRun:
    """Queue a comparison on simulated patients. Raises ComparisonUnreasonable, ComparisonUnderWay."""
    asked = {"patients": patients, "weeks": weeks, "seed": seed}
    for name, (least, most) in LIMITS.items():
        if not least <= asked[name] <= most:
            raise ComparisonUnreasonable(name, FIELD_WORDS[name], least, most)
    return _ask(Kind.SIMULATED, by=by, **asked)


def ask_own_decisions(*, by: Membership) -> ComparisonRun:
    """Queue the judgement of the clinic's own log. Raises ComparisonUnderWay."""
    return _ask(Kind.LOGGED, by=by)


def cancel_comparison(run: ComparisonRun, *, by: Membership) -> ComparisonRun:
    """Take a run back; its worker stops at the next sign of progress. Raises ComparisonOver."""
    now = timezone.now()
    with transaction.atomic():
        taken_back = ComparisonRun.objects.filter(pk=run.pk, state__in=OPEN).update(
            state=State.CANCELLED,
            message=f"Cancelled by {by.display_name}."[:300],
            finished_at=now,
            updated_at=now,
        )
        if not taken_back:
            raise ComparisonOver
        record("change", object_type=RUN, object_ref=run.ref, purpose="cancel")
    run.refresh_from_db()
    return run


def run_comparison(run_id: int) -> None:
    """Compute one run to its end. A second worker, or a run that is over, does nothing."""
    run = _begin(run_id)
    if run is None:
        return
    try:
        result = _compute(run)
    except Cancelled:
        return
    except SoftTimeLimitExceeded:
        minutes = LONGEST_S // 60
        _end(run, State.FAILED, message=f"It took over {minutes} minutes. Ask for fewer patients or weeks.")
    except Exception as error:
        # Where a fault met the record its words may hold some of it; invented patients have no secrets.
        is_simulated = run.kind == Kind.SIMULATED
        logger.error("comparison %s failed: %s", run.ref, type(error).__name__, exc_info=is_simulated)
        _end(run, State.FAILED, message="It broke off because of a fault of ours. Nothing else was changed.")
    else:
        _end(run, State.DONE, result=_storable(result))


def close_lost_comparisons() -> int:
    """Say of runs whose worker or message was lost that they failed; answers how many."""
    now = timezone.now()
    lost = ComparisonRun.objects.filter(state__in=OPEN, updated_at__lt=now - STALLED_AFTER)
    return lost.update(state=State.FAILED, message=LOST, finished_at=now, updated_at=now)


def _ask(kind: str, *, by: Membership, **asked: int) -> ComparisonRun:
    close_lost_comparisons()
    try:
        with transaction.atomic():
            run = ComparisonRun.objects.create(kind=kind, asked_by=by, **asked)
            record("create", object_type=RUN, object_ref=run.ref, detail={"kind": kind, **asked})
            _queue(run)
    except IntegrityError as error:
        raise ComparisonUnderWay from error
    return run


def _queue(run: ComparisonRun) -> None:
    actor = current_actor()
    headers = {ACTOR_HEADER: actor.user_id, MEMBERSHIP_HEADER: actor.membership_id}
    asked = {"clinic_id": run.clinic_id, "run_id": run.pk}
    transaction.on_commit(
        lambda: current_app.send_task(
            COMPARE, kwargs=asked, queue="simulate", headers=headers, soft_time_limit=LONGEST_S
        ),
        robust=True,
    )


def _begin(run_id: int) -> ComparisonRun | None:
    now = timezone.now()
    is_lost = Q(state=State.RUNNING, updated_at__lt=now - STALLED_AFTER)
    taken = ComparisonRun.objects.filter(Q(state=State.WAITING) | is_lost, pk=run_id).update(
        state=State.RUNNING, started_at=now, updated_at=now, progress=0
    )
    return ComparisonRun.objects.get(pk=run_id) if taken else None


def simulate(run: ComparisonRun, progress: Callable[[float], None]) -> dict[str, Any]:
    """Compare on simulated patients. What `progress` raises ends it."""
    # The simulator is heavy and only this task needs it: a web process never loads it.
    from prescriptions.adapt_rx.simulation import compare

    comparison = compare(patients=run.patients, weeks=run.weeks, seed=run.seed, progress=progress)
    result: dict[str, Any] = comparison.to_dict()
    return result


def _compute(run: ComparisonRun) -> dict[str, Any]:
    if run.kind == Kind.LOGGED:
        return judge_own_decisions()
    return simulate(run, _Progress(run.pk))


class _Progress:
    """Writes a run's progress down every hundredth, and stops it when it was taken back. Raises Cancelled."""

    def __init__(self, run_id: int) -> None:
        self.run_id, self.told = run_id, 0.0

    def __call__(self, share: float, *_rest: object) -> None:
        if share - self.told < PROGRESS_STEP:
            return
        self.told = share
        still_wanted = ComparisonRun.objects.filter(pk=self.run_id, state=State.RUNNING)
        if not still_wanted.update(progress=min(max(share, 0.0), 0.99), updated_at=timezone.now()):
            raise Cancelled


def _storable(value: Any) -> Any:
    """The same without infinity and NaN, which JSON does not know: they become None, "cannot be said"."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _storable(one) for name, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, (list, tuple)) else value


def _end(run: ComparisonRun, state: str, *, message: str = "", result: dict[str, Any] | None = None) -> None:
    now = timezone.now()
    ended = ComparisonRun.objects.filter(pk=run.pk, state=State.RUNNING)
    ended.update(
        state=state,
        message=message[:300],
        result=result or {},
        progress=1.0 if state == State.DONE else run.progress,
        finished_at=now,
        updated_at=now,
    )
