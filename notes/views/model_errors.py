"""The error browser of a model: for the clinic's admins and the members of its annotation project."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.errors import Forbidden
from clinic.model_register.scores import comparison_words, headline
from clinic.models import Role
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.selectors.model_errors import KINDS, errors_of_model, may_read_errors, model_of


class NotYourModel(Forbidden):
    words = "Only members of the annotation project see what a model did with its documents."


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def model_errors(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """How many errors of which kind, and for the project's members each in its sentence."""
    model = model_of(ref)
    if request.membership.role != Role.CLINIC_ADMIN and not may_read_errors(model, request.membership):
        raise NotYourModel
    kind, label = request.GET.get("kind", ""), request.GET.get("label", "")
    errors = errors_of_model(model, membership=request.membership, kind=kind, label=label)
    context = {
        "model": model,
        "errors": errors,
        "headline": headline(model.scores),
        "comparison": comparison_words(model.comparison),
        "kind": kind,
        "label": label,
        "kinds": list(KINDS.items()),
        "is_admin": request.membership.role == Role.CLINIC_ADMIN,
    }
    return render(request, "notes/model_errors.html", context)


model_patterns = [path("models/<uuid:ref>/errors/", model_errors, name="model_errors")]
