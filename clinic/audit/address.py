"""Where a request came from: the peer's address, unless the peer is one of our own proxies."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings


def client_address(meta: Mapping[str, Any]) -> str:
    """Address of the client. X-Forwarded-For is believed only as far as it was written by TRUSTED_PROXIES."""
    return believed_address(str(meta.get("REMOTE_ADDR", "")), str(meta.get("HTTP_X_FORWARDED_FOR", "")))


def believed_address(peer: str, forwarded_for: str) -> str:
    """The last address of the chain that is not a proxy of ours; '' when it is no address at all."""
    address = peer
    for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
        if not _is_trusted(address):
            break
        address = hop
    return address if _is_address(address) else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str) -> bool:
    if not _is_address(text):
        return False
    address = ip_address(text)
    return any(address in ip_network(network, strict=False) for network in settings.TRUSTED_PROXIES)
