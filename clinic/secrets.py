"""Secrets that must be read again, such as a provider's key: sealed with a key that the database never holds.

AES-256-GCM. What is sealed is bound to the row that it belongs to, so that it cannot be copied into another.
The first of PLUMBLINE_SEALING_KEYS seals; every one of them opens, which is how a key is replaced.
"""

import base64
import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from clinic.errors import HouseError

FORM = "v1"
NONCE_BYTES = 12
# Apart from every other use of the same random text.
PURPOSE = b"plumbline sealing key v1\x00"


class NoSealingKey(HouseError):
    words = "Secrets cannot be stored here: whoever runs the server has to set PLUMBLINE_SEALING_KEYS first."


class SealBroken(HouseError):
    """Sealed with a key that is gone, for another row, or changed since."""

    words = "The stored secret cannot be read any more. Enter it again."


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    cipher: AESGCM


def has_sealing_key() -> bool:
    """Whether anything can be sealed here."""
    return bool(_texts())


def seal(secret: str, *, belongs_to: str) -> str:
    """The secret as text for the database. `belongs_to` names the row, such as "3:ModelProvider:<ref>".

    Raises NoSealingKey.
    """
    key = _keys()[0]
    nonce = os.urandom(NONCE_BYTES)
    closed = key.cipher.encrypt(nonce, secret.encode(), belongs_to.encode())
    return f"{FORM}:{key.id}:{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(sealed: str, *, belongs_to: str) -> str:
    """The secret again. Raises NoSealingKey and SealBroken, neither of which repeats anything of it."""
    form, _, rest = sealed.partition(":")
    key_id, _, body = rest.partition(":")
    key = next((each for each in _keys() if each.id == key_id), None)
    if form != FORM or key is None:
        raise SealBroken
    try:
        raw = base64.urlsafe_b64decode(body.encode())
        return key.cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], belongs_to.encode()).decode()
    except (ValueError, InvalidTag):
        raise SealBroken from None


def is_sealed_with_first_key(sealed: str) -> bool:
    """Whether the present key sealed it; if not, seal it again before the old key is taken away."""
    return sealed.startswith(f"{FORM}:{_keys()[0].id}:")


def _texts() -> list[str]:
    return [text for text in getattr(settings, "PLUMBLINE_SEALING_KEYS", []) if text]


def _keys() -> list[_Key]:
    found = [_key(text) for text in _texts()]
    if not found:
        raise NoSealingKey
    return found


def _key(text: str) -> _Key:
    # Production asks for 50 random characters or more, so that no slow derivation is needed.
    raw = hashlib.sha256(PURPOSE + text.encode()).digest()
    return _Key(hashlib.sha256(raw).hexdigest()[:8], AESGCM(raw))
