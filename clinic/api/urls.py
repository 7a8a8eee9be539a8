"""Addresses below /c/<clinic>/api/."""

from django.urls import path

from clinic.api.views import MeView

api_urlpatterns = [path("me/", MeView.as_view(), name="me")]
