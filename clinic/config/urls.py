"""Every address of the site: global pages, and one clinic's pages and API below ``/c/<clinic>/``."""

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from clinic.views.site import address_change_closed

APPS = ["clinic", "patients", "prescriptions", "sessions", "notes"]


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer that this process serves requests."""
    return HttpResponse("ok", content_type="text/plain")


def patterns_of(module: str, name: str) -> list[URLPattern | URLResolver]:
    """Read a list of patterns from an app's module, empty while the app has none."""
    try:
        is_written = find_spec(module) is not None
    except ModuleNotFoundError:
        is_written = False
    return getattr(import_module(module), name, []) if is_written else []


def pages_of(app: str) -> URLResolver:
    """One app's pages, in the app's namespace."""
    return path("", include((patterns_of(f"{app}.urls", "clinic_urlpatterns"), app)))


def api_of(app: str) -> URLResolver:
    """One app's API, in the namespace ``<app>_api``."""
    return path("", include((patterns_of(f"{app}.api.urls", "api_urlpatterns"), f"{app}_api")))


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/email/", address_change_closed, name="account_email"),
    path("accounts/", include("allauth.urls")),
    *patterns_of("sessions.api.urls", "urlpatterns"),
    *patterns_of("clinic.urls", "urlpatterns"),
    path("c/<slug:clinic_slug>/api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path(
        "c/<slug:clinic_slug>/api/docs/",
        SpectacularSwaggerSplitView.as_view(url="../schema/"),
        name="api_docs",
    ),
    path("c/<slug:clinic_slug>/api/", include([api_of(app) for app in APPS])),
    # The pages of the house are in clinic.urls: one namespace for those inside of a clinic and outside.
    path("c/<slug:clinic_slug>/", include([pages_of(app) for app in APPS if app != "clinic"])),
]
