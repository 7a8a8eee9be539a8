"""Addresses of the assistant's pages, below ``/c/<clinic>/``."""

from django.urls import URLPattern

from sessions.views.assistant.articles import article_urlpatterns
from sessions.views.assistant.own import own_urlpatterns
from sessions.views.assistant.safety import safety_urlpatterns
from sessions.views.assistant.settings import settings_urlpatterns
from sessions.views.assistant.viewing import viewing_urlpatterns

assistant_urlpatterns: list[URLPattern] = [
    *article_urlpatterns,
    *own_urlpatterns,
    *viewing_urlpatterns,
    *settings_urlpatterns,
    *safety_urlpatterns,
]
