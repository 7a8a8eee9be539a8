"""Addresses of the pages about notes, below ``/c/<clinic>/``."""

from django.urls import URLPattern

core_patterns: list[URLPattern] = []

clinic_urlpatterns = [
    *core_patterns,
]
