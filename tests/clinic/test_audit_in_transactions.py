"""Audit lines and transactions: written last, undone with what they describe, never in each other's way."""

import threading

import pytest
from django.db import connection, connections, transaction

from clinic.audit import record
from clinic.audit.models import AuditEvent
from clinic.audit.verification import verify_chain
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from tests.people import make_people


def purposes(clinic) -> list[str]:
    with clinic_scope(clinic.pk):
        return list(AuditEvent.objects.order_by("sequence").values_list("purpose", flat=True))


def test_a_line_is_undone_with_what_it_describes(people):
    with clinic_scope(people.north.pk):
        with transaction.atomic():
            record("change", purpose="kept")
            with pytest.raises(RuntimeError), transaction.atomic():
                record("change", purpose="undone")
                raise RuntimeError
        with pytest.raises(RuntimeError), transaction.atomic():
            record("change", purpose="undone as well")
            raise RuntimeError
        record("view", purpose="alone")
    assert purposes(people.north) == ["kept", "alone"]


def test_a_line_goes_to_the_clinic_it_was_written_in(people):
    with transaction.atomic():
        with clinic_scope(people.north.pk):
            record("change", purpose="north")
        with clinic_scope(people.south.pk):
            record("change", purpose="south")
    assert (purposes(people.north), purposes(people.south)) == (["north"], ["south"])


@pytest.mark.django_db(transaction=True)
def test_the_same_with_real_transactions():
    people = make_people()
    test_a_line_is_undone_with_what_it_describes(people)
    with clinic_scope(people.north.pk), pytest.raises(RuntimeError), transaction.atomic():
        record("change", purpose="undone")
        raise RuntimeError
    with clinic_scope(people.north.pk), transaction.atomic():
        record("change", purpose="last")
    assert purposes(people.north) == ["kept", "alone", "last"]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_audited_is_not_done():
    people = make_people()
    with clinic_scope(people.north.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Membership.objects.filter(pk=people.nora.pk).update(role="assistant")
            connection.before_commit(lambda: 1 / 0)
        assert Membership.objects.get(pk=people.nora.pk).role == "therapist"


@pytest.mark.django_db(transaction=True)
def test_a_long_transaction_keeps_nobody_waiting():
    people = make_people()
    written = threading.Event()

    def look() -> None:
        with clinic_scope(people.north.pk):
            record("view", purpose="quick")
        connections.close_all()
        written.set()

    with clinic_scope(people.north.pk), transaction.atomic():
        record("change", purpose="slow")
        other = threading.Thread(target=look)
        other.start()
        assert written.wait(timeout=10)
    other.join()
    assert purposes(people.north) == ["quick", "slow"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_whole_chain():
    people = make_people()

    def work(number: int) -> None:
        for turn in range(10):
            with clinic_scope(people.north.pk), transaction.atomic():
                record("view", patient=number + 1)
                members = Membership.objects.select_for_update().order_by("pk" if turn % 2 else "-pk")
                members.filter(pk=people.nora.pk).update(display_name=f"Nora {number}")
        connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with clinic_scope(people.north.pk):
        found = verify_chain(people.north.pk)
    assert (found.rows, found.faults) == (60, ())
