"""The migration operations: reversible, repeatable, and readable as SQL."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from clinic.tenancy.checks import check_database_is_closed
from clinic.tenancy.rls import EnforceTenancy, LinkTenancy, link_name, unique_name


def state():
    return MigrationLoader(connection).project_state(("clinic", "0002_close_the_house"))


def apply(operation, *, backwards: bool = False) -> None:
    models = state()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        if backwards:
            operation.database_backwards("clinic", editor, models, models)
        else:
            operation.database_forwards("clinic", editor, models, models)


def faults() -> list[str]:
    return sorted(one.msg for one in check_database_is_closed(databases=["default"]))


def test_closing_again_changes_nothing(db):
    apply(EnforceTenancy("Membership", "Invitation"))
    apply(LinkTenancy("Invitation"))
    assert faults() == []


def test_opening_and_closing(db):
    operation = EnforceTenancy("Invitation")
    apply(operation, backwards=True)
    assert faults() == [
        "clinic_invitation has no forced row-level security.",
        *[
            f"clinic_invitation lacks {name}: a row could point into another clinic."
            for name in sorted(
                [
                    unique_name("clinic_invitation"),
                    link_name("clinic_invitation", "invited_by_id"),
                    link_name("clinic_invitation", "accepted_by_id"),
                ]
            )
        ],
    ]
    apply(operation)
    assert faults() == []


def test_the_sql_can_be_read_beforehand(db):
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        EnforceTenancy("Invitation").database_forwards("clinic", editor, state(), state())
    sql = "\n".join(editor.collected_sql)
    assert "FORCE ROW LEVEL SECURITY" in sql
    assert 'FOREIGN KEY (clinic_id, "invited_by_id") REFERENCES "clinic_membership" (clinic_id, id)' in sql


def test_long_names_fit(db):
    table = "rehab_sessions_averyveryverylongmodelnamethatgoesonandon"
    names = {link_name(table, f"a_rather_long_column_number_{number}_id") for number in range(5)}
    assert len(names) == 5 and all(len(name) <= 63 for name in names)


def test_a_shared_table_cannot_be_closed_by_mistake(db):
    import pytest

    with pytest.raises(ValueError, match=r"clinic\.Clinic has no clinic of its own"):
        apply(EnforceTenancy("Clinic"))
