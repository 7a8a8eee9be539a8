"""Plans and exercises over JSON: the same selectors and services as the pages."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from clinic.models import Membership, Role
from clinic.models.membership import STAFF_ROLES
from patients.models import Patient
from patients.selectors import access_patient, check_patient_access
from prescriptions import selectors, services
from prescriptions.api.serializers import (
    ChangeDoseSerializer,
    ExerciseVersionSerializer,
    NewPrescriptionSerializer,
    PrescribedExerciseSerializer,
    PrescriptionSerializer,
)
from prescriptions.dose import Dose
from prescriptions.models import ExerciseVersion, PrescribedExercise, Prescription

EVERYBODY = (*STAFF_ROLES, Role.PATIENT)


def member_of(request: Request) -> Membership:
    """Who asks; the middleware has verified the membership."""
    return request.membership  # type: ignore[attr-defined]


class ExerciseViewSet(mixins.ListModelMixin, GenericViewSet[ExerciseVersion]):
    """The newest version of each exercise of the clinic."""

    roles = STAFF_ROLES
    serializer_class = ExerciseVersionSerializer
    queryset = ExerciseVersion.objects.none()
    filter_backends: tuple[Any, ...] = ()
    lookup_field = "code"
    lookup_value_regex = "[a-z0-9_-]+"

    def get_queryset(self) -> QuerySet[ExerciseVersion]:
        return selectors.current_versions()

    def retrieve(self, request: Request, clinic_slug: str, code: str) -> Response:
        version = selectors.current_version_of(selectors.exercise_with_code(code))
        return Response(self.get_serializer(version).data)


class PrescriptionViewSet(GenericViewSet[Prescription]):
    """The plans of one patient, the newest first; a new one ends the one in force."""

    roles = EVERYBODY
    serializer_class = PrescriptionSerializer
    queryset = Prescription.objects.none()
    filter_backends: tuple[Any, ...] = ()

    def list(self, request: Request, clinic_slug: str, patient_ref: str) -> Response:
        patient = access_patient(member_of(request), patient_ref, purpose="prescription")
        page = self.paginate_queryset(with_exercises(patient)) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(request=NewPrescriptionSerializer)
    def create(self, request: Request, clinic_slug: str, patient_ref: str) -> Response:
        check_therapist(self, request)
        patient = check_patient_access(member_of(request), patient_ref, purpose="prescription")
        asked = NewPrescriptionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        written = services.write_prescription(
            patient,
            [_line(line) for line in data["exercises"]],
            by=member_of(request),
            note_to_patient=data["note_to_patient"],
            more_than_four=data["more_than_four"],
        )
        stored = with_exercises(patient).get(pk=written.pk)
        return Response(self.get_serializer(stored).data, status=status.HTTP_201_CREATED)


def with_exercises(patient: Patient) -> QuerySet[Prescription]:
    """The patient's plans with the exercises in force, in two queries for any number."""
    there = PrescribedExercise.objects.filter(removed_at=None).order_by("order", "pk")
    lines = Prefetch(
        "exercises",
        queryset=there.select_related("exercise_version__exercise"),
        to_attr="exercises_in_force",
    )
    return selectors.prescriptions_of(patient).prefetch_related(lines)


def _line(line: dict[str, Any]) -> services.PlanLine:
    version = selectors.version_with_ref(line["exercise_version"])
    return services.PlanLine(version=version, dose=Dose.of(line))


def check_therapist(view: GenericViewSet[Any], request: Request) -> None:
    """Only therapists prescribe."""
    if not member_of(request).has_role(Role.THERAPIST):
        view.permission_denied(request)


class PrescribedExerciseViewSet(GenericViewSet[PrescribedExercise]):
    """One exercise of a plan: read it, or change its dose."""

    roles = EVERYBODY
    serializer_class = PrescribedExerciseSerializer
    queryset = PrescribedExercise.objects.none()
    filter_backends: tuple[Any, ...] = ()
    lookup_field = "ref"
    lookup_value_regex = "[0-9a-f-]{36}"

    def retrieve(self, request: Request, clinic_slug: str, ref: str) -> Response:
        item = selectors.access_prescribed_exercise(member_of(request), ref, purpose="api")
        access_patient(member_of(request), item.prescription.patient.ref, purpose="prescription")
        return Response(self.get_serializer(item).data)

    @extend_schema(request=ChangeDoseSerializer)
    def update(self, request: Request, clinic_slug: str, ref: str) -> Response:
        check_therapist(self, request)
        item = selectors.access_prescribed_exercise(member_of(request), ref, purpose="dose")
        asked = ChangeDoseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        dose = Dose.of(asked.validated_data)
        changed = services.change_dose(
            item, dose, by=member_of(request), reason=asked.validated_data["reason"]
        )
        return Response(self.get_serializer(changed).data)
