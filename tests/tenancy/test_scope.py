"""The manager is closed by default, in sync and in async code; nothing made in one scope is used in
another.
"""

import pytest
from django.db.models import Count

from clinic.models import Clinic, Invitation, Membership
from clinic.tenancy.scope import (
    NoClinicScope,
    OtherClinicScope,
    clinic_scope,
    current_clinic_id,
    current_clinic_id_or_none,
    no_scope,
    user_scope,
)
from tests.factories.clinic import make_user

QUESTIONS = {
    "list": lambda rows: list(rows),
    "bool": lambda rows: bool(rows),
    "len": lambda rows: len(rows),
    "index": lambda rows: rows[0],
    "repr": lambda rows: repr(rows),
    "iterator": lambda rows: list(rows.iterator()),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(Count("id")),
    "update": lambda rows: rows.update(display_name="Changed"),
    "delete": lambda rows: rows.delete(),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "get": lambda rows: rows.get(display_name="Nora"),
    "latest": lambda rows: rows.latest("id"),
    "in_bulk": lambda rows: rows.order_by("id").in_bulk(),
    "values": lambda rows: list(rows.values("id")),
    "values_list": lambda rows: list(rows.values_list("id", flat=True)),
    "dates": lambda rows: list(rows.dates("created_at", "year")),
    "union": lambda rows: list(rows.order_by().union(rows.order_by())),
    "explain": lambda rows: rows.explain(),
    "create": lambda rows: rows.create(role="therapist", display_name="New", user=make_user()),
    "get_or_create": lambda rows: rows.get_or_create(role="x", display_name="New", user=make_user()),
    "bulk_create": lambda rows: rows.bulk_create([Membership(role="x", display_name="New")]),
    "select_related": lambda rows: list(rows.select_related("user")),
    "prefetch": lambda rows: list(rows.prefetch_related("invitations_sent")),
    "exclude": lambda rows: list(rows.exclude(id=0)),
    "raw": lambda rows: list(rows.raw("SELECT * FROM clinic_membership")),
    "contains": lambda rows: rows.contains(Membership(id=1)),
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_queryset_made_in_one_scope_is_refused_elsewhere(people, question):
    with clinic_scope(people.north.pk):
        rows = Membership.objects.all()
    with pytest.raises(NoClinicScope):
        QUESTIONS[question](rows)
    with clinic_scope(people.south.pk), pytest.raises(OtherClinicScope):
        QUESTIONS[question](rows)
    with clinic_scope(people.north.pk):
        assert Membership.objects.count() == 7


def test_without_a_scope_nothing_can_be_asked(people):
    for ask in (
        Membership.objects.all,
        Membership.objects.filter,
        Membership.objects.count,
        Invitation.objects.first,
    ):
        with pytest.raises(NoClinicScope):
            ask()
    assert list(Membership.objects.none()) == []


ASYNC_QUESTIONS = {
    "acount": lambda rows: rows.acount(),
    "aexists": lambda rows: rows.aexists(),
    "afirst": lambda rows: rows.afirst(),
    "aget": lambda rows: rows.aget(display_name="Nora"),
    "adelete": lambda rows: rows.adelete(),
    "aupdate": lambda rows: rows.aupdate(display_name="Changed"),
    "aaggregate": lambda rows: rows.aaggregate(Count("id")),
}


@pytest.mark.parametrize("question", ASYNC_QUESTIONS)
@pytest.mark.django_db
async def test_the_async_questions_are_refused_too(question):
    with clinic_scope(1):
        rows = Membership.objects.all()
    with pytest.raises(NoClinicScope):
        await ASYNC_QUESTIONS[question](rows)
    with clinic_scope(2), pytest.raises(OtherClinicScope):
        await ASYNC_QUESTIONS[question](rows)


@pytest.mark.django_db
async def test_async_loops_are_refused_too():
    with clinic_scope(1):
        rows = Membership.objects.exclude(id=0)
    with clinic_scope(2):
        with pytest.raises(OtherClinicScope):
            [row async for row in rows]
        with pytest.raises(OtherClinicScope):
            [row async for row in rows.aiterator()]
    with pytest.raises(NoClinicScope):
        [row async for row in rows]


def test_related_managers_are_scoped(people):
    with pytest.raises(NoClinicScope):
        people.nora.invitations_sent.all()
    with pytest.raises(NoClinicScope):
        people.nora.user.memberships.all()
    with clinic_scope(people.south.pk):
        assert list(people.bea_north.user.memberships.all()) == [people.bea_south]


def test_following_a_link_needs_the_scope(people):
    with clinic_scope(people.north.pk):
        invitation = Invitation.objects.create(
            email="a@example.org", role="patient", display_name="A", invited_by=people.ada,
            expires_at="2030-01-01T00:00Z", token_hash="x",
        )  # fmt: skip
        again = Invitation.objects.get(pk=invitation.pk)
        other = Invitation.objects.get(pk=invitation.pk)
        assert again.invited_by == people.ada
    with pytest.raises(NoClinicScope):
        _ = other.invited_by
    with clinic_scope(people.south.pk), pytest.raises(Membership.DoesNotExist):
        _ = other.invited_by


def test_the_clinic_is_filled_from_the_scope(people):
    with clinic_scope(people.north.pk):
        member = Membership.objects.create(user=make_user(), role="therapist", display_name="New")
        assert member.clinic == people.north and member.ref.version == 7


def test_a_forged_clinic_is_refused(people):
    with clinic_scope(people.north.pk):
        for forged in ({"clinic": people.south}, {"clinic_id": people.south.pk}):
            with pytest.raises(OtherClinicScope):
                Membership.objects.create(user=make_user(), role="therapist", display_name="New", **forged)
            with pytest.raises(OtherClinicScope):
                Membership(user=make_user(), role="therapist", display_name="New", **forged).save()
            with pytest.raises(OtherClinicScope):
                Membership.objects.bulk_create(
                    [Membership(user=make_user(), role="therapist", display_name="New", **forged)]
                )
            with pytest.raises(OtherClinicScope):
                Membership.objects.update(**forged)
        people.nora.clinic_id = people.south.pk
        with pytest.raises(OtherClinicScope):
            people.nora.save()
        with pytest.raises(OtherClinicScope):
            Membership.objects.bulk_update([people.nora], ["display_name"])
        with pytest.raises(TypeError):
            Membership.objects.bulk_update([people.ola], ["clinic"])


def test_another_clinics_row_is_neither_saved_nor_deleted(people):
    with clinic_scope(people.south.pk):
        for write in (people.nora.save, people.nora.delete, people.nora.full_clean):
            with pytest.raises(OtherClinicScope):
                write()
    for write in (people.nora.save, people.nora.delete):
        with pytest.raises(NoClinicScope):
            write()


def test_refresh_and_bulk_work_inside_the_scope(people):
    with clinic_scope(people.north.pk):
        people.nora.display_name = "Eleonora"
        people.nora.refresh_from_db()
        assert people.nora.display_name == "Nora"
        people.nora.display_name = "Eleonora"
        assert Membership.objects.bulk_update([people.nora], ["display_name"]) == 1
        made = Membership.objects.bulk_create(
            [Membership(user=make_user(), role="therapist", display_name=f"T{i}") for i in range(3)]
        )
        assert {row.clinic_id for row in made} == {people.north.pk} and all(row.ref for row in made)
    with pytest.raises(NoClinicScope):
        people.nora.refresh_from_db()


def test_scopes_nest_and_are_restored():
    with clinic_scope(1, user_id=7):
        with clinic_scope(2):
            assert current_clinic_id() == 2
        with no_scope():
            assert current_clinic_id_or_none() is None
        with user_scope(7), pytest.raises(NoClinicScope):
            current_clinic_id()
        assert current_clinic_id() == 1
    assert current_clinic_id_or_none() is None


@pytest.mark.parametrize("clinic_id", [None, 0, -1, "1", True, 1.0])
def test_only_a_positive_whole_number_is_a_clinic(clinic_id):
    with pytest.raises(TypeError), clinic_scope(clinic_id):
        pass


def test_own_memberships_need_a_person(people):
    with pytest.raises(NoClinicScope):
        Membership.own.all()
    with clinic_scope(people.north.pk), pytest.raises(NoClinicScope):
        Membership.own.all()


def test_clinics_are_shared(people):
    assert Clinic.objects.count() == 2
