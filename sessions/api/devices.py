"""The device API: a sensor's gateway sends batches with the sensor's own key.

No session and no cookie here; the clinic comes from the address and the key must belong to it. Each address
may guess wrong a few times a minute, each sensor may send a few batches a second.
"""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from clinic.audit import record
from clinic.audit.actor import Actor, acting
from clinic.audit.address import client_address
from clinic.errors import Conflict, HouseError, TooOften
from clinic.models import Clinic
from clinic.pace import Pace, count_sent
from clinic.tenancy.scope import clinic_scope
from sessions import services
from sessions.device_batches import LARGEST_SENT_BYTES, BatchRefused, parse_batch, too_large, unzip
from sessions.errors import DeviceNotKnown, MotionConsentMissing
from sessions.models import Device
from sessions.selectors.movement import set_for_sensor

WRONG_KEYS = Pace(most=30, in_s=60)
UNKNOWN = "This key is not known here. Ask the clinic for a new one."


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def batches(request: HttpRequest, clinic_slug: str) -> JsonResponse:
    """POST stores a batch; GET tells a gateway what the server's clock says and whether its key works."""
    address = client_address(request.META)
    clinic = Clinic.objects.filter(slug=clinic_slug).first()
    try:
        if clinic is None:
            return _unknown(address)
        with clinic_scope(clinic.pk), acting(Actor(address=address, via="api")):
            device = _device(request, address=address)
            return _answer(request, device) if device else _unknown_words()
    except TooOften as error:
        return _too_often(error)


def _device(request: HttpRequest, *, address: str) -> Device | None:
    """The sensor whose key the request carries; None for a wrong key, which is counted and audited."""
    try:
        device = services.device_of_token(_token(request))
    except DeviceNotKnown:
        count_sent(address, "device_key", WRONG_KEYS)
        record("denied", object_type="sessions.Device")
        return None
    count_sent(device.pk, "device_batches", Pace(most=settings.DEVICE_BATCHES_A_MINUTE, in_s=60))
    return device


def _unknown(address: str) -> JsonResponse:
    count_sent(address, "device_key", WRONG_KEYS)
    return _unknown_words()


def _answer(request: HttpRequest, device: Device) -> JsonResponse:
    if request.method == "GET":
        return JsonResponse({"device": str(device.ref), **_now(device)})
    try:
        batch = parse_batch(
            _body(request),
            content_type=request.headers.get("Content-Type", ""),
            key=request.headers.get("Idempotency-Key", ""),
            set_ref=request.headers.get("X-Exercise-Set", ""),
        )
        stored = services.store_batch(device, batch)
    except BatchRefused as refused:
        return JsonResponse(refused.to_dict(), status=refused.status)
    except DeviceNotKnown:
        return _unknown_words()
    except TooOften:
        raise
    except HouseError as error:
        return JsonResponse({"detail": error.words}, status=_status(error))
    answer: dict[str, Any] = {
        "status": "stored" if stored.is_new else "known",
        "samples": stored.sample_count,
        **_now(device),
    }
    if stored.state is not None:
        answer["state"] = stored.state
    return JsonResponse(answer, status=201 if stored.is_new else 200)


def _now(device: Device) -> dict[str, Any]:
    """The server's clock, and the set that the wearer is doing: where the next batch belongs."""
    running = set_for_sensor(device)
    return {"server_ms": time.time() * 1000.0, "set": str(running.ref) if running else None}


def _status(error: HouseError) -> int:
    if isinstance(error, MotionConsentMissing):
        return 403
    return 409 if isinstance(error, Conflict) else 400


def _body(request: HttpRequest) -> bytes:
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > LARGEST_SENT_BYTES:
        raise too_large()
    body = request.read(LARGEST_SENT_BYTES + 1)
    if len(body) > LARGEST_SENT_BYTES:
        raise too_large()
    return unzip(body, encoding=request.headers.get("Content-Encoding", ""))


def _token(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _unknown_words() -> JsonResponse:
    return JsonResponse({"detail": UNKNOWN}, status=401, headers={"WWW-Authenticate": "Bearer"})


def _too_often(error: TooOften) -> JsonResponse:
    words = "Too many requests. Wait a minute, then go on where you were."
    return JsonResponse({"detail": words}, status=429, headers={"Retry-After": str(error.retry_after_s)})
