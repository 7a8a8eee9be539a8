import pytest

from clinic.models import Membership
from clinic.tenancy.scope import NoClinicScope, OtherClinicScope, clinic_scope


def test_without_a_scope_nothing_can_be_asked(people):
    with pytest.raises(NoClinicScope):
        Membership.objects.all()


def test_a_scope_shows_its_own_clinic(people):
    with clinic_scope(people.north.pk):
        assert set(Membership.objects.values_list("display_name", flat=True)) == {
            "Nora", "Ola", "Paul", "Petra", "Ada", "Ash", "Bea",
        }  # fmt: skip
    with clinic_scope(people.south.pk):
        assert set(Membership.objects.values_list("display_name", flat=True)) == {"Sam", "Sid", "Bea"}


def test_a_queryset_cannot_leave_its_scope(people):
    with clinic_scope(people.north.pk):
        members = Membership.objects.filter(role="therapist")
    with pytest.raises(NoClinicScope):
        list(members)
    with clinic_scope(people.south.pk), pytest.raises(OtherClinicScope):
        list(members)
