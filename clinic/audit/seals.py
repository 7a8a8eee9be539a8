"""Signing the heads of the chains with a key that the database never sees.

Whoever can switch off triggers can rewrite a chain from any row on and compute every hash again; a seal of
a later row no longer fits then. Keep AUDIT_SIGNING_KEY outside of the database and its backups.
"""

import hashlib
import hmac
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from clinic.audit.models import AuditSeal
from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope, no_scope, platform_scope

LAST = """
SELECT sequence, hash FROM clinic_auditevent WHERE clinic_id IS NOT DISTINCT FROM %s
ORDER BY sequence DESC LIMIT 1
"""
SEAL = """
INSERT INTO clinic_auditseal (clinic_id, sequence, hash, sealed_at, key_id, signature)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class NoSigningKey(Exception):
    """AUDIT_SIGNING_KEY is not set."""


def seal_every_chain() -> int:
    """Seal the platform's chain and each clinic's; returns how many got a new seal."""
    with platform_scope():
        sealed = int(_seal(None))
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        with clinic_scope(clinic_id):
            sealed += int(_seal(clinic_id))
    return sealed


def _seal(clinic_id: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LAST, [clinic_id])
        last = cursor.fetchone()
    if last is None or any(seal.sequence == last[0] for seal in seals_of_scope(clinic_id)):
        return False
    sealed_at = datetime.now(UTC)
    sequence, head = int(last[0]), str(last[1])
    signed = signature(clinic_id, sequence, head, sealed_at)
    _insert(clinic_id, (sequence, head, sealed_at, key_id(), signed))
    return True


def _insert(clinic_id: int | None, values: tuple[int, str, datetime, str, str]) -> None:
    """The platform's row may be inserted outside of any scope only, as its event was; see the row security
    policies.
    """
    if clinic_id is None:
        with no_scope(), connection.cursor() as cursor:
            cursor.execute(SEAL.replace(" ON CONFLICT DO NOTHING", ""), (clinic_id, *values))
        return
    with connection.cursor() as cursor:
        cursor.execute(SEAL, (clinic_id, *values))


def seals_of_scope(clinic_id: int | None) -> list[AuditSeal]:
    """The seals of one chain, which must be the one in scope."""
    of_chain = Q(clinic=None) if clinic_id is None else Q(clinic=clinic_id)
    return list(AuditSeal.objects.filter(of_chain).order_by("sequence"))


def is_genuine(seal: AuditSeal) -> bool:
    """Whether our key signed this seal."""
    expected = signature(seal.clinic_id, seal.sequence, seal.hash, seal.sealed_at)
    return constant_time_compare(expected, seal.signature)


def signature(clinic_id: int | None, sequence: int, head: str, sealed_at: datetime) -> str:
    """HMAC-SHA256 in hexadecimal. Raises NoSigningKey."""
    text = (
        f"{clinic_id or 0}|{sequence}|{head}|{sealed_at.astimezone(UTC).isoformat(timespec='microseconds')}"
    )
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def key_id() -> str:
    """Which key signed, without saying anything about it."""
    return hashlib.sha256(b"key id|" + _key()).hexdigest()[:16]


def _key() -> bytes:
    key = str(getattr(settings, "AUDIT_SIGNING_KEY", ""))
    if not key:
        raise NoSigningKey("Set AUDIT_SIGNING_KEY to a secret that is kept outside of the database.")
    return key.encode()
