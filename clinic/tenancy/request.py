"""The request as a view below /c/<clinic>/ gets it."""

from django.http import HttpRequest

from clinic.models import Clinic, Membership, User


class ClinicRequest(HttpRequest):
    """For type checkers: the clinic door has set these, so a view inside a clinic may rely on them."""

    clinic: Clinic
    membership: Membership
    user: User
