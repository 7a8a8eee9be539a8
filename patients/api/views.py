"""Patients over JSON: the same selectors and services as the pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Membership, Role
from clinic.models.membership import STAFF_ROLES
from patients import selectors, services
from patients.api.serializers import (
    AlertSerializer,
    FixedAnswerSerializer,
    MessageSerializer,
    NewMessageSerializer,
    NewPainSerializer,
    OutcomeSerializer,
    OwnRecordSerializer,
    PainReportSerializer,
    PatientSerializer,
    SearchSerializer,
    SentMessageSerializer,
    StoppedSerializer,
    StopSerializer,
)
from patients.models import Alert, AttentionReason, Message, PainReport, Patient
from patients.selectors.search import find_patients

EVERYBODY = (*STAFF_ROLES, Role.PATIENT)


def member_of(request: Request) -> Membership:
    """Who asks; the middleware has verified the membership."""
    return request.membership  # type: ignore[attr-defined]


def valid(serializer: Any) -> dict[str, Any]:
    """The data of a serializer, or an answer 400."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class PatientViewSet(GenericViewSet[Patient]):
    """Patients whom the caller may open. A name is searched by POST, so that it stays out of logs."""

    roles = EVERYBODY
    serializer_class = PatientSerializer
    queryset = Patient.objects.none()
    filter_backends: tuple[Any, ...] = ()
    lookup_field = "ref"
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_serializer_class(self) -> Any:
        if getattr(self, "swagger_fake_view", False) or member_of(self.request).role != Role.PATIENT:
            return PatientSerializer
        return OwnRecordSerializer

    def get_queryset(self) -> QuerySet[Patient]:
        standing = AttentionReason.objects.filter(resolved_at=None).order_by("-weight")
        reasons = Prefetch("attention_reasons", queryset=standing, to_attr="standing_reasons")
        return selectors.patients_for(member_of(self.request)).prefetch_related(reasons)

    def list(self, request: Request, clinic_slug: str) -> Response:
        return self._answer(self.get_queryset(), as_action="list")

    @extend_schema(request=SearchSerializer)
    @action(detail=False, methods=["post"], roles=STAFF_ROLES)
    def search(self, request: Request, clinic_slug: str) -> Response:
        """Find by the beginning of a name."""
        asked = valid(SearchSerializer(data=request.data))
        return self._answer(find_patients(self.get_queryset(), asked["q"]), as_action="search")

    def _answer(self, found: QuerySet[Patient], *, as_action: str) -> Response:
        page = self.paginate_queryset(found.order_by("-attention_score", "family_key", "pk")) or []
        ids = [patient.pk for patient in page]
        record(as_action, patients=ids, object_type="patients.Patient", purpose="api")
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, clinic_slug: str, ref: str) -> Response:
        patient = selectors.access_patient(member_of(request), ref, purpose="api")
        return Response(self.get_serializer(self.get_queryset().get(pk=patient.pk)).data)


class OfPatient(GenericViewSet[Any]):
    """Rows below one patient: each call opens the patient first, so a stranger never gets to the rows."""

    roles = EVERYBODY
    filter_backends: tuple[Any, ...] = ()

    def patient(self, purpose: str) -> Patient:
        """The patient of the address, or the answer 404 or 403."""
        return selectors.access_patient(member_of(self.request), self.kwargs["patient_ref"], purpose=purpose)

    def answer_page(self, rows: QuerySet[Any]) -> Response:
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class PainReportViewSet(OfPatient):
    serializer_class = PainReportSerializer
    queryset = PainReport.objects.none()

    def list(self, request: Request, clinic_slug: str, patient_ref: str) -> Response:
        patient = self.patient("pain")
        return self.answer_page(PainReport.objects.filter(patient=patient).order_by("-at"))

    @extend_schema(request=NewPainSerializer)
    def create(self, request: Request, clinic_slug: str, patient_ref: str) -> Response:
        patient = selectors.check_patient_access(member_of(request), patient_ref, purpose="pain")
        reported = services.report_pain(patient, **valid(NewPainSerializer(data=request.data)))
        return Response(self.get_serializer(reported.report).data, status=status.HTTP_201_CREATED)


