"""Addresses of the assistant's pages, below ``/c/<clinic>/``."""

from django.urls import URLPattern

assistant_urlpatterns: list[URLPattern] = []
