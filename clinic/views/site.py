"""Pages outside of a clinic: landing, choice of clinic, intended use, staying signed in; and the clinic's
front door.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from clinic.models import Role
from clinic.selectors import own_memberships
from clinic.tenancy.request import ClinicRequest

HOME_PAGES = {
    Role.PATIENT: "patients:today",
    Role.THERAPIST: "patients:caseload",
    Role.ASSISTANT: "patients:caseload",
    Role.CLINIC_ADMIN: "clinic:members",
}


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """What Plumbline is; a signed-in person goes on to their clinic, or to the choice of clinic."""
    if not request.user.is_authenticated:
        return render(request, "clinic/landing.html")
    memberships = own_memberships(int(request.user.pk or 0))
    if len(memberships) == 1:
        return redirect("clinic:home", memberships[0].clinic.slug)
    return redirect("clinic:switch")


@login_required
@require_GET
def choose_clinic(request: HttpRequest) -> HttpResponse:
    """The clinics that this person belongs to."""
    return render(request, "clinic/clinics.html", {"memberships": own_memberships(int(request.user.pk or 0))})


@login_required
def address_change_closed(request: HttpRequest) -> HttpResponse:
    """In place of allauth's page: a new address is a new person, whom the clinic invites again."""
    return render(request, "account/email.html", status=403 if request.method == "POST" else 200)


@require_GET
def intended_use(request: HttpRequest) -> HttpResponse:
    """What Plumbline is for, and what it is not."""
    return render(request, "clinic/intended_use.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, who sees it, and how to find out who looked."""
    return render(request, "clinic/privacy.html")


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """The person is still there. The idle middleware has noted it already; signed out is 401."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@require_GET
def home(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The first page of this person's work in the clinic."""
    try:
        page = reverse(HOME_PAGES[Role(request.membership.role)], args=[clinic_slug])
    except NoReverseMatch:
        return render(request, "clinic/home.html")
    return redirect(page)
