"""Addresses below /c/<clinic>/api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from patients.api.views import AlertViewSet, MessageViewSet, PainReportViewSet, PatientViewSet, StopView

router = SimpleRouter()
router.register("patients", PatientViewSet, basename="patient")
router.register("alerts", AlertViewSet, basename="alert")
rows = {"get": "list", "post": "create"}

api_urlpatterns = [
    *router.urls,
    path("patients/<uuid:patient_ref>/pain-reports/", PainReportViewSet.as_view(rows), name="pain-reports"),
    path("patients/<uuid:patient_ref>/messages/", MessageViewSet.as_view(rows), name="messages"),
    path("stop/", StopView.as_view(), name="stop"),
]
