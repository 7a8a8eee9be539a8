"""The audit trail: what is written, that nothing can be unwritten, and that tampering is found."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from clinic.audit import Action, Actor, acting, record
from clinic.audit.address import believed_address
from clinic.audit.models import AuditEvent, AuditEventPatient, AuditSeal, FieldChange
from clinic.audit.seals import NoSigningKey, seal_every_chain
from clinic.audit.verification import verify_chain
from clinic.models import Membership
from clinic.tenancy.scope import NoClinicScope, clinic_scope, platform_scope


def run(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or None)


def switch_triggers_off(table: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def tamper(sql: str, *params: object) -> None:
    """As the tables' owner with the triggers switched off, which is more than the application can do."""
    switch_triggers_off("clinic_auditevent")
    run("CREATE POLICY burglar ON clinic_auditevent USING (true) WITH CHECK (true)")
    run(sql, *params)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("DROP POLICY burglar ON clinic_auditevent")
    run("ALTER TABLE clinic_auditevent ENABLE TRIGGER USER")


@pytest.fixture
def chain(people):
    """Five lines in North's chain, two in South's, one in the platform's."""
    with (
        clinic_scope(people.north.pk),
        acting(Actor(user_id=people.nora.user_id, membership_id=people.nora.pk, role="therapist")),
    ):
        for patient in (1, 2, 3, 4):
            record("view", patient=patient, object_type="patient", purpose="treatment")
        record("list", patients=[3, 1, 2, 1])
    with clinic_scope(people.south.pk):
        record("view", patient=9)
        record("export", patients=[9, 8], detail={"rows": 2})
    record("sign_in_failed", detail={"tried": "abc"})
    return people


def test_a_line_says_who_what_whom_and_where(people):
    actor = Actor(user_id=5, membership_id=people.nora.pk, role="therapist", address="10.1.2.3", via="page")
    with clinic_scope(people.north.pk), acting(actor):
        record(Action.LIST, patients=[3, 1], object_type="caseload", purpose="treatment", detail={"rows": 2})
        event = AuditEvent.objects.get()
        assert (event.clinic_id, event.sequence, event.action) == (people.north.pk, 1, "list")
        assert (event.actor_user_id, event.actor_membership_id, event.actor_role) == (
            5,
            people.nora.pk,
            "therapist",
        )
        assert (event.address, event.via, event.purpose) == ("10.1.2.3", "page", "treatment")
        assert (event.object_type, event.patients, event.detail) == ("caseload", [1, 3], {"rows": 2})
        assert sorted(AuditEventPatient.objects.values_list("patient_id", flat=True)) == [1, 3]


def test_an_unknown_action_and_patients_without_a_clinic_are_refused(people):
    with pytest.raises(ValueError, match="peek"):
        record("peek")
    with pytest.raises(NoClinicScope):
        record("view", patient=1)


def test_nul_characters_are_left_out(people):
    with clinic_scope(people.north.pk):
        record("search", purpose="a\x00b", detail={"text\x00": ["c\x00d"]})
        event = AuditEvent.objects.get()
        assert (event.purpose, event.detail) == ("ab", {"text": ["cd"]})


