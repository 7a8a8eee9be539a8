"""Only a clinic's admin chooses the false-alarm rate, for that clinic alone; the page says what it means."""

import pytest

from clinic.audit.models import FieldChange
from clinic.tenancy.scope import clinic_scope
from sessions.models import MovementSettings
from sessions.selectors.movement.alarm_rates import clinic_words, rate_words
from sessions.services.movement.settings import movement_settings
from tests.factories.patients import Ward, make_ward
from tests.people import make_people
from tests.sessions.movement_trend.course import make_course

PAGE = "/c/north/settings/movement/"


@pytest.fixture
def ward(db) -> Ward:
    """The cast with records."""
    return make_ward(make_people())


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("nora", 403), ("ash", 403), ("paul", 403), ("sam", 404)]
)
def test_who_may_look(ward: Ward, signed_in, who: str, status: int) -> None:
    assert signed_in(getattr(ward.people, who)).get(PAGE).status_code == status


@pytest.mark.parametrize(("who", "status"), [("ada", 302), ("nora", 403), ("sam", 404)])
def test_who_may_change(ward: Ward, signed_in, who: str, status: int) -> None:
    client = signed_in(getattr(ward.people, who))
    assert client.post(PAGE, {"false_alarms_per_26_weeks": "0.5"}).status_code == status
    with clinic_scope(ward.people.north.pk):
        changed = who == "ada"
        assert movement_settings().false_alarms_per_26_weeks == (0.5 if changed else 1.0)
        assert movement_settings().expected_recovery is not changed
    with clinic_scope(ward.people.south.pk):
        assert MovementSettings.objects.count() == 0
        assert movement_settings().false_alarms_per_26_weeks == 1.0


def test_a_rate_that_is_not_on_offer_is_refused(ward: Ward, signed_in) -> None:
    answer = signed_in(ward.people.ada).post(PAGE, {"false_alarms_per_26_weeks": "500"})
    assert answer.status_code == 200
    with clinic_scope(ward.people.north.pk):
        assert MovementSettings.objects.count() == 0


def test_a_change_is_logged(ward: Ward, signed_in) -> None:
    signed_in(ward.people.ada).post(PAGE, {"false_alarms_per_26_weeks": "2.0", "expected_recovery": "on"})
    with clinic_scope(ward.people.north.pk):
        changed = [
            entry.changes_dict.get("false_alarms_per_26_weeks")
            for entry in FieldChange.objects.filter(content_type__model="movementsettings")
        ]
    assert ["1.0", "2.0"] in changed


def test_the_page_counts_the_patients_of_its_own_clinic(ward: Ward, signed_in) -> None:
    make_course(ward.paul, days=3)
    make_course(ward.sid, days=3)
    page = signed_in(ward.people.ada).get(PAGE).content.decode()
    assert "for 1 patient<" in page
    assert "At most one per patient in 26 weeks" in page


def test_the_page_is_found_from_the_clinics_settings(ward: Ward, signed_in) -> None:
    assert PAGE in signed_in(ward.people.ada).get("/c/north/settings/").content.decode()


@pytest.mark.parametrize(
    ("rate", "patients", "words"),
    [
        (1.0, 60, "about 2 false alarms a week for 60 patients"),
        (0.5, 60, "about one false alarm a week for 60 patients"),
        (0.25, 60, "about one false alarm a fortnight for 60 patients"),
        (0.25, 20, "about one false alarm a month for 20 patients"),
        (0.25, 1, "about one false alarm a year for 1 patient"),
        (1.0, 1, "about 2 false alarms a year for 1 patient"),
    ],
)
def test_a_rate_in_words(rate: float, patients: int, words: str) -> None:
    assert clinic_words(rate, patients) == words


def test_a_patients_rate_in_words() -> None:
    assert rate_words(0.25) == "at most one per patient in 104 weeks"
    assert rate_words(2.0) == "at most 2 per patient in 26 weeks"
