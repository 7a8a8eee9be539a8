"""The house's endpoints below /c/<clinic>/api/."""

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clinic.api.serializers import MembershipSerializer
from clinic.models import Role


class MeView(APIView):
    """Who is signed in, and as what in this clinic."""

    roles = tuple(Role.values)
    serializer_class = MembershipSerializer

    def get(self, request: Request, clinic_slug: str) -> Response:
        return Response(MembershipSerializer(request.membership).data)  # type: ignore[attr-defined]
