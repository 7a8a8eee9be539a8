"""What the application's database role can do with plain SQL: nothing outside of the clinic in scope."""

import psycopg.errors
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from clinic.audit import record
from clinic.models import Invitation, Membership
from clinic.tenancy.models import ClinicOwned
from clinic.tenancy.scope import clinic_scope, platform_scope, user_scope
from tests.factories.clinic import make_invitation, make_user

TABLES = sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, ClinicOwned))
REFUSED = r"permission denied|must be owner|append-only"


def clinics_in(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT clinic_id FROM "{table}"')
        return {row[0] for row in cursor.fetchall()}


def run(sql: str, *params: object) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.rowcount


@pytest.fixture
def leaky(people):
    """In each clinic there is something in every table of the house that could leak."""
    for admin in (people.ada, people.sam):
        with clinic_scope(admin.clinic_id):
            make_invitation(by=admin)
            record("view", patient=1, object_type="patient")
            admin.display_name = "Changed"
            admin.save()
    return people


@pytest.mark.parametrize("table", TABLES)
def test_without_a_scope_no_table_shows_a_row(leaky, as_app_role, table):
    with as_app_role():
        assert clinics_in(table) == set()


@pytest.mark.parametrize("table", TABLES)
def test_one_scope_shows_one_clinic(leaky, as_app_role, table):
    with as_app_role(), clinic_scope(leaky.north.pk):
        assert clinics_in(table) <= {leaky.north.pk}


@pytest.mark.parametrize(
    "table",
    [
        "clinic_membership",
        "clinic_invitation",
        "clinic_fieldchange",
        "clinic_auditeventpatient",
        "clinic_auditevent",
    ],
)
def test_there_was_something_to_leak(leaky, as_app_role, table):
    for clinic in (leaky.north, leaky.south):
        with as_app_role(), clinic_scope(clinic.pk):
            assert clinics_in(table) == {clinic.pk}


def test_audit_events_without_a_scope_are_hidden_too(leaky, as_app_role):
    record("sign_in")
    with as_app_role():
        assert clinics_in("clinic_auditevent") == set()
        with platform_scope():
            assert clinics_in("clinic_auditevent") == {None}


def test_inserting_into_another_clinic_is_refused(leaky, as_app_role):
    insert = (
        "INSERT INTO clinic_membership (clinic_id, user_id, role, display_name, is_active, created_at, "
        "updated_at) VALUES (%s, %s, 'clinic_admin', 'Mallory', true, now(), now())"
    )
    mallory = make_user()
    with as_app_role(), clinic_scope(leaky.north.pk):
        with pytest.raises(DatabaseError, match="row-level security"):
            run(insert, leaky.south.pk, mallory.pk)
        assert run(insert, leaky.north.pk, mallory.pk) == 1
    with as_app_role(), pytest.raises(DatabaseError, match="row-level security"):
        run(insert, leaky.north.pk, make_user().pk)


def test_updating_and_deleting_another_clinics_rows_touches_nothing(leaky, as_app_role):
    with as_app_role(), clinic_scope(leaky.north.pk):
        assert run("UPDATE clinic_membership SET role = 'patient' WHERE id = %s", leaky.sam.pk) == 0
        assert run("DELETE FROM clinic_invitation WHERE clinic_id = %s", leaky.south.pk) == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            run("UPDATE clinic_membership SET clinic_id = %s WHERE id = %s", leaky.south.pk, leaky.nora.pk)
    with clinic_scope(leaky.south.pk):
        assert Membership.objects.get(pk=leaky.sam.pk).role == "therapist"


def test_own_membership_in_another_clinic_can_be_read_but_not_changed(leaky, as_app_role):
    with as_app_role(), user_scope(leaky.bea_north.user_id):
        assert clinics_in("clinic_membership") == {leaky.north.pk, leaky.south.pk}
        assert run("UPDATE clinic_membership SET role = 'clinic_admin'") == 0
        assert run("DELETE FROM clinic_membership") == 0


def test_a_row_cannot_point_into_another_clinic(leaky, as_app_role):
    with as_app_role(), clinic_scope(leaky.north.pk):
        with pytest.raises(DatabaseError, match="violates foreign key"):
            run("UPDATE clinic_invitation SET invited_by_id = %s", leaky.sam.pk)
        invitation = Invitation.objects.get()
        invitation.invited_by_id = leaky.sam.pk
        with pytest.raises(DatabaseError, match="violates foreign key"), transaction.atomic():
            invitation.save()


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE clinic_membership DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE clinic_membership NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON clinic_membership",
        "CREATE POLICY mine ON clinic_membership USING (true)",
        "ALTER TABLE clinic_membership DROP CONSTRAINT membership_once_per_clinic",
        "TRUNCATE clinic_membership CASCADE",
        "ALTER TABLE clinic_auditevent DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "ALTER ROLE plumbline_app BYPASSRLS",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "DELETE FROM django_migrations",
        "SELECT * FROM clinic_auditchainhead",
        "UPDATE clinic_auditevent SET action = 'list'",
        "DELETE FROM clinic_auditevent",
        "DELETE FROM clinic_auditeventpatient",
        "UPDATE clinic_fieldchange SET changes = '{}'",
        "INSERT INTO clinic_auditeventpatient (clinic_id, event_id, patient_id, at, created_at, updated_at) "
        "SELECT clinic_id, id, 1, now(), now(), now() FROM clinic_auditevent",
    ],
)
def test_the_app_role_cannot_open_the_house(leaky, as_app_role, sql):
    with as_app_role(), clinic_scope(leaky.north.pk):
        with pytest.raises(DatabaseError, match=REFUSED) as refused:
            run(sql)
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_set_row_security_off_shows_nothing_more(leaky, as_app_role):
    with as_app_role(), clinic_scope(leaky.north.pk):
        with (
            pytest.raises(DatabaseError, match="would be affected by row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL row_security = off")
            cursor.execute("SELECT * FROM clinic_membership")
        assert clinics_in("clinic_membership") == {leaky.north.pk}
