"""Who may open a page: roles inside the clinic in scope."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse

from clinic.errors import Forbidden, NotFound

View = Callable[..., Any]


def check_role(request: HttpRequest, roles: tuple[str, ...]) -> None:
    """Raise NotFound outside of a clinic, Forbidden for a member without one of the roles."""
    membership = getattr(request, "membership", None)
    if membership is None:
        raise NotFound()
    if not membership.has_role(*roles):
        raise Forbidden()


def require_role(*roles: str) -> Callable[[View], View]:
    """Let only members with one of the roles in; needs at least one. Others get 403, strangers 404."""
    if not roles:
        raise TypeError("require_role needs at least one role")

    def decorate(view: View) -> View:
        if iscoroutinefunction(view):

            @wraps(view)
            async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                check_role(request, roles)
                return await view(request, *args, **kwargs)

        else:

            @wraps(view)
            def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                check_role(request, roles)
                return view(request, *args, **kwargs)

        return guarded

    return decorate
