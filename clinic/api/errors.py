"""Domain errors as JSON, in the same shape as Django REST framework's own."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from clinic.errors import HouseError, Invalid
from clinic.pages import note_refusal, status_of


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """`{"detail": …, "fields": {…}}` for a domain error; None lets the server answer 500."""
    if not isinstance(error, HouseError):
        return exception_handler(error, context)
    note_refusal(context["request"]._request, error)
    body: dict[str, Any] = {"detail": error.words}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = error.fields
    return Response(body, status=status_of(error))
