"""Answers of the addresses that only a page's script calls: JSON also when something is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse

from clinic.errors import HouseError, TooOften
from clinic.pages import note_refusal, status_of
from clinic.tenancy.request import ClinicRequest

View = Callable[..., Any]


def answers_json(view: View) -> View:
    """Translate a domain error into JSON with its words; the refusal is audited as on a page."""

    @wraps(view)
    def answered(request: ClinicRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except HouseError as error:
            note_refusal(request, error)
            answer = JsonResponse({"kind": kind_of(error), "words": error.words}, status=status_of(error))
            if isinstance(error, TooOften):
                answer.headers["Retry-After"] = str(error.retry_after_s)
            return answer

    return answered


def kind_of(error: HouseError) -> str:
    """The error's name for a script: NoteLocked is "note_locked"."""
    name = type(error).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
