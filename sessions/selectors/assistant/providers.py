"""The models that a clinic has entered, and what the safety suite said of them."""

from uuid import UUID

from django.db.models import QuerySet

from sessions.models import ModelProvider, SafetyRun
from sessions.provider_errors import ProviderNotFound, SafetyRunNotFound

State = ModelProvider.State
RUNS_SHOWN = 20


def providers() -> list[ModelProvider]:
    """Every model of the clinic: the one that answers first, the retired ones last."""
    order = {State.ACTIVE: 0, State.DRAFT: 1, State.RETIRED: 2}
    rows = ModelProvider.objects.select_related("made_by", "decided_by")
    return sorted(rows, key=lambda row: (order[State(row.state)], -row.pk))


def provider_by_ref(ref: UUID | str) -> ModelProvider:
    """Raises ProviderNotFound, also for another clinic's."""
    try:
        wanted = UUID(str(ref))
    except ValueError as error:
        raise ProviderNotFound from error
    found = ModelProvider.objects.select_related("made_by", "decided_by").filter(ref=wanted).first()
    if found is None:
        raise ProviderNotFound
    return found


def active_provider() -> ModelProvider | None:
    """The model that is switched on, whether or not it may answer this very moment."""
    return ModelProvider.objects.filter(state=State.ACTIVE).first()


def safety_runs(provider: ModelProvider | None) -> QuerySet[SafetyRun]:
    """The runs of one model, or of the answers without a model for None; the newest first."""
    return SafetyRun.objects.filter(provider=provider).select_related("started_by", "provider")


def safety_runs_shown() -> list[SafetyRun]:
    """The newest runs of the clinic, of whichever model."""
    return list(SafetyRun.objects.select_related("started_by", "provider")[:RUNS_SHOWN])


def safety_run_by_ref(ref: UUID | str) -> SafetyRun:
    """Raises SafetyRunNotFound, also for another clinic's."""
    found = SafetyRun.objects.select_related("started_by", "provider").filter(ref=ref).first()
    if found is None:
        raise SafetyRunNotFound
    return found


def newest_done(provider: ModelProvider | None, fingerprint: str) -> SafetyRun | None:
    """The newest run that came to its end with exactly this fingerprint."""
    done = safety_runs(provider).filter(fingerprint=fingerprint, state=SafetyRun.State.DONE)
    return done.order_by("-finished_at", "-pk").first()


def is_safe(provider: ModelProvider | None, fingerprint: str) -> bool:
    """Whether the newest run that ended with this fingerprint has passed."""
    newest = newest_done(provider, fingerprint)
    return newest is not None and newest.passed is True
