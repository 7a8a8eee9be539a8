"""Headers on every answer: a content security policy without inline code, and the devices a page may use."""

from django.conf import settings
from django.test import Client


def directives(policy: str) -> dict[str, str]:
    """Split a policy into its directives."""
    parts = [part.strip().partition(" ") for part in policy.split(";")]
    return {name: value for name, _, value in parts if name}


def test_policy_allows_our_own_files_and_wasm_only() -> None:
    policy = directives(Client().get("/healthz").headers["Content-Security-Policy"])
    assert policy == {
        "default-src": "'self'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self' blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_camera_is_ours_and_the_microphone_nobodys() -> None:
    header = Client().get("/healthz").headers["Permissions-Policy"]
    assert "camera=(self)" in header
    assert "microphone=()" in header


def test_answers_cannot_be_framed_or_sniffed() -> None:
    headers = Client().get("/healthz").headers
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Referrer-Policy"] == "same-origin"


def test_session_cookie_is_out_of_reach_for_scripts() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY is True
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
