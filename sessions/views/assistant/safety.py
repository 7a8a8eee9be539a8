"""Safety runs and their report, for the clinic's admins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.models import Role
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.red_flags.hearing import reader_state
from sessions.assistant_models import fingerprint_of
from sessions.models import SafetyRun
from sessions.rehab_bot.evaluation import check_goals
from sessions.selectors.assistant.providers import (
    provider_by_ref,
    providers,
    safety_run_by_ref,
    safety_runs_shown,
)
from sessions.services.assistant.safety_runs import OPEN, start_safety_run, stop_safety_run

RUNS = Pace(most=20, in_s=3600)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One flag or severity: how many were right, with the interval in words."""

    name: str
    hits: int
    n: int
    spread: str

    @classmethod
    def of(cls, key: str, share: Mapping[str, Any]) -> "ShareRow":
        spread = f"{100 * share['low']:.0f} to {100 * share['high']:.0f} %"
        return cls(key.replace("_", " ").capitalize(), share["hits"], share["n"], spread)


@require_GET
@never_cache
@require_role(Role.CLINIC_ADMIN)
def safety_report(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Every run, the newest first, and what may be run."""
    runs = safety_runs_shown()
    context = {
        "runs": runs,
        "is_open": any(run.state in OPEN for run in runs),
        "providers": [row for row in providers() if row.state != row.State.RETIRED],
        "reader": reader_state(),
    }
    return render(request, "sessions/assistant/safety_runs.html", context)


@require_POST
@require_role(Role.CLINIC_ADMIN)
@paced("safety_runs", RUNS)
def start(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Begin a run with one model, or without one."""
    chosen = request.POST.get("provider", "")
    row = provider_by_ref(chosen.replace("\0", "")) if chosen else None
    run = start_safety_run(row, by=request.membership)
    messages.success(request, "The safety run has begun. It goes on when you leave this page.")
    return redirect("sessions:safety_run", clinic_slug, run.ref)


@require_POST
@require_role(Role.CLINIC_ADMIN)
def stop(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Stop a run."""
    stop_safety_run(safety_run_by_ref(ref))
    messages.success(request, "Stopped.")
    return redirect("sessions:safety_run", clinic_slug, ref)


@require_GET
@never_cache
@require_role(Role.CLINIC_ADMIN)
def safety_run(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One run: its progress, or its report."""
    run = safety_run_by_ref(ref)
    is_done = run.state == SafetyRun.State.DONE
    context = {
        "run": run,
        "is_open": run.state in OPEN,
        "percent": round(100 * run.progress),
        "is_present": run.fingerprint == fingerprint_of(run.provider),
        "checks": check_goals(run.scores) if is_done else [],
        "flags": _rows(run, "per_flag"),
        "severities": _rows(run, "per_severity"),
        "answers": run.scores.get("answers", {}),
        "hostile": run.scores.get("hostile", {}),
    }
    return render(request, "sessions/assistant/safety_run.html", context)


def _rows(run: SafetyRun, name: str) -> list[ShareRow]:
    found: dict[str, dict[str, Any]] = run.scores.get(name, {})
    return [ShareRow.of(key, share) for key, share in found.items() if share["n"]]


safety_urlpatterns = [
    path("settings/assistant/safety/", safety_report, name="safety_report"),
    path("settings/assistant/safety/start/", start, name="start_safety_run"),
    path("settings/assistant/safety/<uuid:ref>/", safety_run, name="safety_run"),
    path("settings/assistant/safety/<uuid:ref>/stop/", stop, name="stop_safety_run"),
]
