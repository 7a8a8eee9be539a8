"""Door 1, HTTP: below /c/<clinic>/ a page runs inside the clinic's scope, for its members only.

The clinic comes from the address and a verified membership, never from a header. Signed out: to the sign-in
page, or 401 for the API. Not a member, or no such clinic: 404 in both cases, so that a stranger learns
nothing.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from clinic.audit import record
from clinic.audit.actor import acting
from clinic.audit.middleware import actor_of
from clinic.errors import HouseError, NotFound
from clinic.models import Membership
from clinic.pages import note_refusal, refusal, wants_json
from clinic.selectors import own_membership
from clinic.tenancy.idle import is_idle, note_activity, remember_limit
from clinic.tenancy.scope import clinic_scope

KEEP_ALIVE_PATH = "/clinics/keep-alive/"
# Sent by a page that asks by itself, so that an empty room is not kept signed in.
BACKGROUND_HEADER = "X-Background"
# Any address that could be routed to a clinic's page must pass here, also one with a slug that no clinic
# can have.
CLINIC_PATH = re.compile(r"^/c/(?P<slug>[^/]*)/(?P<api>api/)?", re.DOTALL)


class ClinicScopeMiddleware:
    """Opens the clinic's scope around the view and sets `request.clinic` and `request.membership`."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self.is_async:
            return self.__acall__(request)
        return keep_out_of_caches(request, self._answer(request))

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        return keep_out_of_caches(request, await self._aanswer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.clinic = request.membership = None  # type: ignore[attr-defined]
        path = CLINIC_PATH.match(request.path_info)
        if path is None:
            return self.get_response(request)
        answer, membership = enter(request, path)
        if membership is None:
            return answer
        with inside(membership):
            return self.get_response(request)

    async def _aanswer(self, request: HttpRequest) -> HttpResponse:
        request.clinic = request.membership = None  # type: ignore[attr-defined]
        path = CLINIC_PATH.match(request.path_info)
        if path is None:
            return await self.get_response(request)
        answer, membership = await sync_to_async(enter)(request, path)
        if membership is None:
            return answer
        with inside(membership):
            return await self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Translate a domain error, once, into a page or JSON."""
        if not isinstance(error, HouseError):
            return None
        note_refusal(request, error)
        return refusal(request, error)


def keep_out_of_caches(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Whatever somebody signed in is shown is kept by no browser, unless the view has said otherwise."""
    is_private = CLINIC_PATH.match(request.path_info) or SESSION_KEY in request.session
    if is_private and not answer.has_header("Cache-Control"):
        add_never_cache_headers(answer)
    return answer


@contextmanager
def inside(membership: Membership) -> Iterator[None]:
    """The clinic's scope, and its clock for the times on the page."""
    try:
        zone = ZoneInfo(membership.clinic.time_zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        zone = ZoneInfo("UTC")
    with clinic_scope(membership.clinic_id, user_id=membership.user_id), timezone.override(zone):
        yield


class IdleLogoffMiddleware:
    """Signs a person out on the server after the clinic's idle minutes; each request of theirs counts as
    activity.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self.is_async:
            return self.__acall__(request)
        return sign_out_when_idle(request) or self.get_response(request)

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        answer = await sync_to_async(sign_out_when_idle)(request)
        return answer or await self.get_response(request)


def sign_out_when_idle(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who was away for too long, or None. A page's own polling does not count as
    activity.
    """
    if SESSION_KEY not in request.session:
        return None
    if is_idle(request.session):
        request.signed_out_for_idling = True  # type: ignore[attr-defined]
        logout(request)
        if request.method == "POST" and request.path_info == KEEP_ALIVE_PATH:
            return JsonResponse({"detail": "Please sign in."}, status=401)
        return signed_out(request, is_api=wants_json(request))
    if request.headers.get(BACKGROUND_HEADER) is None:
        note_activity(request.session)
    return None


def enter(request: HttpRequest, path: re.Match[str]) -> tuple[Any, Membership | None]:
    """The membership that lets this request in, or the answer that keeps it out."""
    if not request.user.is_authenticated:
        return signed_out(request, is_api=bool(path["api"])), None
    membership = own_membership(request.user.pk, path["slug"])
    if membership is None:
        with acting(actor_of(request, user_id=request.user.pk)):
            record("denied", object_type="clinic", detail={"slug": path["slug"][:40]})
        return refusal(request, NotFound()), None
    clinic = membership.clinic
    remember_limit(request.session, clinic_id=clinic.pk, minutes=clinic.idle_logoff_minutes)
    request.clinic = membership.clinic  # type: ignore[attr-defined]
    request.membership = membership  # type: ignore[attr-defined]
    return None, membership


def signed_out(request: HttpRequest, *, is_api: bool) -> HttpResponse:
    """What somebody who is not signed in gets."""
    if is_api:
        return JsonResponse({"detail": "Please sign in."}, status=401)
    return redirect_to_login(request.get_full_path())
