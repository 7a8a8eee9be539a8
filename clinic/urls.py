"""Addresses of the house itself."""

urlpatterns: list = []
clinic_urlpatterns: list = []