def test_each_clinic_has_a_chain_of_its_own(chain):
    with clinic_scope(chain.south.pk):
        rows = list(AuditEvent.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == [1, 2]
    assert rows[0].previous_hash == "" and rows[1].previous_hash == rows[0].hash != rows[1].hash
    with platform_scope():
        assert [row.sequence for row in AuditEvent.objects.all()] == [1]


@pytest.mark.parametrize("table", ["clinic_auditevent", "clinic_auditeventpatient", "clinic_fieldchange"])
@pytest.mark.parametrize(
    "sql", ["UPDATE {} SET clinic_id = clinic_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_even_the_owner_cannot_unwrite(chain, table, sql):
    with clinic_scope(chain.north.pk):
        chain.nora.display_name = "Eleonora"
        chain.nora.save()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"CREATE POLICY burglar ON {table} USING (true) WITH CHECK (true)")
        with pytest.raises(DatabaseError, match="append-only"):
            run(sql.format(table))


def test_models_refuse_as_well(chain):
    with clinic_scope(chain.north.pk):
        event = AuditEvent.objects.first()
        with pytest.raises(TypeError):
            event.save()
        with pytest.raises(TypeError):
            event.delete()


def test_a_forged_sequence_hash_and_time_are_overwritten(people):
    with clinic_scope(people.north.pk):
        run(
            "INSERT INTO clinic_auditevent (clinic_id, sequence, at, action, actor_role, address, via, "
            "purpose, object_type, patients, detail, previous_hash, hash) "
            "VALUES (%s, 99, '2001-01-01', 'view', '', '', '', '', '', '{}', '{}', 'x', 'y')",
            people.north.pk,
        )
        event = AuditEvent.objects.get()
        assert (
            event.sequence == 1
            and event.at.year > 2001
            and event.previous_hash == ""
            and len(event.hash) == 64
        )
        assert verify_chain(people.north.pk).faults == ()


def test_whole_chains_are_found_whole(chain, as_app_role):
    with as_app_role():
        for clinic, rows in ((chain.north, 5), (chain.south, 2)):
            with clinic_scope(clinic.pk):
                found = verify_chain(clinic.pk)
            assert (found.rows, found.faults) == (rows, ())
        with platform_scope():
            assert verify_chain(None).rows == 1


def row_id(clinic, sequence: int) -> int:
    with clinic_scope(clinic.pk):
        return AuditEvent.objects.get(sequence=sequence).pk


@pytest.mark.parametrize(
    "change",
    [
        "action = 'list'",
        "patients = '{7}'",
        "actor_user_id = 1",
        "actor_membership_id = NULL",
        "at = at - interval '1 day'",
        "detail = '{\"a\": 1}'",
        "purpose = 'none'",
        "address = '1.1.1.1'",
        "object_ref = gen_random_uuid()",
    ],
)
def test_a_changed_row_is_named(chain, change):
    changed = row_id(chain.north, 3)
    tamper(f"UPDATE clinic_auditevent SET {change} WHERE id = %s", changed)
    with clinic_scope(chain.north.pk):
        (fault,) = verify_chain(chain.north.pk).faults
    assert (fault.sequence, fault.event_id) == (3, changed)
    assert "was changed after it was written" in str(fault)
    with clinic_scope(chain.south.pk):
        assert verify_chain(chain.south.pk).faults == ()


def test_a_removed_row_is_named(chain):
    switch_triggers_off("clinic_auditeventpatient")
    with clinic_scope(chain.north.pk):
        run("DELETE FROM clinic_auditeventpatient WHERE event_id = %s", row_id(chain.north, 2))
    tamper("DELETE FROM clinic_auditevent WHERE id = %s", row_id(chain.north, 2))
    with clinic_scope(chain.north.pk):
        (fault,) = verify_chain(chain.north.pk).faults
    assert fault.sequence == 3 and "is preceded by missing rows" in fault.words


def test_a_removed_child_row_is_named(chain):
    switch_triggers_off("clinic_auditeventpatient")
    with clinic_scope(chain.north.pk):
        run(
            "DELETE FROM clinic_auditeventpatient WHERE event_id = %s AND patient_id = 3",
            row_id(chain.north, 5),
        )
        (fault,) = verify_chain(chain.north.pk).faults
    assert (fault.sequence, fault.words) == (5, "lists other patients than its child rows")


REWRITE = """
DO $$ DECLARE one record; before text := ''; BEGIN
    FOR one IN SELECT * FROM clinic_auditevent WHERE clinic_id = {clinic} ORDER BY sequence LOOP
        one.previous_hash := before;
        before := {hash};
        UPDATE clinic_auditevent SET previous_hash = one.previous_hash, hash = before WHERE id = one.id;
    END LOOP;
END $$
"""


def test_a_chain_rewritten_from_the_start_no_longer_fits_its_seal(chain, settings):
    from clinic.audit.chain import hash_sql

    settings.AUDIT_SIGNING_KEY = "a key that the database never sees"
    assert seal_every_chain() == 3
    assert seal_every_chain() == 0
    tamper("UPDATE clinic_auditevent SET actor_user_id = 1 WHERE id = %s", row_id(chain.north, 2))
    tamper(REWRITE.format(clinic=chain.north.pk, hash=hash_sql("one", "one.previous_hash")))
    with clinic_scope(chain.north.pk):
        found = verify_chain(chain.north.pk)
    assert found.seals == 1
    assert [str(fault) for fault in found.faults] == [
        f"event 5 (row {row_id(chain.north, 5)}) is not the one that was sealed"
    ]


def test_a_cut_off_tail_is_found_by_its_seal(chain, settings):
    settings.AUDIT_SIGNING_KEY = "a key that the database never sees"
    seal_every_chain()
    with clinic_scope(chain.south.pk):
        switch_triggers_off("clinic_auditeventpatient")
        run("DELETE FROM clinic_auditeventpatient WHERE event_id = %s", row_id(chain.south, 2))
        tamper("DELETE FROM clinic_auditevent WHERE id = %s", row_id(chain.south, 2))
        (fault,) = verify_chain(chain.south.pk).faults
    assert str(fault) == "event 2 (a row that is missing) is not the one that was sealed"


def test_a_seal_of_another_key_is_found(chain, settings):
    settings.AUDIT_SIGNING_KEY = "the burglar's own key"
    seal_every_chain()
    settings.AUDIT_SIGNING_KEY = "a key that the database never sees"
    with clinic_scope(chain.south.pk):
        assert [fault.words for fault in verify_chain(chain.south.pk).faults] == [
            "has a seal that our key did not sign"
        ]


def test_sealing_needs_a_key(chain, settings):
    settings.AUDIT_SIGNING_KEY = ""
    with pytest.raises(NoSigningKey):
        seal_every_chain()


def test_the_app_role_seals_but_cannot_unseal(chain, settings, as_app_role):
    settings.AUDIT_SIGNING_KEY = "a key that the database never sees"
    with as_app_role():
        assert seal_every_chain() == 3
        with clinic_scope(chain.north.pk):
            assert AuditSeal.objects.count() == 1
            with pytest.raises(DatabaseError, match="permission denied"):
                run("DELETE FROM clinic_auditseal")


def verify(*args: str) -> str:
    out = io.StringIO()
    call_command("verify_audit", *args, stdout=out)
    return out.getvalue()


def test_the_command_says_which_row(chain):
    assert verify() == (
        "the platform: 1 events, 0 seals, whole\n"
        "north: 5 events, 0 seals, whole\n"
        "south: 2 events, 0 seals, whole\n"
    )
    changed = row_id(chain.south, 1)
    tamper("UPDATE clinic_auditevent SET action = 'print' WHERE id = %s", changed)
    out = io.StringIO()
    with pytest.raises(CommandError, match="broken: 1 fault"):
        call_command("verify_audit", stdout=out)
    assert f"event 1 (row {changed}) was changed after it was written" in out.getvalue()
    assert verify("--clinic", "north") == "north: 5 events, 0 seals, whole\n"
    with pytest.raises(CommandError, match="no clinic"):
        verify("--clinic", "nowhere")


def test_field_changes_are_masked_and_say_who(people):
    actor = Actor(
        user_id=people.ada.user_id, membership_id=people.ada.pk, role="clinic_admin", address="10.1.2.3"
    )
    with clinic_scope(people.north.pk), acting(actor):
        nora = Membership.objects.get(pk=people.nora.pk)
        nora.display_name, nora.role = "Secret Name", "assistant"
        nora.save()
        change = FieldChange.objects.filter(object_id=nora.pk).first()
    assert change.changes == {"display_name": ["•••", "•••"], "role": ["therapist", "assistant"]}
    assert (change.actor_id, change.remote_addr, change.clinic_id) == (
        people.ada.user_id,
        "10.1.2.3",
        people.north.pk,
    )
    assert change.actor_email is None and change.object_repr == f"membership {nora.pk}"
    assert "Secret" not in str(change.__dict__) and "Nora" not in str(change.__dict__)


def test_there_is_one_receiver_however_many_requests(people):
    from django.db.models.signals import pre_save
    from django.test import Client

    def receivers() -> int:
        return len(list(pre_save._live_receivers(sender=FieldChange)[0]))

    before = receivers()
    client = Client()
    client.force_login(people.nora.user)
    for _ in range(3):
        client.get("/c/north/api/me/")
    assert receivers() == before


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "believed"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", [], "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4", ["10.0.0.0/8"], "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", ["10.0.0.0/8"], "1.2.3.4"),
        ("10.0.0.1", "<script>", ["10.0.0.0/8"], ""),
        ("10.0.0.1", "", ["10.0.0.0/8"], "10.0.0.1"),
        ("", "1.2.3.4", [], ""),
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxies_only(settings, peer, forwarded, proxies, believed):
    settings.TRUSTED_PROXIES = proxies
    assert believed_address(peer, forwarded) == believed
