"""Addresses of the API of sessions, below ``/c/<clinic>/api/``; sensors' own addresses stand outside."""

from django.urls import path

from sessions.api import devices, views

api_urlpatterns = [
    path("sessions/", views.SessionList.as_view(), name="sessions"),
    path("sessions/<uuid:ref>/", views.SessionDetail.as_view(), name="session"),
    path("sessions/<uuid:ref>/repetitions/", views.SessionRepetitions.as_view(), name="repetitions"),
    path("sets/<uuid:ref>/landmarks/", views.SetLandmarks.as_view(), name="landmarks"),
    path("sets/<uuid:ref>/curve/", views.SetCurve.as_view(), name="curve"),
]

urlpatterns = [
    path("devices/<slug:clinic_slug>/batches/", devices.batches, name="device_batches"),
]
