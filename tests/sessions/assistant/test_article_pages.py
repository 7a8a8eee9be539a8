"""The knowledge pages: written, approved by another, compared, taken out; and who may do what."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from sessions.models import Article, ArticleVersion
from sessions.services.assistant.articles import Wording, approve_version, write_article
from tests.factories.patients import Ward

SignedIn = Callable[[Membership], Client]
LIST = "/c/north/knowledge/"
WORDS = {
    "title": "Heat or ice?",
    "body": "Use what feels better.",
    "questions": "ice or heat\nhot pack?",
    "source": "NHS",
    "exercise_code": "",
}


def written(ward: Ward, words: Wording | None = None) -> ArticleVersion:
    with clinic_scope(ward.people.north.pk, user_id=ward.people.nora.user_id):
        return write_article(None, words or Wording("Heat?", "Warm is fine."), by=ward.people.nora)


def test_one_writes_and_a_colleague_approves(floor: Ward, signed_in: SignedIn) -> None:
    nora, ola = signed_in(floor.people.nora), signed_in(floor.people.ola)
    page = nora.post(f"{LIST}new/", WORDS, follow=True)
    assert b"a colleague approves it" in page.content and b"Approve version 1" not in page.content
    with clinic_scope(floor.people.north.pk):
        version = ArticleVersion.objects.select_related("article").get()
        address = f"{LIST}{version.article.ref}/"
    assert version.questions == ["ice or heat", "hot pack?"]
    assert nora.post(f"{address}approve/", {"version": "1"}).status_code == 403
    assert b"Approve version 1" in ola.get(address).content
    assert b"may be quoted now" in ola.post(f"{address}approve/", {"version": "1"}, follow=True).content
    assert b"Approved by Ola" in nora.get(address).content


def test_a_version_that_came_meanwhile_is_not_approved_by_mistake(floor: Ward, signed_in: SignedIn) -> None:
    first = written(floor)
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        write_article(first.article, Wording("Heat?", "Boil it."), by=floor.people.nora)
    signed_in(floor.people.ola).post(f"{LIST}{first.article.ref}/approve/", {"version": "1"})
    with clinic_scope(floor.people.north.pk):
        approved = ArticleVersion.objects.filter(approved_at__isnull=False)
        assert [each.number for each in approved] == [1]


def test_two_versions_are_compared_and_hard_words_are_said_to_be_hard(
    floor: Ward, signed_in: SignedIn
) -> None:
    first = written(floor)
    hard = "Thermotherapeutic modalities facilitate musculoskeletal rehabilitation considerably."
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        write_article(first.article, Wording("Heat?", hard), by=floor.people.nora)
    page = signed_in(floor.people.ola).get(f"{LIST}{first.article.ref}/?old=1").content.decode()
    assert "hard for many patients" in page and "<del>" in page and "<ins>" in page


@pytest.mark.parametrize("old", ["0", "99", "x", "-1", "1" * 300])
def test_a_strange_version_number_compares_nothing(floor: Ward, signed_in: SignedIn, old: str) -> None:
    address = f"{LIST}{written(floor).article.ref}/"
    assert signed_in(floor.people.nora).get(f"{address}?old={old}").status_code == 200
    assert (
        signed_in(floor.people.ola).post(f"{address}approve/", {"version": old}).status_code == 404
        or old == "1"
    )


def test_taken_out_and_taken_back(floor: Ward, signed_in: SignedIn) -> None:
    article = written(floor).article
    nora = signed_in(floor.people.nora)
    assert b"Take it back" in nora.post(f"{LIST}{article.ref}/retire/", follow=True).content
    assert nora.post(f"{LIST}{article.ref}/edit/", WORDS).status_code == 409
    assert b"Take it out" in nora.post(f"{LIST}{article.ref}/retire/", {"back": "yes"}, follow=True).content


def test_starter_articles_are_added_once_and_wait_for_approval(floor: Ward, signed_in: SignedIn) -> None:
    nora = signed_in(floor.people.nora)
    nora.post(f"{LIST}starter/")
    page = nora.post(f"{LIST}starter/", follow=True).content.decode()
    with clinic_scope(floor.people.north.pk):
        assert Article.objects.count() == 6
        assert not ArticleVersion.objects.filter(approved_at__isnull=False).exists()
    assert page.count("To be approved") == 6
    assert "Add the starter articles" not in page


def test_search_finds_by_a_patients_question(floor: Ward, signed_in: SignedIn) -> None:
    written(floor, Wording("Heat?", "Warm is fine.", ("hot water bottle",)))
    nora = signed_in(floor.people.nora)
    assert b"Heat?" in nora.get(f"{LIST}?q=WATER+bottle").content
    assert b"Nothing found" in nora.get(f"{LIST}?q=%00zebra").content


def test_what_is_missing_is_said_beside_its_field(floor: Ward, signed_in: SignedIn) -> None:
    page = signed_in(floor.people.nora).post(
        f"{LIST}new/", {**WORDS, "title": "", "exercise_code": "not_ours"}
    )
    assert page.status_code == 400 and page.content.count(b'class="error"') == 2


def test_who_may_read_and_write(floor: Ward, signed_in: SignedIn) -> None:
    article = written(floor).article
    people = floor.people
    for member, reads, writes in (
        (people.ash, 200, 403),
        (people.ada, 200, 403),
        (people.paul, 403, 403),
    ):
        client = signed_in(member)
        assert client.get(LIST).status_code == reads
        assert client.get(f"{LIST}{article.ref}/").status_code == reads
        assert client.post(f"{LIST}new/", WORDS).status_code == writes
        assert client.post(f"{LIST}{article.ref}/approve/", {"version": "1"}).status_code == writes
    stranger = signed_in(people.sam)
    assert stranger.get(f"/c/south/knowledge/{article.ref}/").status_code == 404
    assert stranger.post(f"/c/south/knowledge/{article.ref}/approve/", {"version": "1"}).status_code == 404
    assert stranger.get(LIST).status_code == 404


@pytest.mark.parametrize("articles", [1, 3])
def test_the_list_reads_the_same_number_of_times(
    floor: Ward, signed_in: SignedIn, articles: int, django_assert_max_num_queries
) -> None:
    with clinic_scope(floor.people.north.pk, user_id=floor.people.nora.user_id):
        for number in range(articles):
            version = write_article(None, Wording(f"Heat {number}", "Warm."), by=floor.people.nora)
            approve_version(version, by=floor.people.ola)
    nora = signed_in(floor.people.nora)
    nora.get(LIST)
    with django_assert_max_num_queries(14):
        assert nora.get(LIST).content.count(b"Quoted") == articles
