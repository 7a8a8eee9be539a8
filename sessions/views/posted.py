"""What a page or its script has sent: form fields, or a small JSON object."""

from typing import Any

import orjson

from clinic.errors import Invalid
from clinic.tenancy.request import ClinicRequest

LARGEST_JSON = 4096


def is_json(request: ClinicRequest) -> bool:
    """Whether a script sent this, which wants no page in return."""
    return request.content_type == "application/json"


def posted(request: ClinicRequest) -> Any:
    """The fields that were sent; raises Invalid for JSON that is broken, too large, or no object."""
    if not is_json(request):
        return request.POST
    body = request.body
    try:
        fields = orjson.loads(body) if len(body) <= LARGEST_JSON else None
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise Invalid
    return fields
