"""Addresses below /c/<clinic>/api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from prescriptions.api.views import ExerciseViewSet, PrescribedExerciseViewSet, PrescriptionViewSet

router = SimpleRouter()
router.register("exercises", ExerciseViewSet, basename="exercise")
router.register("prescribed-exercises", PrescribedExerciseViewSet, basename="prescribed-exercise")

api_urlpatterns = [
    *router.urls,
    path(
        "patients/<uuid:patient_ref>/prescriptions/",
        PrescriptionViewSet.as_view({"get": "list", "post": "create"}),
        name="prescriptions",
    ),
]
