"""What production refuses to start with."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

LEAST_KEY_LENGTH = 50
EMBEDDED_PORTS = frozenset({"55432", 55432})


class UnsafeSettings(ImproperlyConfigured):
    """Production was started with settings that would expose patients; ``reasons`` lists every one."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(
            "Refusing to start with unsafe settings:\n" + "\n".join(f"- {why}" for why in reasons)
        )
        self.reasons = reasons


def check_production_settings(settings: Mapping[str, Any]) -> None:
    """Raise UnsafeSettings with every reason at once."""
    reasons = unsafe_settings(settings)
    if reasons:
        raise UnsafeSettings(reasons)


def unsafe_settings(settings: Mapping[str, Any]) -> list[str]:
    """Name each unsafe setting, in words for the person who runs the server."""
    rules = {
        "SECRET_KEY must be set, random and at least 50 characters long": not is_strong(
            settings["SECRET_KEY"]
        ),
        "AUDIT_SIGNING_KEY must be set, random, at least 50 characters long and not SECRET_KEY": (
            not is_strong(settings["AUDIT_SIGNING_KEY"])
            or settings["AUDIT_SIGNING_KEY"] == settings["SECRET_KEY"]
        ),
        "PLUMBLINE_SEALING_KEYS must be set; each random, at least 50 characters long and no other key": (
            not are_sealing_keys(settings)
        ),
        "DEBUG must be off": settings["DEBUG"],
        "ALLOWED_HOSTS must name the site's hosts, without *": (
            not settings["ALLOWED_HOSTS"] or "*" in settings["ALLOWED_HOSTS"]
        ),
        "SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE must be on": not (
            settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"]
        ),
        "SECURE_SSL_REDIRECT must be on, or BEHIND_TLS_PROXY set when a proxy redirects": not (
            settings["SECURE_SSL_REDIRECT"] or settings["SECURE_PROXY_SSL_HEADER"]
        ),
        "EMAIL_URL must name a mail server: on the console, password resets end in the log": (
            "console" in str(settings["EMAIL_BACKEND"])
        ),
        "PLUMBLINE_DEMO must be off": settings["DEMO"],
        **unsafe_database(settings["DATABASES"]["default"], as_owner=settings["AS_OWNER"]),
        "REDIS_URL must carry a password or a TLS address": not is_guarded(settings["REDIS_URL"]),
    }
    return [reason for reason, is_broken in rules.items() if is_broken]


def unsafe_database(database: Mapping[str, Any], *, as_owner: bool) -> dict[str, bool]:
    """Rules for the database address: named, with a password, not the demo's, and not a powerful role."""
    return {
        "DATABASE_URL must be set and carry a password": not database.get("PASSWORD"),
        "DATABASE_URL points at the demo's embedded database": database.get("PORT") in EMBEDDED_PORTS,
        "DATABASE_URL must use the application's role, not postgres or the owner": (
            not as_owner and database.get("USER") in {"postgres", "plumbline_owner"}
        ),
    }


def is_strong(key: str) -> bool:
    """Long enough and not one repeated pattern."""
    return len(key) >= LEAST_KEY_LENGTH and len(set(key)) >= 16 and "insecure" not in key


def are_sealing_keys(settings: Mapping[str, Any]) -> bool:
    """There is at least one, and each is strong and used for nothing else."""
    keys = settings["PLUMBLINE_SEALING_KEYS"]
    others = {settings["SECRET_KEY"], settings["AUDIT_SIGNING_KEY"]}
    return bool(keys) and all(is_strong(key) and key not in others for key in keys)


def is_guarded(url: str) -> bool:
    """The broker asks for a password, or is reached over TLS, or is a local socket."""
    return url.startswith(("rediss://", "unix://")) or "@" in url
