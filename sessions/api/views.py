"""The API of sessions: validate, authorise by a selector, render. Reading only.

Sets are written by the stream.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.audit import record
from clinic.models import Membership, Role
from sessions import selectors
from sessions.api.serializers import (
    LandmarksSerializer,
    RepetitionSerializer,
    SessionDetailSerializer,
    SessionSerializer,
)
from sessions.errors import SetNotFound
from sessions.models import Repetition, TherapySession
from sessions.motions import motion_file
from sessions.selectors.recordings import whole_recording
from sessions.selectors.review import curve_config
from sessions.services.analysis import read_motion

MOST_JSON_FRAMES = 2000
# The role opens the door; the care team, asked by each selector, decides about the patient.
EVERY_ROLE = tuple(Role.values)


def member_of(request: Request) -> Membership:
    """Whose request this is; the clinic door has set it."""
    return request.membership  # type: ignore[attr-defined]


class SessionList(ListAPIView[TherapySession]):
    """Sessions of the patients whom this person may open, newest first."""

    roles = EVERY_ROLE
    serializer_class = SessionSerializer
    filter_backends: list[Any] = []

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return TherapySession.objects.none()
        return selectors.sessions_for(member_of(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        shown = [row["ref"] for row in response.data["results"]]
        patients = TherapySession.objects.filter(ref__in=shown).values_list("patient_id", flat=True)
        record("list", patients=sorted(set(patients)), object_type="sessions.TherapySession", purpose="api")
        return response


class SessionDetail(APIView):
    """One session with its sets."""

    roles = EVERY_ROLE

    @extend_schema(responses=SessionDetailSerializer)
    def get(self, request: Request, clinic_slug: str, ref: UUID) -> Response:
        session = selectors.access_session(member_of(request), ref, purpose="api")
        return Response(SessionDetailSerializer(session).data)


class SessionRepetitions(APIView):
    """Every judged repetition of a session, by set."""

    roles = EVERY_ROLE

    @extend_schema(responses=RepetitionSerializer(many=True))
    def get(self, request: Request, clinic_slug: str, ref: UUID) -> Response:
        session = selectors.access_session(member_of(request), ref, purpose="api")
        judged = Repetition.objects.filter(exercise_set__session=session).select_related("exercise_set")
        rows = [
            {"set": str(one.exercise_set.ref), **RepetitionSerializer(one).data}
            for one in judged.order_by("exercise_set__order", "index")
        ]
        return Response(rows)


class SetCurve(APIView):
    """The joint angle over time of one set, with its target."""

    roles = EVERY_ROLE

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, clinic_slug: str, ref: UUID) -> Response:
        return Response(curve_config(selectors.access_set(member_of(request), ref, purpose="api")))


class SetLandmarks(APIView):
    """The stored landmarks of one set.

    A binary motion file, or JSON with ``?as=json`` (2,000 frames at a time).
    """

    roles = EVERY_ROLE

    @extend_schema(
        parameters=[
            OpenApiParameter("as", str, enum=["binary", "json"]),
            OpenApiParameter("from", int, description="First frame of the JSON answer"),
        ],
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY),
            (200, "application/json"): LandmarksSerializer,
        },
    )
    def get(self, request: Request, clinic_slug: str, ref: UUID) -> Response | HttpResponse:
        exercise_set = selectors.access_set(member_of(request), ref, purpose="api landmarks")
        recording = selectors.recording_of(exercise_set)
        if recording is None:
            raise SetNotFound
        if request.query_params.get("as") == "json":
            return Response(_landmarks(recording, start=_whole_number(request.query_params.get("from", "0"))))
        header = recording.header
        content = motion_file(whole_recording(recording), width=header["width"], height=header["height"])
        return HttpResponse(content, content_type="application/octet-stream")


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _landmarks(recording: Any, *, start: int) -> dict[str, Any]:
    motion = read_motion(recording)
    part = slice(start, start + MOST_JSON_FRAMES)
    return {
        "width": motion.width,
        "height": motion.height,
        "t_ms": motion.t_ms[part].tolist(),
        "presence": motion.presence[part].tolist(),
        "image": motion.image[part].tolist(),
        "world": motion.world[part].tolist(),
    }
