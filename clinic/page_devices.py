"""Which devices of the computer a page may ask for: the house's rules, and a page that needs one more."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpResponse

HEADER = "Permissions-Policy"


def permissions_policy(rules: Mapping[str, Sequence[str]]) -> str:
    """Write ``{"camera": ["self"]}`` as ``camera=(self)``."""
    return ", ".join(f"{feature}=({' '.join(allowed)})" for feature, allowed in rules.items())


def with_microphone(response: HttpResponse) -> HttpResponse:
    """Let this one page ask for the microphone; every other rule stays."""
    response.headers[HEADER] = permissions_policy(settings.PERMISSIONS_POLICY | {"microphone": ["self"]})
    return response