class MessageViewSet(OfPatient):
    serializer_class = MessageSerializer
    queryset = Message.objects.none()

    def list(self, request: Request, clinic_slug: str, patient_ref: str) -> Response:
        return self.answer_page(selectors.messages_of(self.patient("messages")))

    def check_throttles(self, request: Request) -> None:
        """What a patient writes is heard also when they write too often: `create` counts for itself."""
        if self.action != "create":
            super().check_throttles(request)

    @extend_schema(request=NewMessageSerializer, responses={201: SentMessageSerializer})
    def create(self, request: Request, clinic_slug: str, patient_ref: str) -> Response:
        author = member_of(request)
        patient = selectors.check_patient_access(author, patient_ref, purpose="messages")
        try:
            super().check_throttles(request)
            asked = valid(NewMessageSerializer(data=request.data))
            sent = services.deliver_message(patient, author=author, body=asked["body"])
        except (APIException, Invalid) as error:
            return self._heard_all_the_same(request, patient, error)
        answer = sent.heard if sent.heard and sent.heard.answer else None
        data = {**self.get_serializer(sent.message).data, "answer": _fixed(answer)}
        return Response(data, status=status.HTTP_201_CREATED)

    def _heard_all_the_same(self, request: Request, patient: Patient, error: Exception) -> Response:
        """A refused message of a patient still tells of danger, and its answer goes with the refusal."""
        body = _body_of(request)
        if member_of(request).role != Role.PATIENT or not body.strip():
            raise error
        heard = services.hear_message(patient, body)
        if heard.answer is None:
            raise error
        code = error.status_code if isinstance(error, APIException) else status.HTTP_400_BAD_REQUEST
        return Response({"detail": "The message was not sent.", "answer": _fixed(heard)}, status=code)


def _body_of(request: Request) -> str:
    try:
        body = request.data.get("body") if isinstance(request.data, Mapping) else ""
    except (ParseError, UnsupportedMediaType):
        return ""
    return body if isinstance(body, str) else ""


def _fixed(heard: services.HeardNow | None) -> dict[str, Any] | None:
    return dict(FixedAnswerSerializer(heard).data) if heard else None


class AlertViewSet(mixins.ListModelMixin, GenericViewSet[Alert]):
    """Alerts of the caller's patients that nobody has closed; each with its answers."""

    roles = STAFF_ROLES
    serializer_class = AlertSerializer
    queryset = Alert.objects.none()
    filter_backends: tuple[Any, ...] = ()
    lookup_field = "ref"
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> QuerySet[Alert]:
        mine = selectors.patients_for(member_of(self.request))
        alerts = Alert.objects.filter(patient__in=mine.values("pk")).exclude(state=Alert.State.CLOSED)
        return alerts.select_related("patient").order_by("due_at")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset()) or []
        shown = {alert.patient_id for alert in page}
        record("list", patients=shown, object_type="patients.Alert", purpose="api")
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, clinic_slug: str, ref: str) -> Response:
        alert = selectors.access_alert(member_of(request), ref, purpose="alert")
        record("view", patient=alert.patient_id, object_type="patients.Alert", object_ref=alert.ref)
        return Response(self.get_serializer(alert).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, clinic_slug: str, ref: str) -> Response:
        self._check(request, Role.THERAPIST, Role.ASSISTANT)
        alert = selectors.access_alert(member_of(request), ref, purpose="alert")
        return Response(self.get_serializer(services.acknowledge_alert(alert, by=member_of(request))).data)

    @extend_schema(request=OutcomeSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, clinic_slug: str, ref: str) -> Response:
        self._check(request, Role.THERAPIST)
        alert = selectors.access_alert(member_of(request), ref, purpose="alert")
        asked = valid(OutcomeSerializer(data=request.data))
        closed = services.close_alert(alert, by=member_of(request), **asked)
        return Response(self.get_serializer(closed).data)

    def _check(self, request: Request, *roles: str) -> None:
        if not member_of(request).has_role(*roles):
            self.permission_denied(request)


class StopView(APIView):
    """Stop, from the live page: the same as the Stop page, as JSON. Not throttled."""

    roles = (Role.PATIENT,)
    serializer_class = StopSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Nobody is asked to wait who says that something is wrong."""
        return []

    @extend_schema(request=StopSerializer, responses=StoppedSerializer)
    def post(self, request: Request, clinic_slug: str) -> Response:
        patient = selectors.patient_of(member_of(request))
        asked = _stop_data(request)
        stopped = services.stop_exercising(patient, **asked)
        return Response(StoppedSerializer(stopped).data, status=status.HTTP_201_CREATED)


def _stop_data(request: Request) -> dict[str, Any]:
    """What of the body can be read; the rest must not stand between a patient and the answer."""
    try:
        data = request.data if isinstance(request.data, dict) else {}
    except (ParseError, UnsupportedMediaType):
        data = {}
    serializer = StopSerializer(data=data)
    serializer.is_valid()
    read = serializer.data if serializer.errors else serializer.validated_data
    ticked = read.get("ticked")
    return {
        "ticked": [str(tick) for tick in ticked] if isinstance(ticked, list) else [],
        "words": str(read.get("words") or ""),
        "session_ref": read.get("session_ref") if isinstance(read.get("session_ref"), UUID) else None,
    }
