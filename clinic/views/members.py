"""The clinic's people, for its admins."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from clinic.errors import Invalid
from clinic.models import Role
from clinic.selectors import member_by_ref, members, open_invitations
from clinic.services import change_role, set_member_active
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest

GROUPS = {"": "Everybody", "staff": "Staff", "patients": "Patients", "closed": "Access closed"}


@require_role(Role.CLINIC_ADMIN)
@require_GET
def member_list(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The members of a group, with their roles, and the invitations that are still open."""
    group = request.GET.get("show", "")
    group = group if group in GROUPS else ""
    staff_roles = [(role.value, role.label) for role in Role if role != Role.PATIENT]
    context = {
        "members": members(group),
        "group": group,
        "groups": GROUPS.items(),
        "invitations": open_invitations(),
        "staff_roles": staff_roles,
    }
    return render(request, "clinic/members.html", context)


@require_role(Role.CLINIC_ADMIN)
@require_POST
def member_role(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Give a member another role."""
    member = member_by_ref(ref)
    try:
        change_role(member, role=request.POST.get("role", ""), by=request.membership)
    except Invalid as error:
        messages.error(request, error.words)
    return redirect("clinic:members", clinic_slug)


@require_role(Role.CLINIC_ADMIN)
@require_POST
def member_access(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Close or open a member's way in."""
    member = member_by_ref(ref)
    try:
        set_member_active(member, active=request.POST.get("active") == "yes", by=request.membership)
    except Invalid as error:
        messages.error(request, error.words)
    return redirect("clinic:members", clinic_slug)
