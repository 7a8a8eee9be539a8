"""The database's own view: what row-level security sees while scopes open, nest, fail and close."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connection, transaction

from clinic.models import Membership
from clinic.tenancy.backend.base import DatabaseWrapper
from clinic.tenancy.scope import NoClinicScope, clinic_scope, in_clinic, user_scope
from tests.people import make_people


def seen_by_database() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.clinic_id', true), current_setting('app.user_id', true)")
        return cursor.fetchone()


def members_by_raw_sql() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT display_name FROM clinic_membership")
        return {row[0] for row in cursor.fetchall()}


def test_nested_scopes_are_restored(people):
    with clinic_scope(people.north.pk):
        with clinic_scope(people.south.pk):
            assert members_by_raw_sql() == {"Sam", "Sid", "Bea"}
        assert "Nora" in members_by_raw_sql() and "Sam" not in members_by_raw_sql()
    assert members_by_raw_sql() == set()


@pytest.mark.parametrize("options", [{"CONN_MAX_AGE": 600}, {"pool": {"min_size": 1, "max_size": 1}}])
def test_a_kept_or_pooled_connection_carries_no_scope_to_the_next(transactional_db, options):
    people = make_people()
    settings = {**connection.settings_dict, "CONN_MAX_AGE": options.get("CONN_MAX_AGE", 0)}
    settings["OPTIONS"] = {"pool": options["pool"]} if "pool" in options else {}
    wrapper = DatabaseWrapper(settings, "other")
    try:
        for clinic, count in ((people.north, 7), (people.south, 3)):
            with clinic_scope(clinic.pk), wrapper.cursor() as cursor:
                assert cursor.execute("SELECT count(*) FROM clinic_membership").fetchone() == (count,)
            wrapper.close_if_unusable_or_obsolete()
            with wrapper.cursor() as cursor:
                assert cursor.execute("SELECT count(*) FROM clinic_membership").fetchone() == (0,)
            wrapper.close()
    finally:
        wrapper.close()
        wrapper.close_pool()


def test_one_cursor_follows_the_scope(people):
    with connection.cursor() as cursor:
        with clinic_scope(people.south.pk):
            cursor.execute("SELECT count(*) FROM clinic_membership")
            assert cursor.fetchone() == (3,)
        cursor.execute("SELECT count(*) FROM clinic_membership")
        assert cursor.fetchone() == (0,)


def test_after_a_savepoint_is_rolled_back_the_scope_is_stamped_again(people):
    with clinic_scope(people.north.pk):
        with pytest.raises(RuntimeError), transaction.atomic(), clinic_scope(people.south.pk):
            assert members_by_raw_sql() == {"Sam", "Sid", "Bea"}
            raise RuntimeError
        assert "Nora" in members_by_raw_sql()


def test_a_scope_opened_inside_a_rolled_back_savepoint_is_stamped_again(people):
    with clinic_scope(people.north.pk):
        sid = transaction.savepoint()
        assert seen_by_database()[0] == str(people.north.pk)
        transaction.savepoint_rollback(sid)
        assert seen_by_database()[0] == str(people.north.pk)


@pytest.mark.django_db(transaction=True)
def test_after_a_rollback_the_scope_is_stamped_again():
    people = make_people()
    seen_by_database()
    with clinic_scope(people.north.pk):
        with pytest.raises(RuntimeError), transaction.atomic():
            assert "Nora" in members_by_raw_sql()
            raise RuntimeError
        assert "Nora" in members_by_raw_sql()
        connection.close()
        assert "Nora" in members_by_raw_sql()
    assert members_by_raw_sql() == set()


@pytest.mark.django_db(transaction=True)
def test_a_broken_transaction_can_still_be_rolled_back():
    people = make_people()
    with clinic_scope(people.north.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=people.nora.user, role="therapist", display_name="Twice")
        with clinic_scope(people.south.pk):
            assert members_by_raw_sql() == {"Sam", "Sid", "Bea"}


def test_raw_rollback_is_noticed(people):
    with clinic_scope(people.north.pk), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT here")
        with clinic_scope(people.south.pk):
            assert members_by_raw_sql() == {"Sam", "Sid", "Bea"}
        cursor.execute("ROLLBACK TO SAVEPOINT here")
        assert "Nora" in members_by_raw_sql()


def test_a_server_side_cursor_shows_only_the_scope_it_is_read_in(people):
    with clinic_scope(people.south.pk):
        rows = Membership.objects.order_by("id").iterator(chunk_size=1)
        assert next(rows).display_name == "Sam"
    with pytest.raises(NoClinicScope):
        next(rows)


def test_own_memberships_of_a_person_in_two_clinics(people):
    with user_scope(people.bea_north.user_id):
        assert {row.clinic_id for row in Membership.own.all()} == {people.north.pk, people.south.pk}
        assert members_by_raw_sql() == {"Bea"}
    with clinic_scope(people.south.pk, user_id=people.bea_north.user_id):
        assert members_by_raw_sql() == {"Sam", "Sid", "Bea"}


def test_the_stamp_is_no_query_of_the_page(people, django_assert_num_queries):
    with django_assert_num_queries(2):
        for clinic in (people.north, people.south):
            with clinic_scope(clinic.pk):
                Membership.objects.count()


@pytest.mark.django_db(transaction=True)
async def test_two_clinics_at_once_in_one_event_loop():
    people = await sync_to_async(make_people)()

    async def names(clinic) -> set[str]:
        found = set()
        for _ in range(20):
            with clinic_scope(clinic.pk):
                found |= {row.display_name async for row in Membership.objects.exclude(display_name="Bea")}
                await asyncio.sleep(0)
        return found

    north, south = await asyncio.gather(names(people.north), names(people.south))
    assert north == {"Nora", "Ola", "Paul", "Petra", "Ada", "Ash"}
    assert south == {"Sam", "Sid"}
    assert await in_clinic(people.south.pk, members_by_raw_sql) == {"Sam", "Sid", "Bea"}
