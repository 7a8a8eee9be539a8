"""The model register, for the clinic's admins."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.errors import Conflict, Invalid
from clinic.model_register.card import card_blocks
from clinic.model_register.products import Product, all_products, product_of
from clinic.model_register.scores import ScoreRow, comparison_words, headline, score_rows
from clinic.model_register.selectors import active_model, model_named, models_of
from clinic.model_register.services import know_released, promote_model, switch_off_model
from clinic.models import RegisteredModel, Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest


class ReasonForm(forms.Form):
    """Why something is decided about a model."""

    reason = forms.CharField(max_length=300, required=False)


@dataclass(frozen=True, slots=True)
class ProductShown:
    """A product with its versions, for the list."""

    product: Product
    running: str
    models: list[tuple[RegisteredModel, str]]


@require_GET
@never_cache
@require_role(Role.CLINIC_ADMIN)
def model_list(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Every product with a model: what runs, and what could."""
    shown = []
    for product in all_products():
        know_released(product.code)
        active = active_model(product.code)
        rows = [(row, headline(row.scores)) for row in models_of(product.code)]
        shown.append(ProductShown(product, active.version if active else "", rows))
    return render(request, "clinic/models.html", {"products": shown})


@require_GET
@never_cache
@require_role(Role.CLINIC_ADMIN)
def model_page(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One version: scores, data, card, and what was decided."""
    return _show(request, clinic_slug, model_named(ref))


@require_POST
@require_role(Role.CLINIC_ADMIN)
def promote(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Let this version run."""
    return _decide(request, clinic_slug, ref, promote_model, "runs from now on.")


@require_POST
@require_role(Role.CLINIC_ADMIN)
def switch_off(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Stop this version."""
    return _decide(request, clinic_slug, ref, switch_off_model, "is switched off.")


def _decide(request: ClinicRequest, clinic_slug: str, ref: UUID, act: Any, done: str) -> HttpResponse:
    model = model_named(ref)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else request.POST.get("reason", "")
    try:
        act(model, by=request.membership, reason=reason)
    except (Invalid, Conflict) as error:
        return _show(request, clinic_slug, model_named(ref), problem=error.words, reason=reason[:300])
    messages.success(request, f"Version {model.version} {done}")
    return redirect("clinic:model", clinic_slug, ref)


def _show(
    request: ClinicRequest, clinic_slug: str, model: RegisteredModel, *, problem: str = "", reason: str = ""
) -> HttpResponse:
    product = product_of(model.product)
    rows: list[ScoreRow] = score_rows(model.scores)
    context = {
        "model": model,
        "product": product,
        "headline": headline(model.scores),
        "rows": rows,
        "comparison": comparison_words(model.comparison),
        "evidence": product.evidence(clinic_slug, model.ref),
        "card": card_blocks(model.card),
        "problem": problem,
        "reason": reason,
    }
    return render(request, "clinic/model.html", context, status=400 if problem else 200)
