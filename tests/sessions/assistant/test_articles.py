"""What the assistant may quote: versions, a second person's approval, and corrections."""

import pytest
from django.utils import timezone

from clinic.errors import Invalid
from patients.errors import NotOnCareTeam
from patients.models import Patient
from sessions.assistant_errors import ApprovalNeedsAnother, ArticleNotFound, ArticleRetired, NothingToCorrect
from sessions.models import Article, Conversation, Turn
from sessions.selectors.assistant.articles import access_article, approved_passages
from sessions.services.assistant.articles import (
    Wording,
    approve_version,
    correct_answer,
    restore_article,
    retire_article,
    write_article,
)
from tests.factories.patients import Ward

HEAT = Wording("Heat or ice?", "Use what feels better, for ten minutes.", ("ice or heat",), "NHS")


def answer_to(patient: Patient, author: str = "assistant") -> Turn:
    now = timezone.now()
    talk = Conversation.objects.create(patient=patient, last_turn_at=now, keep_until=now.date())
    return Turn.objects.create(conversation=talk, number=1, author=author, at=now, text="Do ten.")


def test_only_an_approved_version_is_quoted_and_the_newest_of_them(at_north: Ward) -> None:
    people = at_north.people
    version = write_article(None, HEAT, by=people.nora)
    assert approved_passages(at_north.paul) == ()
    approve_version(version, by=people.ola)
    second = write_article(version.article, Wording("Heat", "Warm is fine."), by=people.nora)
    (quoted,) = approved_passages(at_north.paul)
    assert (quoted.text, quoted.questions, second.number) == (HEAT.body, HEAT.questions, 2)
    approve_version(second, by=people.ola)
    assert [each.text for each in approved_passages(at_north.paul)] == ["Warm is fine."]


def test_nobody_approves_their_own_words_where_a_colleague_could(at_north: Ward) -> None:
    version = write_article(None, HEAT, by=at_north.people.nora)
    with pytest.raises(ApprovalNeedsAnother):
        approve_version(version, by=at_north.people.nora)


def test_the_only_therapist_approves_alone(at_north: Ward) -> None:
    from clinic.models import Membership

    Membership.objects.filter(role="therapist").exclude(pk=at_north.people.nora.pk).update(is_active=False)
    version = approve_version(write_article(None, HEAT, by=at_north.people.nora), by=at_north.people.nora)
    assert version.approved_by == at_north.people.nora


def test_a_retired_article_is_not_quoted_until_taken_back(at_north: Ward) -> None:
    version = approve_version(write_article(None, HEAT, by=at_north.people.nora), by=at_north.people.ola)
    retire_article(version.article, by=at_north.people.nora)
    assert approved_passages(at_north.paul) == ()
    with pytest.raises(ArticleRetired):
        write_article(version.article, HEAT, by=at_north.people.nora)
    restore_article(version.article)
    assert len(approved_passages(at_north.paul)) == 1


def test_a_correction_for_one_patient_counts_at_once_and_for_nobody_else(at_north: Ward) -> None:
    turn = answer_to(at_north.paul)
    correct_answer(
        turn, question="how many?", answer="Do eight.", by=at_north.people.nora, for_everybody=False
    )
    assert [each.text for each in approved_passages(at_north.paul)] == ["Do eight."]
    assert approved_passages(at_north.petra) == ()


def test_a_correction_for_everybody_waits_for_a_colleague(at_north: Ward) -> None:
    turn = answer_to(at_north.paul)
    version = correct_answer(
        turn, question="how many?", answer="Do eight.", by=at_north.people.nora, for_everybody=True
    )
    assert approved_passages(at_north.petra) == ()
    approve_version(version, by=at_north.people.ola)
    assert approved_passages(at_north.petra)[0].ref == f"correction:{version.ref}"


def test_only_an_answer_can_be_corrected(at_north: Ward) -> None:
    with pytest.raises(NothingToCorrect):
        correct_answer(
            answer_to(at_north.paul, "patient"),
            question="q",
            answer="a",
            by=at_north.people.nora,
            for_everybody=False,
        )


@pytest.mark.parametrize("title", ["", "\x00", "x" * 121])
def test_bad_words_are_refused_by_field(at_north: Ward, title: str) -> None:
    with pytest.raises(Invalid) as refused:
        write_article(None, Wording(title, "y" * 6001, ("q",) * 1, "s" * 301), by=at_north.people.nora)
    assert set(refused.value.fields) == {"title", "body", "source"}
    assert not Article.objects.exists()


def test_who_may_open_a_patients_correction(at_north: Ward) -> None:
    turn = answer_to(at_north.paul)
    article = correct_answer(
        turn, question="q", answer="a", by=at_north.people.nora, for_everybody=False
    ).article
    assert access_article(at_north.people.nora, article.ref, purpose="test") == article
    with pytest.raises(NotOnCareTeam):
        access_article(at_north.people.ola, article.ref, purpose="test")
    for strange in ("x", str(at_north.paul.ref)):
        with pytest.raises(ArticleNotFound):
            access_article(at_north.people.nora, strange, purpose="test")
