"""Addresses below /c/<clinic>/api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from patients.api.views import AlertViewSet, MessageViewSet, PainReportViewSet, PatientViewSet, StopView

router = SimpleRouter()
router.register("patients", PatientViewSet, basename="patient")
router.register("alerts", AlertViewSet, basename="alert")

api_urlpatterns = [
    *router.urls,
    path(
        "patients/<uuid:patient_ref>/pain-reports/",
        PainReportViewSet.as_view({"get": "list", "post": "create"}),
        name="pain-reports",
    ),
    path(
        "patients/<uuid:patient_ref>/messages/",
        MessageViewSet.as_view({"get": "list", "post": "create"}),
        name="messages",
    ),
    path("stop/", StopView.as_view(), name="stop"),
]
