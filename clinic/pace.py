"""How often one person may send something from a page, in all clinics together.

The API has its own limit (clinic.api.throttles), sockets theirs. Saying that something is wrong has none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from redis.exceptions import RedisError

from clinic.audit import Action, record
from clinic.errors import TooOften
from clinic.pages import refusal, wants_json

View = Callable[..., Any]
READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Nobody is told to come back tomorrow: a stretch that began long ago may end sooner.
LONGEST_WAIT_S = 3600


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many in a stretch of so many seconds."""

    most: int
    in_s: int


# Somebody who counts repetitions by tapping sends one a second; nobody types faster.
ANY_PAGE = Pace(most=180, in_s=60)


def count_sent(sender: int | str, what: str, pace: Pace, *, amount: int = 1) -> None:
    """Count things sent by a person, a sensor or an address. Raises TooOften above the pace.

    The first one too many is audited. `amount`: how many at once, as of samples in a batch.

    The first of a stretch starts its clock. With the cache away nothing is counted: a limit must not stand
    between a patient and their clinic.
    """
    key = f"pace:{what}:{sender}"
    try:
        is_first = cache.add(key, amount, timeout=pace.in_s)
        sent = amount if is_first else cache.incr(key, amount)
    except (RedisError, ValueError):  # ValueError: the stretch ended between the two calls
        return
    if sent - amount <= pace.most < sent:
        record(Action.DENIED, object_type="page", detail={"too_often": what})
    if sent > pace.most:
        raise TooOften(retry_after_s=min(pace.in_s, LONGEST_WAIT_S))


def no_pace(view: View) -> View:
    """Mark a page whose sending is never slowed down."""

    @wraps(view)
    def unhindered(*args: Any, **kwargs: Any) -> HttpResponse:
        return view(*args, **kwargs)

    unhindered.has_no_pace = True  # type: ignore[attr-defined]
    return unhindered


def paced(what: str, pace: Pace) -> Callable[[View], View]:
    """Limit how often one person may send a page's form, beside the limit on all pages together."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in READS and request.user.pk is not None:
                count_sent(request.user.pk, what, pace)
            return view(request, *args, **kwargs)

        return counted

    return decorate


class PagePaceMiddleware(MiddlewareMixin):
    """Limits what one member sends from all pages of a clinic together; the API counts for itself."""

    def process_view(
        self, request: HttpRequest, view: View, _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The answer to somebody who sends too often, or None."""
        membership = getattr(request, "membership", None)
        if membership is None or request.method in READS or wants_json(request):
            return None
        if getattr(view, "has_no_pace", False):
            return None
        try:
            count_sent(membership.user_id, "pages", ANY_PAGE)
        except TooOften as error:
            return refusal(request, error)
        return None
