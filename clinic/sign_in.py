"""Signing in: by e-mail, closed to newcomers without an invitation, locked for a while after five failed
tries.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from clinic.audit.address import client_address
from clinic.models.user import normal_email
from clinic.pages import wants_json


class AccountAdapter(DefaultAccountAdapter):
    """allauth, with the door for newcomers shut: an account is made by accepting an invitation."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail or the password is not right. Check both and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def attempted_email(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """Whose door was tried, for counting failed tries; the same whatever the capitals."""
    given = credentials or {}
    email = given.get("email") or given.get("username") or given.get("login")
    if not email and request is not None:
        email = request.POST.get("login") or request.POST.get("email")
    return normal_email(str(email or ""))[:254]


def locked_out(
    request: HttpRequest, credentials: Mapping[str, Any] | None = None, **kwargs: Any
) -> HttpResponse:
    """What a person sees after too many failed tries."""
    if wants_json(request):
        return JsonResponse({"detail": "Too many tries. Please wait 15 minutes."}, status=429)
    return render(request, "account/locked_out.html", status=429)


def address_of(request: HttpRequest) -> str:
    """The address that failed tries are counted for; the same as in the audit trail."""
    return client_address(request.META)
