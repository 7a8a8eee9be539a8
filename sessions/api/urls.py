"""Addresses of the API of sessions, below ``/c/<clinic>/api/``."""

from django.urls import path

from sessions.api import views

api_urlpatterns = [
    path("sessions/", views.SessionList.as_view(), name="sessions"),
    path("sessions/<uuid:ref>/", views.SessionDetail.as_view(), name="session"),
    path("sessions/<uuid:ref>/repetitions/", views.SessionRepetitions.as_view(), name="repetitions"),
    path("sets/<uuid:ref>/landmarks/", views.SetLandmarks.as_view(), name="landmarks"),
    path("sets/<uuid:ref>/curve/", views.SetCurve.as_view(), name="curve"),
]
