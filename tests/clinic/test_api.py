"""What every endpoint of the API inherits: closed until it names its roles, one shape of errors."""

import pytest
from django.test import RequestFactory
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from clinic.api.permissions import ByRole
from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from clinic.tenancy.scope import clinic_scope


class Careless(APIView):
    """Forgot to name its roles."""

    def get(self, request: Request) -> Response:
        return Response("secret")


class Failing(APIView):
    """Raises what it is told to."""

    roles = ("therapist",)
    error: Exception = NotFound()

    def get(self, request: Request) -> Response:
        raise self.error


def ask(view: type[APIView], member, **options: object) -> Response:
    request = APIRequestFactory().get("/c/north/api/x/")
    request.membership, request.clinic, request.resolver_match = member, member.clinic, None
    force_authenticate(request, member.user)
    with clinic_scope(member.clinic_id):
        return view.as_view(**options)(request)


def test_an_endpoint_without_roles_lets_nobody_in(people):
    assert [ask(Careless, member).status_code for member in (people.nora, people.ada, people.paul)] == [
        403
    ] * 3


def test_without_a_membership_nobody_gets_in(db):
    request = RequestFactory().get("/")
    assert ByRole().has_permission(request, Failing()) is False


def test_a_closed_member_does_not_get_in(people):
    people.nora.is_active = False
    assert ask(Failing, people.nora).status_code == 403


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (NotFound(), 404, {"detail": "We could not find that page."}),
        (Forbidden("Not yours."), 403, {"detail": "Not yours."}),
        (Conflict("Done already."), 409, {"detail": "Done already."}),
        (
            Invalid("No.", fields={"dose": "Too much."}),
            400,
            {"detail": "No.", "fields": {"dose": "Too much."}},
        ),
    ],
)
def test_domain_errors_become_json_once(people, error, status, body):
    answer = ask(Failing, people.nora, error=error)
    assert (answer.status_code, answer.data) == (status, body)


def test_other_errors_are_not_swallowed(people):
    with pytest.raises(ZeroDivisionError):
        ask(Failing, people.nora, error=ZeroDivisionError())
