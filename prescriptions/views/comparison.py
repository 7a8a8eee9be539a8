"""Adaptive against fixed, on simulated patients and on the clinic's own log: read, start, watch, cancel."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import record
from clinic.errors import Conflict, Invalid
from clinic.models import Role
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from prescriptions.forms import ComparisonForm
from prescriptions.models import ComparisonRun
from prescriptions.selectors.comparisons import comparison_with_ref, comparisons_shown, newest_result
from prescriptions.services.comparisons import (
    RUN,
    STALLED_AFTER,
    ask_own_decisions,
    ask_simulation,
    cancel_comparison,
)
from prescriptions.views.comparison_rows import own_counts, own_values, shown_comparison
from prescriptions.views.form_errors import add_errors

Kind = ComparisonRun.Kind
READERS = (Role.CLINIC_ADMIN, Role.THERAPIST)
RUNS_AN_HOUR = Pace(most=30, in_s=3600)


@require_GET
@never_cache
@require_role(*READERS)
def comparison(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The newest results, the runs, and the form that starts one."""
    return _page(request, ComparisonForm())


@require_POST
@require_role(Role.CLINIC_ADMIN)
@paced("comparison", RUNS_AN_HOUR)
def run_comparison(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Start one: on simulated patients, or on the clinic's own decisions."""
    if request.POST.get("kind") == Kind.LOGGED:
        return _started(request, ComparisonForm(), lambda: ask_own_decisions(by=request.membership))
    form = ComparisonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    return _started(request, form, lambda: ask_simulation(**form.cleaned_data, by=request.membership))


@require_GET
@never_cache
@require_role(*READERS)
def comparison_run(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One run, as it stands."""
    run = comparison_with_ref(ref)
    return render(request, "prescriptions/adapting/run.html", _told(request, run))


@require_POST
@require_role(Role.CLINIC_ADMIN)
def cancel_run(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    cancel_comparison(comparison_with_ref(ref), by=request.membership)
    messages.success(request, "Cancelled. Nothing was kept of it.")
    return _to_runs(request)


@require_GET
@never_cache
@require_role(*READERS)
def comparison_export(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """A finished run as JSON, with what was asked. Raises Conflict while there is no result."""
    run = comparison_with_ref(ref)
    if run.state != ComparisonRun.State.DONE:
        raise Conflict("This comparison has no result to download.")
    record("export", object_type=RUN, object_ref=run.ref, purpose="json")
    answer = HttpResponse(json.dumps(run.result, indent=2), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="comparison-{run.kind}-{run.seed}.json"'
    return answer


def _started(request: ClinicRequest, form: ComparisonForm, ask: Any) -> HttpResponse:
    try:
        ask()
    except Conflict as error:
        form.add_error(None, error.words)
        return _page(request, form, status=409)
    except Invalid as error:
        add_errors(form, error)
        return _page(request, form, status=400)
    messages.success(request, "Started. You may leave this page.")
    return _to_runs(request)


def _to_runs(request: ClinicRequest) -> HttpResponse:
    """Where progress is shown, far below the newest result."""
    return redirect(f"{reverse('prescriptions:comparison', args=[request.clinic.slug])}#runs-title")


def _page(request: ClinicRequest, form: ComparisonForm, *, status: int = 200) -> HttpResponse:
    runs = list(comparisons_shown())
    simulated, own = newest_result(Kind.SIMULATED), newest_result(Kind.LOGGED)
    shown = {
        "form": form,
        "runs": [(run, _stands_still(run)) for run in runs],
        "is_open": any(not run.is_over for run in runs),
        "simulated": simulated,
        "shown": _shown(request, simulated),
        "own": own,
        "own_values": own_values(own.result) if own else [],
        "own_counts": own_counts(own.result) if own else [],
        "is_admin": request.membership.role == Role.CLINIC_ADMIN,
    }
    return render(request, "prescriptions/adapting/comparison.html", shown, status=status)


def _told(request: ClinicRequest, run: ComparisonRun) -> dict[str, Any]:
    is_done = run.state == ComparisonRun.State.DONE
    is_own = is_done and run.kind == Kind.LOGGED
    return {
        "run": run,
        "stands_still": _stands_still(run),
        "shown": _shown(request, run) if is_done and not is_own else None,
        "own": run if is_own else None,
        "own_values": own_values(run.result) if is_own else [],
        "own_counts": own_counts(run.result) if is_own else [],
        "is_admin": request.membership.role == Role.CLINIC_ADMIN,
    }


def _shown(request: ClinicRequest, run: ComparisonRun | None) -> Any:
    return shown_comparison(run.result, policy=request.GET.get("policy", "")) if run else None


def _stands_still(run: ComparisonRun) -> bool:
    """Whether a run that should be going on has told nothing for long."""
    return not run.is_over and run.updated_at < timezone.now() - STALLED_AFTER
