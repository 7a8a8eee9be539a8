"""The cast that everybody knows: two clinics, and who works and is treated there.

Nora is a therapist at North and treats Paul. Ola is a therapist at North, not on Paul's care team. Petra is
another patient at North. Ada is North's admin, Ash its assistant. Sam is a therapist at South and treats
Sid. Bea belongs to both clinics. Patient records and care teams are made by tests/factories/patients.py, on
these memberships.
"""

from dataclasses import dataclass

from clinic.models import Clinic, Membership
from tests.factories.clinic import make_clinic, make_member, make_user
from tests.factories.kept import kept


@dataclass(frozen=True)
class People:
    """Clinics and memberships; `nora.user` is who signs in."""

    north: Clinic
    south: Clinic
    nora: Membership
    ola: Membership
    paul: Membership
    petra: Membership
    ada: Membership
    ash: Membership
    sam: Membership
    sid: Membership
    bea_north: Membership
    bea_south: Membership


@kept
def make_people() -> People:
    """Everybody, in a fresh database."""
    north = make_clinic("north", name="North Physiotherapy")
    south = make_clinic("south", name="South Physiotherapy")
    bea = make_user("bea@example.org")

    def member(clinic: Clinic, role: str, name: str) -> Membership:
        return make_member(clinic, role, user=make_user(f"{name.lower()}@example.org"), name=name)

    return People(
        north=north,
        south=south,
        nora=member(north, "therapist", "Nora"),
        ola=member(north, "therapist", "Ola"),
        paul=member(north, "patient", "Paul"),
        petra=member(north, "patient", "Petra"),
        ada=member(north, "clinic_admin", "Ada"),
        ash=member(north, "assistant", "Ash"),
        sam=member(south, "therapist", "Sam"),
        sid=member(south, "patient", "Sid"),
        bea_north=make_member(north, "therapist", user=bea, name="Bea"),
        bea_south=make_member(south, "therapist", user=bea, name="Bea"),
    )
