"""Websocket addresses of patients."""

from django.urls import path

from patients.consumers import CaseloadConsumer, PatientConsumer

websocket_urlpatterns = [
    path("ws/c/<slug:clinic_slug>/caseload/updates/", CaseloadConsumer.as_asgi()),
    path("ws/c/<slug:clinic_slug>/patients/<uuid:patient_ref>/updates/", PatientConsumer.as_asgi()),
]
