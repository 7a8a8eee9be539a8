"""The two simulated clinics and everybody who can sign in to them."""

from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from clinic.models import Clinic, Membership, User
from clinic.tenancy.scope import clinic_scope
from prescriptions.services import copy_library_to_clinic
from sessions.demo.accounts import ACCOUNTS, CLINICS, DEMO_PASSWORD, DemoAccount
from sessions.demo.cast import DemoPatient


def create_clinics() -> dict[str, Clinic]:
    """Both clinics with their staff and a library of their own, by slug. Nobody can sign in yet."""
    clinics = {}
    for planned in CLINICS:
        clinic = Clinic.objects.create(**vars(planned), simulated=True)
        with clinic_scope(clinic.pk):
            for account in ACCOUNTS:
                if account.clinic == clinic.slug and account.role != "patient":
                    create_member(account)
            copy_library_to_clinic()
        clinics[clinic.slug] = clinic
    return clinics


def create_member(account: DemoAccount) -> Membership:
    """One person's place in the clinic in scope."""
    user = User.objects.filter(email=account.email).first()
    if user is None:
        user = User.objects.create_user(account.email)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return Membership.objects.create(user=user, role=account.role, display_name=account.name)


def account_for(patient: DemoPatient) -> DemoAccount:
    """How a made-up patient signs in."""
    email = patient.account or f"{patient.given}.{patient.family}@{patient.clinic}.demo".lower()
    return DemoAccount(email, patient.clinic, "patient", patient.name, "a day of their own")


def open_the_doors() -> None:
    """Give every demo account its password: the last step, so that a half-made demo lets nobody in."""
    User.objects.filter(email__endswith=".demo").update(password=_hashed_password())


def doors_are_open() -> bool:
    """Whether the demo is complete."""
    made = User.objects.filter(email=ACCOUNTS[0].email).values_list("password", flat=True).first()
    return made is not None and not made.startswith("!")


@cache
def _hashed_password() -> str:
    """One hash for all: the password is public, and hashing it for each person costs seconds."""
    return make_password(DEMO_PASSWORD)
