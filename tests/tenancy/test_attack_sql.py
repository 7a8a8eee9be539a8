"""Somebody holds the app role's connection and knows PostgreSQL: temporary tables, borrowed triggers, search
paths.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.audit import record
from clinic.audit.verification import verify_chain
from clinic.tenancy.scope import clinic_scope

FALSE_HEAD = "CREATE TEMP TABLE clinic_auditchainhead (chain bigint PRIMARY KEY, sequence bigint, hash text)"
BORROWED = (
    "CREATE TEMP TABLE bait (clinic_id bigint, id bigint, at timestamptz, patients bigint[], action text, "
    "sequence bigint, actor_user_id bigint, actor_membership_id bigint, actor_role text, address text, "
    "via text, purpose text, object_type text, object_ref uuid, detail jsonb, previous_hash text, hash text)"
)


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_temporary_table_cannot_stand_in_for_the_chains_head(people, as_app_role):
    """The chaining trigger runs as the owner: with a head of the attacker's it would number events anew."""
    with clinic_scope(people.north.pk):
        record("view", patient=1, object_type="patient")
        with as_app_role():
            try:
                run(FALSE_HEAD, "GRANT ALL ON clinic_auditchainhead TO PUBLIC")
                run(f"INSERT INTO clinic_auditchainhead VALUES ({people.north.pk}, 40, 'forged')")
            except DatabaseError as error:
                assert "permission denied to create temporary tables" in str(error)
            record("view", patient=1, object_type="patient")
        assert verify_chain(people.north.pk).faults == ()


@pytest.mark.parametrize("function", ["clinic_audit_chain", "clinic_audit_patients"])
def test_the_owners_trigger_functions_cannot_be_borrowed(people, as_app_role, function):
    with clinic_scope(people.north.pk):
        record("view", patient=1, object_type="patient")
        with as_app_role(), pytest.raises(DatabaseError, match="permission denied"):
            run(
                BORROWED,
                f"CREATE TRIGGER mine BEFORE INSERT ON bait FOR EACH ROW EXECUTE FUNCTION {function}()",
                f"INSERT INTO bait (clinic_id, patients) VALUES ({people.north.pk}, '{{7}}')",
            )
        assert verify_chain(people.north.pk).faults == ()


def test_even_with_temporary_tables_the_trigger_functions_are_closed_and_look_in_public_first(people):
    """On a server whose database somebody else owns, the right to temporary tables cannot be taken away."""
    asked = (
        "SELECT proname, prosecdef, array_to_string(proconfig, ' '), "
        "has_function_privilege('plumbline_app', oid, 'EXECUTE') "
        "FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = cursor.fetchall()
    path = "search_path=pg_catalog, public, pg_temp"
    assert sorted(found) == [
        ("clinic_audit_chain", True, path, False),
        ("clinic_audit_patients", True, path, False),
    ]


def test_the_app_role_makes_no_temporary_tables(people, as_app_role):
    with (
        as_app_role(),
        clinic_scope(people.north.pk),
        pytest.raises(DatabaseError, match="permission denied"),
    ):
        run("CREATE TEMP TABLE clinic_membership AS SELECT 1 AS id")


def test_one_clinic_cannot_change_anothers_emergency_number(people, as_app_role):
    with as_app_role(), clinic_scope(people.north.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_clinic SET emergency_number = '666'")
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM clinic_clinic")
        assert cursor.rowcount == 0
    with as_app_role(), connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_clinic SET emergency_number = '666'")
        assert cursor.rowcount == 0
    people.south.refresh_from_db()
    assert people.south.emergency_number != "666"
