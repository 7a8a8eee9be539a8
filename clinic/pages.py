"""Answers that every app shares: a domain error as a page, or as JSON for the API."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from clinic.audit import Action, record
from clinic.errors import Conflict, Forbidden, HouseError, Invalid, NotFound, TooOften

STATUS: tuple[tuple[type[HouseError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 400),
    (TooOften, 429),
)


def status_of(error: HouseError) -> int:
    """The HTTP status of a domain error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer goes to a program."""
    return "/api/" in request.path_info


def note_refusal(request: HttpRequest, error: HouseError) -> None:
    """Write down that a member was refused, unless the code that refused did so already (`error.audited`).

    Runs after the view, outside of any transaction of its own, so that nothing can undo the line.
    """
    if error.audited or not isinstance(error, (NotFound, Forbidden)):
        return
    match = request.resolver_match
    page = match.view_name if match is not None else ""
    record(Action.DENIED, object_type="page", detail={"page": page, "status": status_of(error)})


def refusal(request: HttpRequest, error: HouseError) -> HttpResponse:
    """The answer to a domain error. Nothing of the refused object is in it."""
    status = status_of(error)
    if wants_json(request):
        body: dict[str, object] = {"detail": error.words}
        if isinstance(error, Invalid) and error.fields:
            body["fields"] = error.fields
        return JsonResponse(body, status=status)
    if isinstance(error, TooOften):
        return _please_wait(request, error)
    return render(request, "clinic/refusal.html", {"words": error.words, "status": status}, status=status)


def _please_wait(request: HttpRequest, error: TooOften) -> HttpResponse:
    page = render(request, "429.html", {"words": error.words}, status=status_of(error))
    page.headers["Retry-After"] = str(error.retry_after_s)
    return page
