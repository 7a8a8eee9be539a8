"""Tell the audit trail who is acting in this request, and through which door."""

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

from clinic.audit.actor import Actor, acting
from clinic.audit.address import client_address


class AuditContextMiddleware:
    """Sets the actor from `request.user` and `request.membership`; runs inside ClinicScopeMiddleware."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if iscoroutinefunction(self.get_response):
            return self.__acall__(request)
        with acting(actor_of(request, user_id=request.user.pk)):
            return self.get_response(request)

    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        user = await request.auser()
        with acting(actor_of(request, user_id=user.pk)):
            return await self.get_response(request)


def actor_of(request: HttpRequest, *, user_id: int | None) -> Actor:
    """Who is acting in this request."""
    membership = getattr(request, "membership", None)
    return Actor(
        user_id=user_id,
        membership_id=membership.pk if membership else None,
        role=membership.role if membership else "",
        address=client_address(request.META),
        via="api" if "/api/" in request.path_info else "page",
    )
