"""Which addresses a language model may be called at: a clinic's admin types them, the server calls them.

https to a public address, or a host that whoever runs the server has named in PLUMBLINE_MODEL_HOSTS. The
name is resolved anew for each request and the request goes to the address that was checked, so that a name
that changes in between leads nowhere else. Redirects are refused. Proxies of the environment are not used.
"""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from clinic.errors import Invalid

LARGEST_ANSWER_BYTES = 2 * 1024 * 1024
HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._:")


class AddressNotAllowed(Invalid):
    """`words` say what is wrong; they never repeat the address."""


def check_address(url: str) -> None:
    """Raise AddressNotAllowed unless a model may be called at `url` now. Resolves its host."""
    parts = _split(url)
    reachable_address(_host(parts), parts.port or (443 if parts.scheme == "https" else 80))


def check_form(url: str) -> None:
    """The same without asking for the host's addresses. Raises AddressNotAllowed."""
    _split(url)


def reachable_address(host: str, port: int) -> str:
    """An address of `host` that may be called. Raises AddressNotAllowed when any of them may not."""
    found = _resolve(host, port)
    if not is_named_host(host) and not all(_is_public(address) for address in found):
        raise AddressNotAllowed(
            "This host is inside a private network. Whoever runs the server can allow it by name."
        )
    return found[0]


def is_named_host(host: str) -> bool:
    """Whether whoever runs the server allows this host by name."""
    return host.lower() in {name.strip().lower() for name in settings.PLUMBLINE_MODEL_HOSTS}


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise AddressNotAllowed("This is not an address.") from None
    host = _host(parts)
    if parts.scheme not in ("http", "https") or not host or not HOST_CHARACTERS.issuperset(host):
        raise AddressNotAllowed("Enter an address that begins with https:// and a host's name.")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise AddressNotAllowed("Leave out names, passwords and everything after a question mark.")
    if parts.scheme != "https" and not is_named_host(host):
        raise AddressNotAllowed("Only https:// is allowed: what is sent must not be readable on its way.")
    return parts


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower()


def _resolve(host: str, port: int) -> list[str]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressNotAllowed("No computer of this name was found.") from None
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(inner.is_global and not inner.is_multicast for inner in _carried_in(address))


def _carried_in(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The address, and the IPv4 address that a mapped, 6to4, Teredo or NAT64 one leads to."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        yield from (inner for inner in (address.ipv4_mapped, address.sixtofour) if inner is not None)
        if address.teredo is not None:
            yield address.teredo[1]
        if address in ipaddress.ip_network("64:ff9b::/96"):
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def guarded_client(library: Any, *, timeout_s: float) -> dict[str, Any]:
    """Arguments of a client of `library` (httpx or httpx2) that calls allowed addresses only."""
    return {
        "transport": _transport(library),
        "follow_redirects": False,
        "trust_env": False,
        "timeout": timeout_s,
    }


def refusing_client(library: Any) -> dict[str, Any]:
    """Arguments of an asynchronous client that calls nobody: the graph runs in threads."""

    class Refusing(library.AsyncBaseTransport):
        async def handle_async_request(self, request: Any) -> Any:
            raise library.UnsupportedProtocol("Only the guarded client may call a model.")

    return {"transport": Refusing(), "trust_env": False}


def _transport(library: Any) -> Any:
    class Guarded(library.HTTPTransport):
        """Sends each request to the address that was checked a moment before."""

        def handle_request(self, request: Any) -> Any:
            url = request.url
            try:
                check_form(f"{url.scheme}://{url.host}:{url.port or ''}".rstrip(":"))
                port = url.port or (443 if url.scheme == "https" else 80)
                address = reachable_address(url.host, port)
            except AddressNotAllowed as error:
                raise library.UnsupportedProtocol(error.words) from None
            request.extensions = {**request.extensions, "sni_hostname": url.host}
            request.url = url.copy_with(host=address)
            response = super().handle_request(request)
            request.url = url
            if response.is_redirect:
                response.close()
                raise library.UnsupportedProtocol("The model's host sent a redirect; none is followed.")
            response.stream = Limited(response.stream)
            return response

    class Limited(library.SyncByteStream):
        """Ends an answer that does not end."""

        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __iter__(self) -> Iterator[bytes]:
            received = 0
            for part in self.stream:
                received += len(part)
                if received > LARGEST_ANSWER_BYTES:
                    raise library.ReadError("The model's answer is larger than an answer may be.")
                yield part

        def close(self) -> None:
            self.stream.close()

    return Guarded(trust_env=False, retries=0)
