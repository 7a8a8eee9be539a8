"""Scenes that tests copy: what is written after one finds free numbers, whatever numbered the tables anew."""

import pytest
from django.db import connection, transaction

from clinic.models import Membership, User
from tests.people import make_member, make_people

pytestmark = pytest.mark.django_db


def number_anew(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} RESTART")


def test_after_a_copy_new_rows_find_free_numbers() -> None:
    with transaction.atomic():
        first = make_people()
        transaction.set_rollback(True)
    number_anew("clinic_user")
    number_anew("clinic_membership")
    people = make_people()
    assert people.nora.pk == first.nora.pk
    theo = make_member(people.north, "therapist", name="Theo")
    assert isinstance(theo, Membership)
    assert theo.user_id == User.objects.order_by("-pk").values_list("pk", flat=True)[0]
