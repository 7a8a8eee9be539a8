"""What the application's database role can do with plain SQL: nothing outside of the clinic in scope."""

import re

import psycopg.errors
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from clinic.audit import record
from clinic.audit.models import AuditEventPatient, FieldChange
from clinic.models import Invitation, Membership
from clinic.tenancy.models import ClinicOwned
from clinic.tenancy.rls import tenant_links
from clinic.tenancy.scope import clinic_scope, platform_scope, user_scope
from tests.factories.clinic import make_invitation, make_user
from tests.tenancy.any_row import make_any_row

OWNED = [model for model in apps.get_models() if issubclass(model, ClinicOwned)]
TABLES = sorted(model._meta.db_table for model in OWNED)
LINK_REFUSED = r"violates foreign key|append-only|violates unique"
REFUSED = r"permission denied|must be owner|append-only"
# A trigger that keeps a row as it is speaks before row-level security does.
KEPT = r"is kept as it is"
ROW_REFUSED = rf"row-level security|permission denied|{KEPT}"


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
    """In each clinic there is something that could leak: in the house's tables."""
    for admin in (people.ada, people.sam):
        with clinic_scope(admin.clinic_id):
            make_invitation(by=admin)
            record("view", patient=1, object_type="patient")
            admin.display_name = "Changed"
            admin.save()
    return people


@pytest.fixture
def full(leaky):
    """In each clinic every clinic-owned table of every app holds a row."""
    for clinic in (leaky.north, leaky.south):
        with clinic_scope(clinic.pk):
            made = {Membership: Membership.objects.first(), FieldChange: FieldChange.objects.first()}
            made[AuditEventPatient] = AuditEventPatient.objects.first()
            for model in OWNED:
                make_any_row(model, made)
    return leaky


def test_without_a_scope_no_table_shows_a_row(full, as_app_role):
    with as_app_role():
        assert {table: clinics_in(table) for table in TABLES} == {table: set() for table in TABLES}


def test_one_scope_shows_one_clinic_in_every_table(full, as_app_role):
    for clinic in (full.north, full.south):
        with as_app_role(), clinic_scope(clinic.pk):
            assert {table: clinics_in(table) for table in TABLES} == {table: {clinic.pk} for table in TABLES}
            assert clinics_in("clinic_auditevent") == {clinic.pk}


def test_no_table_takes_or_loses_a_row_of_another_clinic(full, as_app_role):
    for table in TABLES:
        with as_app_role(), clinic_scope(full.north.pk):
            for sql in (
                f'UPDATE "{table}" SET clinic_id = %s',
                f'DELETE FROM "{table}" WHERE clinic_id = %s',
            ):
                try:
                    touched = run(sql, full.south.pk)
                except DatabaseError as error:
                    assert re.search(f"row-level security|permission denied|{KEPT}", str(error)), (
                        table,
                        error,
                    )
                else:
                    assert touched == 0, table
        with clinic_scope(full.south.pk):
            assert clinics_in(table) == {full.south.pk}


def test_no_link_of_any_table_leads_into_another_clinic(full, as_app_role):
    links = [(model, field) for model in OWNED for field in tenant_links(model)]
    for model, field in links:
        with clinic_scope(full.south.pk):
            foreign = field.remote_field.model.objects.values_list("pk", flat=True)[0]
        with clinic_scope(full.north.pk), pytest.raises(DatabaseError, match=f"{LINK_REFUSED}|{KEPT}"):
            run(f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s', foreign)
    assert len(links) > 4


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
