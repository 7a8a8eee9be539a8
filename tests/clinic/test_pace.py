"""How often one person may send from pages; saying that something is wrong is never slowed down."""

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as NoCache

from clinic import pace
from clinic.audit.models import AuditEvent
from clinic.errors import TooOften
from clinic.pace import Pace, count_sent
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, Message, PainReport
from patients.views import patient_pages
from tests.factories.patients import Ward, make_ward

TWO = Pace(most=2, in_s=60)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def ward(people) -> Ward:
    return make_ward(people)


def browser_of(member) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def write(browser, words="How is it going?"):
    """A message: messages have a pace of their own, since what is refused is heard all the same."""
    return browser.post("/c/north/messages/", {"body": words}).status_code


def tell(browser):
    """A pain answer, which counts among all pages."""
    return browser.post("/c/north/today/pain/", {"value": 2, "moment": "before"}).status_code


@pytest.fixture
def only_two(monkeypatch):
    monkeypatch.setattr(pace, "ANY_PAGE", TWO)


@pytest.mark.usefixtures("only_two")
def test_too_many_from_one_person_wait_and_the_others_go_on(ward):
    paul, petra = browser_of(ward.people.paul), browser_of(ward.people.petra)
    assert [tell(paul) for _ in range(4)] == [302, 302, 429, 429]
    assert tell(petra) == 302
    with clinic_scope(ward.paul.clinic_id):
        assert PainReport.objects.filter(patient=ward.paul).count() == 2
        denied = AuditEvent.objects.filter(action="denied").values_list("detail", flat=True)
        assert list(denied) == [{"too_often": "pages"}]


@pytest.mark.usefixtures("only_two")
def test_the_page_says_what_is_safe_and_leads_to_stop(ward):
    paul = browser_of(ward.people.paul)
    answers = [paul.post("/c/north/today/pain/", {"value": 2, "moment": "before"}) for _ in range(3)]
    assert answers[-1].headers["Retry-After"] == "60"
    assert b"What you sent before is safe." in answers[-1].content
    assert b'href="/c/north/stop/"' in answers[-1].content


@pytest.mark.usefixtures("only_two")
def test_stop_is_never_slowed_down(ward):
    paul = browser_of(ward.people.paul)
    tell(paul)
    tell(paul)
    assert tell(paul) == tell(paul) == 429
    answers = {paul.post("/c/north/stop/", {"ticked": "chest_pain"}).status_code for _ in range(4)}
    assert answers == {302}
    with clinic_scope(ward.paul.clinic_id):
        assert Alert.objects.filter(patient=ward.paul).exists()


@pytest.mark.usefixtures("only_two")
def test_looking_is_not_counted(ward):
    paul = browser_of(ward.people.paul)
    assert {paul.get("/c/north/messages/").status_code for _ in range(5)} == {200}


@pytest.mark.usefixtures("only_two")
def test_what_a_stranger_sends_is_refused_as_ever(ward):
    sid = browser_of(ward.people.sid)
    assert [write(sid) for _ in range(4)] == [404] * 4
    assert [write(Client()) for _ in range(4)] == [302] * 4


def test_a_flood_of_messages_ends_long_before_that_of_all_pages(ward):
    paul = browser_of(ward.people.paul)
    most = patient_pages.MESSAGES.most
    answers = [write(paul) for _ in range(most + 2)]
    assert answers == [302] * most + [429, 429]
    told = paul.post("/c/north/today/pain/", {"value": 8, "moment": "before"})
    assert told.status_code == 302
    with clinic_scope(ward.paul.clinic_id):
        assert Message.objects.filter(patient=ward.paul).count() == most
        assert PainReport.objects.filter(patient=ward.paul).count() == 1


def test_pain_can_be_told_as_often_as_a_person_could(ward):
    paul = browser_of(ward.people.paul)
    answers = [
        paul.post("/c/north/today/pain/", {"value": 9, "moment": "before"}).status_code for _ in range(20)
    ]
    assert set(answers) == {302}


def test_a_new_stretch_starts_afresh(db):
    count_sent(7, "walks", Pace(most=1, in_s=60))
    with pytest.raises(TooOften):
        count_sent(7, "walks", Pace(most=1, in_s=60))
    count_sent(7, "other_things", Pace(most=1, in_s=60))
    cache.delete("pace:walks:7")
    count_sent(7, "walks", Pace(most=1, in_s=60))


def test_without_the_cache_nobody_is_held_up(monkeypatch):
    def away(*_args, **_more):
        raise NoCache

    count_sent(7, "walks", Pace(most=1, in_s=60))
    with monkeypatch.context() as patched:
        patched.setattr(cache, "add", away)
        for _ in range(5):
            count_sent(7, "walks", Pace(most=1, in_s=60))
    assert cache.get("pace:walks:7") == 1
