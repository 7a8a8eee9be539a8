"""The safety suite run with exactly one model: in batches, with progress, and from where it stopped.

What each item came to is kept on the run as it goes on, so that a killed worker loses at most one batch of
it. A run whose fingerprint is no longer that of today fails: it would say nothing of what answers now.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from clinic.audit import Action, record
from clinic.audit.actor import current_actor
from clinic.errors import HouseError
from clinic.models import Clinic, Membership
from clinic.tenancy.scope import current_clinic_id
from clinic.tenancy.tasks import ACTOR_HEADER, MEMBERSHIP_HEADER
from patients.red_flags.hearing import reader_state
from sessions.assistant_models import fingerprint_of, identity_of, make_model
from sessions.models import ModelProvider, SafetyRun
from sessions.provider_errors import ProviderRetired, SafetyRunOver, SafetyRunUnderWay
from sessions.rehab_bot.evaluation import (
    Asking,
    Item,
    has_passed,
    judge_item,
    outcome_key,
    suite_items,
    summarise,
)
from sessions.services.assistant.measuring import asking_of
from sessions.services.assistant.providers import key_of

RUN_BATCH = "sessions.run_safety_batch"
OBJECT = "rehab_sessions.SafetyRun"
# Other work of the same queue waits no longer than this for a batch, but for one answer of a model.
BATCH_S = 5.0
STALLED_AFTER = timedelta(minutes=3)
State = SafetyRun.State
OPEN = (State.WAITING, State.RUNNING)
STOPPED = "Stopped before its end."
CHANGED = "The model, the prompt or the suite changed while it ran. Start it again."

Items = Callable[[], Sequence[Item]]


def start_safety_run(provider: ModelProvider | None, *, by: Membership) -> SafetyRun:
    """Begin a run with this model, or without one. Raises SafetyRunUnderWay, ProviderRetired."""
    with transaction.atomic():
        Clinic.objects.select_for_update().get(pk=current_clinic_id())
        if SafetyRun.objects.filter(state__in=OPEN).exists():
            raise SafetyRunUnderWay
        if provider is not None and provider.state == ModelProvider.State.RETIRED:
            raise ProviderRetired
        run = SafetyRun.objects.create(
            provider=provider, fingerprint=fingerprint_of(provider), started_by=by, scores={"outcomes": {}}
        )
        run.refresh_from_db()
        _record(run, "start")
        _queue(run)
    return run


def stop_safety_run(run: SafetyRun) -> SafetyRun:
    """Stop it after the item that is judged now; it says nothing then. Raises SafetyRunOver."""
    with transaction.atomic():
        stored = SafetyRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if stored.state not in OPEN:
            raise SafetyRunOver
        _fail(stored, STOPPED)
    return stored


def run_safety_batch(run_id: int, *, seconds: float = BATCH_S, items: Items = suite_items) -> bool:
    """Judge on for some seconds; answers whether there is more. Twice at once judges some items twice, and
    keeps each once.
    """
    run = SafetyRun.objects.select_related("provider").get(pk=run_id)
    if run.state not in OPEN:
        return False
    if run.fingerprint != fingerprint_of(run.provider):
        _fail(run, CHANGED)
        return False
    try:
        asking = _asking(run.provider)
    except HouseError as error:
        _fail(run, error.words)
        return False
    whole = items()
    found = _judge_some(run, whole, asking, seconds=seconds)
    return _keep(run, whole, found)


def _asking(provider: ModelProvider | None) -> Asking:
    if provider is None:
        return asking_of(None)
    return asking_of(make_model(provider, key=key_of(provider)), timeout_s=float(provider.timeout_s))


def _judge_some(
    run: SafetyRun, items: Sequence[Item], asking: Asking, *, seconds: float
) -> dict[str, dict[str, Any]]:
    known = run.scores.get("outcomes", {})
    until = time.monotonic() + seconds
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        name = outcome_key(item)
        if name in known:
            continue
        found[name] = judge_item(item, asking)
        if time.monotonic() >= until:
            break
    return found


def _keep(run: SafetyRun, items: Sequence[Item], found: dict[str, dict[str, Any]]) -> bool:
    with transaction.atomic():
        stored = SafetyRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if stored.state not in OPEN:
            return False
        outcomes = {**stored.scores.get("outcomes", {}), **found}
        left = sum(outcome_key(item) not in outcomes for item in items)
        if left:
            stored.state, stored.scores = State.RUNNING, {"outcomes": outcomes}
            stored.progress = 1 - left / len(items)
            stored.save(update_fields=["state", "scores", "progress", "updated_at"])
            _queue(stored)
            return True
        _finish(stored, summarise(items, outcomes))
    return False


def _finish(run: SafetyRun, scores: dict[str, Any]) -> None:
    state = reader_state()
    run.scores = {
        **scores,
        "model": identity_of(run.provider),
        "reader": "" if state.version is None else str(state.version),
        "reader_fault": state.fault,
    }
    run.state, run.progress, run.finished_at = State.DONE, 1.0, timezone.now()
    # Without the second reader the spine is not the one that was measured.
    run.passed = has_passed(scores) and state.version is not None
    run.save()
    _record(run, "done", passed=run.passed)


def _fail(run: SafetyRun, problem: str) -> None:
    with transaction.atomic():
        run.state, run.problem, run.finished_at = State.FAILED, problem[:300], timezone.now()
        run.save(update_fields=["state", "problem", "finished_at", "updated_at"])
        _record(run, "failed")


def queue_safety_runs_left() -> int:
    """Let runs go on whose worker or message was lost; answers how many."""
    left = SafetyRun.objects.filter(state__in=OPEN, updated_at__lt=timezone.now() - STALLED_AFTER)
    for run in left:
        SafetyRun.objects.filter(pk=run.pk).update(updated_at=timezone.now())
        _queue(run)
    return len(left)


def _queue(run: SafetyRun) -> None:
    actor = current_actor()
    headers = {ACTOR_HEADER: actor.user_id, MEMBERSHIP_HEADER: actor.membership_id}
    kwargs = {"clinic_id": run.clinic_id, "run_id": run.pk}
    transaction.on_commit(
        lambda: current_app.send_task(RUN_BATCH, kwargs=kwargs, queue="default", headers=headers), robust=True
    )


def _record(run: SafetyRun, purpose: str, **detail: Any) -> None:
    told = {"fingerprint": run.fingerprint[:12], **detail}
    record(Action.CHANGE, object_type=OBJECT, object_ref=run.ref, purpose=purpose, detail=told)
