"""Following an invitation's link. The clinic in the address is believed only together with its token."""

from uuid import UUID

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic.audit.actor import acting
from clinic.audit.middleware import actor_of
from clinic.errors import HouseError, Invalid
from clinic.forms import InviteForm, JoinForm
from clinic.models import Clinic, Invitation, Role, User
from clinic.models.user import normal_email
from clinic.selectors import clinic_by_slug, invitation_by_ref, invitation_by_token
from clinic.services import accept_invitation, create_invited_user, invite, revoke_invitation, token_hash
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from clinic.tenancy.scope import clinic_scope

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, clinic_slug: str, token: str) -> HttpResponse:
    """Accept an invitation: choose a password, or sign in and say yes."""
    clinic = clinic_by_slug(clinic_slug)
    with clinic_scope(clinic.pk):
        invitation = invitation_by_token(token_hash(token))
        has_login = User.objects.filter(email=invitation.email).exists()
        if has_login or request.user.is_authenticated:
            return _join_with_login(request, clinic, invitation)
        return _join_as_newcomer(request, clinic, invitation)


def _join_with_login(request: HttpRequest, clinic: Clinic, invitation: Invitation) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    context = {"clinic": clinic, "invitation": invitation}
    if normal_email(request.user.email) != invitation.email:
        return render(request, "clinic/join_other_person.html", context, status=403)
    if request.method == "GET":
        return render(request, "clinic/join.html", context)
    with acting(actor_of(request, user_id=request.user.pk)):
        accept_invitation(invitation, user=request.user)
    return redirect("clinic:home", clinic.slug)


def _join_as_newcomer(request: HttpRequest, clinic: Clinic, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _new_member(request, invitation, password=form.cleaned_data["password"])
        except Invalid as error:
            form.add_error("password", error.fields.get("password", error.words))
        else:
            login(request, user, backend=MODEL_BACKEND)
            return redirect("clinic:home", clinic.slug)
    context = {"clinic": clinic, "invitation": invitation, "form": form}
    return render(request, "clinic/join.html", context)


@transaction.atomic
def _new_member(request: HttpRequest, invitation: Invitation, *, password: str) -> User:
    user = create_invited_user(invitation, password=password)
    with acting(actor_of(request, user_id=user.pk)):
        accept_invitation(invitation, user=user)
    return user


@require_role(Role.CLINIC_ADMIN)
@require_http_methods(["GET", "POST"])
def invite_member(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Write an invitation and show its link once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = invite(**form.cleaned_data, by=request.membership)
        except HouseError as error:
            form.add_error(None, error.words)
        else:
            path = reverse("clinic:join", args=[clinic_slug, issued.token])
            link = request.build_absolute_uri(path)
            return render(request, "clinic/invited.html", {"invitation": issued.invitation, "link": link})
    return render(request, "clinic/invite.html", {"form": form})


@require_role(Role.CLINIC_ADMIN)
@require_POST
def revoke(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Make an invitation's link stop working."""
    revoke_invitation(invitation_by_ref(ref))
    return redirect("clinic:members", clinic_slug)
