"""The assistant's settings for the clinic's admins: patients' access, models, usage."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.audit import Action, record
from clinic.errors import Conflict, HouseError, Invalid
from clinic.models import Clinic, Role
from clinic.pace import Pace, paced
from clinic.secrets import has_sealing_key
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from sessions.assistant_models import address_of, fingerprint_of
from sessions.forms_providers import AssistantSettingsForm, ProviderForm
from sessions.models import ModelProvider
from sessions.selectors.assistant.providers import (
    active_provider,
    newest_done,
    provider_by_ref,
    providers,
    safety_runs,
)
from sessions.selectors.assistant.settings import assistant_settings
from sessions.selectors.assistant.usage import usage_as_csv, usage_by_week, usage_together
from sessions.services.assistant import providers as service
from sessions.services.assistant.active import why_silent
from sessions.services.assistant.budget import spent_this_month
from sessions.services.assistant.settings import change_assistant_settings
from sessions.services.assistant.trying import try_provider

TRIES = Pace(most=20, in_s=600)
EXPORTS = Pace(most=60, in_s=3600)
RUNS_SHOWN = 5


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.CLINIC_ADMIN)
def assistant_settings_page(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """On or off for patients, how long words are kept, the models, and what was used lately."""
    form = AssistantSettingsForm(request.POST or None, instance=assistant_settings())
    if request.method == "POST" and form.is_valid():
        change_assistant_settings(**form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("sessions:assistant_settings", clinic_slug)
    clinic = Clinic.objects.get(pk=request.clinic.pk)
    active = active_provider()
    context = {
        "form": form,
        "providers": providers(),
        "active": active,
        "silent": why_silent(active, clinic=clinic) if active else "",
        "usage": usage_together(clinic),
    }
    return render(request, "sessions/assistant/settings.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.CLINIC_ADMIN)
def add_provider(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Enter a model."""
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.add_provider(
                form.provider_fields(), key=form.cleaned_data["key"], by=request.membership
            )
        except HouseError as error:
            _add_errors(form, error)
        else:
            messages.success(request, "Added. It answers nobody until its safety run has passed.")
            return redirect("sessions:provider", clinic_slug, made.ref)
    context = {"form": form, "can_seal": has_sealing_key()}
    return render(
        request, "sessions/assistant/add_provider.html", context, status=400 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.CLINIC_ADMIN)
def provider(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One model: what it is, its newest runs, and what may be done with it; posted, it is changed."""
    row = provider_by_ref(ref)
    form = ProviderForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        key = None if not form.cleaned_data["key"] else form.cleaned_data["key"]
        try:
            service.change_provider(row, form.provider_fields(), key=key)
        except HouseError as error:
            _add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("sessions:provider", clinic_slug, ref)
    return _show(request, provider_by_ref(ref), form=form)


@require_POST
@require_role(Role.CLINIC_ADMIN)
@paced("try_provider", TRIES)
def try_connection(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Ask the model one short question and say what came back."""
    tried = try_provider(provider_by_ref(ref))
    (messages.success if tried.worked else messages.error)(request, tried.words)
    return redirect("sessions:provider", clinic_slug, ref)


@require_POST
@require_role(Role.CLINIC_ADMIN)
def switch_on(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Let it answer patients."""
    return _decide(request, clinic_slug, ref, service.switch_on, "It answers patients from now on.")


@require_POST
@require_role(Role.CLINIC_ADMIN)
def switch_off(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Stop it at once."""
    return _decide(
        request, clinic_slug, ref, service.switch_off, "It is switched off. Answers come without it."
    )


@require_POST
@require_role(Role.CLINIC_ADMIN)
def retire(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Take it out of use for good."""
    return _decide(request, clinic_slug, ref, service.retire_provider, "Retired. Its key is forgotten.")


@require_GET
@never_cache
@require_role(Role.CLINIC_ADMIN)
def usage(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Cost, times, refusals and fallbacks, by week."""
    clinic = Clinic.objects.get(pk=request.clinic.pk)
    active = active_provider()
    context = {
        "weeks": usage_by_week(clinic),
        "together": usage_together(clinic),
        "active": active,
        "spent": spent_this_month(active, clinic=clinic) if active else None,
    }
    return render(request, "sessions/assistant/usage.html", context)


@require_GET
@never_cache
@require_role(Role.CLINIC_ADMIN)
@paced("assistant_usage_export", EXPORTS)
def usage_export(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The same as CSV. No patient is in it; audited as an export."""
    content = usage_as_csv(usage_by_week(Clinic.objects.get(pk=request.clinic.pk)))
    record(Action.EXPORT, object_type="rehab_sessions.Turn", purpose="assistant usage csv")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="assistant-usage.csv"'
    return response


def _decide(
    request: ClinicRequest, clinic_slug: str, ref: UUID, act: Callable[..., Any], done: str
) -> HttpResponse:
    row = provider_by_ref(ref)
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        act(row, by=request.membership, reason=reason)
    except (Invalid, Conflict) as error:
        return _show(request, provider_by_ref(ref), problem=error.words, reason=reason[:300])
    messages.success(request, done)
    return redirect("sessions:provider", clinic_slug, ref)


def _add_errors(form: ProviderForm, error: HouseError) -> None:
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, words in fields.items():
        form.add_error(name if name in form.fields else None, words)
    if not fields:
        form.add_error(None, error.words)


def _show(
    request: ClinicRequest,
    row: ModelProvider,
    *,
    form: ProviderForm | None = None,
    problem: str = "",
    reason: str = "",
) -> HttpResponse:
    clinic = Clinic.objects.get(pk=request.clinic.pk)
    fingerprint = fingerprint_of(row)
    newest = newest_done(row, fingerprint)
    bound = form or ProviderForm(instance=row)
    is_active = row.state == ModelProvider.State.ACTIVE
    context = {
        "provider": row,
        "address": address_of(row),
        "form": bound,
        "can_seal": has_sealing_key(),
        "fingerprint": fingerprint,
        "newest": newest,
        "may_switch_on": newest is not None and newest.passed,
        "runs": safety_runs(row)[:RUNS_SHOWN],
        "silent": why_silent(row, clinic=clinic) if is_active else "",
        "spent": spent_this_month(row, clinic=clinic),
        "problem": problem,
        "reason": reason,
    }
    status = 400 if problem or bound.errors else 200
    return render(request, "sessions/assistant/provider.html", context, status=status)


settings_urlpatterns = [
    path("settings/assistant/", assistant_settings_page, name="assistant_settings"),
    path("settings/assistant/usage/", usage, name="assistant_usage"),
    path("settings/assistant/usage/export.csv", usage_export, name="assistant_usage_export"),
    path("settings/assistant/providers/new/", add_provider, name="add_provider"),
    path("settings/assistant/providers/<uuid:ref>/", provider, name="provider"),
    path("settings/assistant/providers/<uuid:ref>/try/", try_connection, name="try_provider"),
    path("settings/assistant/providers/<uuid:ref>/on/", switch_on, name="switch_on_provider"),
    path("settings/assistant/providers/<uuid:ref>/off/", switch_off, name="switch_off_provider"),
    path("settings/assistant/providers/<uuid:ref>/retire/", retire, name="retire_provider"),
]
