"""The same decision twice at one moment: one stands, the other hears why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from clinic.audit.models import AuditEvent
from clinic.errors import HouseError
from clinic.tenancy.scope import clinic_scope
from notes.models import Annotation, DataSetVersion, ProjectDocument
from notes.selectors.annotation.access import access_project
from notes.services.annotation.data_sets import make_data_set
from notes.services.annotation.marking import hand_in, take_next
from notes.services.annotation.settling import Choice, settle_document
from tests.factories.annotation import annotate, make_open_document, make_team
from tests.factories.clinic import make_member
from tests.factories.patients import Ward, make_ward
from tests.people import make_people

SIDE = {"start": 0, "end": 4, "label": "LATERALITY"}
CHOICE = Choice("neither")


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return make_ward(make_people())


def at_once(ward: Ward, act: Callable[[], object]) -> list[str]:
    """What two hands got, begun together on connections of their own."""
    together = Barrier(2)

    def run(_: int) -> str:
        try:
            with clinic_scope(ward.people.north.pk):
                together.wait(timeout=20)
                return type(act()).__name__
        except HouseError as error:
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2), timeout=60))


def test_handing_in_settling_and_freezing_count_once(ward: Ward):
    people = ward.people
    third = make_member(people.north, "therapist", name="Theo")
    team = make_team(people.nora, annotators=[people.ola, people.ash], adjudicators=[third])
    document = make_open_document(team, by=people.nora)
    annotate(team, by=people.ola, entities=[SIDE])
    with clinic_scope(people.north.pk):
        begun = take_next(access_project(people.ash, team.ref))
    answers = at_once(ward, lambda: hand_in(begun, revision=begun.revision, reject_undecided=True))
    assert answers == ["AlreadyHandedIn", "Annotation"]

    def settle() -> object:
        access = access_project(third, team.ref)
        choices = {0: CHOICE}
        return settle_document(access, document, choices)

    assert at_once(ward, settle) == ["NotOpenForThis", "ProjectDocument"]
    assert at_once(ward, lambda: make_data_set(team, by=people.nora)) == ["DataSetVersion", "NothingNew"]
    with clinic_scope(people.north.pk):
        assert Annotation.objects.filter(document=document, state="submitted").count() == 2
        assert ProjectDocument.objects.get(pk=document.pk).state == "settled"
        assert [one.number for one in DataSetVersion.objects.all()] == [1]
        assert AuditEvent.objects.filter(purpose="settled").count() == 1
