"""How the clinic doses: the protocol and its versions, and what AdaptRx has learned."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from clinic.errors import Conflict, Invalid
from clinic.models import Role
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from prescriptions import selectors, services
from prescriptions.adapt_rx.mask import mask_rules
from prescriptions.adapt_rx.rewards import shipped_weights
from prescriptions.forms.protocol import ProtocolForm
from prescriptions.models import ProgressionProtocol
from prescriptions.protocol_words import plain_fault
from prescriptions.selectors.adapting.states import is_readable
from prescriptions.views.form_errors import add_errors
from prescriptions.views.protocol_rows import shown_protocol, shown_version, shown_weights

VERSIONS_SHOWN = 20


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def dosing_settings(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Everything on one page, readable for all staff."""
    protocol = selectors.protocol_in_force()
    versions = list(selectors.protocols_written()[:VERSIONS_SHOWN])
    shown = {
        "protocol": shown_protocol(protocol.spec),
        "number": protocol.number,
        "row": protocol.row,
        "set_aside": protocol.set_aside,
        "versions": versions,
        "compared": _compared(request, versions),
        "learner": _learner(),
        "weights": shown_weights(shipped_weights()),
        "weights_version": shipped_weights().version,
        "rules": mask_rules(),
        "may_edit": request.membership.role in (Role.THERAPIST, Role.CLINIC_ADMIN),
        "is_admin": request.membership.role == Role.CLINIC_ADMIN,
    }
    return render(request, "prescriptions/adapting/settings.html", shown)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST, Role.CLINIC_ADMIN)
def edit_protocol(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The protocol as a form; saved, it is the next version, and the older ones stay."""
    if request.method == "POST" and "shipped" in request.POST:
        services.use_shipped_protocol(by=request.membership)
        messages.success(
            request, "The protocol as it ships is in force again. Yours stays among the versions."
        )
        return redirect("prescriptions:dosing_settings", clinic_slug)
    in_force = selectors.protocol_in_force()
    form = ProtocolForm(request.POST if request.method == "POST" else None, spec=in_force.spec)
    if form.is_valid() and _was_written(request, form):
        messages.success(request, "Saved as the next version. It decides from the next session on.")
        return redirect("prescriptions:dosing_settings", clinic_slug)
    shown = {"form": form, "number": in_force.number}
    return render(request, "prescriptions/adapting/protocol.html", shown, status=400 if form.errors else 200)


def _was_written(request: ClinicRequest, form: ProtocolForm) -> bool:
    """Whether the posted protocol is in force now; what is wrong with it stands at the form."""
    number = request.POST.get("number", "")
    try:
        services.write_protocol(
            form.new_spec(),
            by=request.membership,
            change_note=form.cleaned_data["change_note"],
            based_on=int(number) if number.isdecimal() and len(number) < 9 else -1,
        )
    except Conflict as error:
        form.add_error(None, error.words)
        return False
    except Invalid as error:
        for words in getattr(error, "faults", ()):
            form.add_error(None, plain_fault(words))
        if not form.non_field_errors():
            add_errors(form, error)
        return False
    return True


def _learner() -> dict[str, Any]:
    """What was learned here, since when, and how much is tried in order to learn."""
    learner = selectors.learner_in_force()
    row = learner.row
    first = selectors.learner_states().filter(prior_version=row.prior_version).last() if row else None
    return {
        "is_on": learner.is_on,
        "set_aside": learner.set_aside,
        "row": row,
        "since": first.created_at if first else None,
        "learned_from": row.learned_from if row else 0,
        "explored_in_1000": f"{learner.posterior.settings.floor * 1000:g}",
    }


def _compared(request: HttpRequest, versions: list[ProgressionProtocol]) -> dict[str, Any] | None:
    """The version that was asked for beside the one before it. Raises Http404 for one that is not there."""
    asked = request.GET.get("version", "")
    if not asked:
        return None
    version = next((one for one in versions if str(one.number) == asked), None)
    if version is None:
        raise Http404
    before = selectors.protocols_written().filter(number__lt=version.number).first()
    if not all(is_readable(one) for one in (version, before) if one is not None):
        return None
    return shown_version(version, before)
