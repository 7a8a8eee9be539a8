"""The pages of questionnaires: the right person, the colleague, the stranger; bad input; two windows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.pace import Pace
from patients import services
from patients.models import Alert, PainReport, QuestionnaireRequest, QuestionnaireResponse
from patients.selectors.questionnaires import due_request, has_answered
from patients.views import questionnaires as own_views
from tests.factories.patients import Ward
from tests.patients.questionnaires.conftest import ACTIVITIES, CALM

CLOT = "my left calf is swollen and hot since last night"
Sent = Callable[..., dict[str, Any]]


def at(name: str, *args: object) -> str:
    return reverse(f"patients:{name}", args=["north", *args])


def ask(**changed: object) -> dict[str, object]:
    activities = {f"activity_{place}": text for place, text in enumerate(ACTIVITIES, start=1)}
    return {"every_weeks": 4, **activities, **changed}


def keep(
    ward: Ward, asked: QuestionnaireRequest, *, days_ago: int = 0, **changed: int
) -> QuestionnaireResponse:
    """Answers of Paul's, so many days ago."""
    answers = CALM | {name.replace("__", "."): value for name, value in changed.items()}
    due = asked.due_on - timedelta(days=days_ago)
    QuestionnaireRequest.objects.filter(pk=asked.pk).update(due_on=due)
    stored = services.answer_questions(ward.paul, services.Given(asked.ref, due, answers)).response
    stored.authored_at -= timedelta(days=days_ago)
    stored.save()
    QuestionnaireRequest.objects.filter(pk=asked.pk).update(due_on=asked.due_on)
    return stored


class TestWhoOpens:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("nora", 200), ("ash", 200), ("ola", 403), ("ada", 403), ("paul", 403), ("petra", 403), ("sam", 404),
         ("sid", 404)],
    )  # fmt: skip
    @pytest.mark.parametrize("page", ["questionnaires", "questionnaires_csv"])
    def test_reads(
        self, ward: Ward, sign_in, asked: QuestionnaireRequest, page: str, who: str, status: int
    ) -> None:
        keep(ward, asked)
        answer = sign_in(getattr(ward.people, who)).get(at(page, ward.paul.ref))
        assert answer.status_code == status
        assert (b"climb stairs" in answer.content) == (status == 200)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("nora", 302), ("ash", 302), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404)],
    )
    def test_asks(self, ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
        member = getattr(ward.people, who)
        assert sign_in(member).post(at("ask_questions", ward.paul.ref), ask()).status_code == status
        assert [one.asked_by for one in QuestionnaireRequest.objects.all()] == [member] * (status == 302)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("nora", 302), ("ash", 302), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404)],
    )
    def test_takes_back(self, ward: Ward, sign_in, asked, who: str, status: int) -> None:
        member = getattr(ward.people, who)
        page = at("withdraw_questions", ward.paul.ref, asked.ref)
        assert sign_in(member).post(page).status_code == status
        asked.refresh_from_db()
        assert asked.withdrawn_by == (member if status == 302 else None)

    def test_a_request_of_another_patient_is_no_key(self, ward: Ward, sign_in, asked) -> None:
        page = at("withdraw_questions", ward.petra.ref, asked.ref)
        assert sign_in(ward.people.nora).post(page).status_code == 404
        asked.refresh_from_db()
        assert asked.ended_at is None

    def test_own_pages_are_the_patients_alone(self, ward: Ward, sign_in, asked) -> None:
        answers = at("own_answers", keep(ward, asked).ref)
        for page in (at("own_questions"), answers):
            assert sign_in(ward.people.paul).get(page).status_code == 200
            assert sign_in(ward.people.nora).get(page).status_code == 403
            assert sign_in(ward.people.sid).get(page).status_code == 404
            assert Client().get(page).status_code == 302
        assert sign_in(ward.people.petra).get(answers).status_code == 404
        assert b"climb stairs" not in sign_in(ward.people.petra).get(at("own_questions")).content

    def test_a_look_and_an_export_are_written_down(self, ward: Ward, sign_in, asked) -> None:
        keep(ward, asked)
        nora = sign_in(ward.people.nora)
        nora.get(at("questionnaires", ward.paul.ref))
        nora.get(at("questionnaires_csv", ward.paul.ref))
        looks = AuditEvent.objects.filter(actor_membership_id=ward.people.nora.pk, patients=[ward.paul.pk])
        assert looks.filter(action="view", purpose="questionnaires").count() == 1
        assert looks.filter(action="export", purpose="csv").count() == 1

    def test_no_answer_is_in_the_audit_trail(self, ward: Ward, sign_in, sent: Sent) -> None:
        sign_in(ward.people.paul).post(at("own_questions"), sent(words="zebra crossing"))
        assert QuestionnaireResponse.objects.get().words == "zebra crossing"
        for event in AuditEvent.objects.all():
            assert "zebra" not in str(event.__dict__)
            assert "climb" not in str(event.__dict__)


class TestAsking:
    def test_what_was_typed_stays_when_it_is_refused(self, ward: Ward, sign_in, at_north: Ward) -> None:
        answer = sign_in(ward.people.nora).post(at("ask_questions", ward.paul.ref), ask(activity_3=""))
        assert answer.status_code == 400
        assert b"Choose 3 to 5 activities" in answer.content
        assert b"lift a bag" in answer.content
        assert not QuestionnaireRequest.objects.exists()

    @pytest.mark.parametrize("weeks", ["", "3", "nan", "-4", "9" * 30])
    def test_an_unknown_rhythm_is_refused(self, ward: Ward, sign_in, at_north: Ward, weeks: str) -> None:
        page = at("ask_questions", ward.paul.ref)
        assert sign_in(ward.people.nora).post(page, ask(every_weeks=weeks)).status_code == 400
        assert not QuestionnaireRequest.objects.exists()

    def test_asking_twice_changes_nothing(self, ward: Ward, sign_in, asked) -> None:
        page = at("ask_questions", ward.paul.ref)
        answer = sign_in(ward.people.nora).post(page, ask(every_weeks=1), follow=True)
        assert b"asked already" in answer.content
        assert QuestionnaireRequest.objects.get().every_weeks == 4

    def test_taking_back_twice_says_so(self, ward: Ward, sign_in, asked) -> None:
        nora = sign_in(ward.people.nora)
        page = at("withdraw_questions", ward.paul.ref, asked.ref)
        nora.post(page)
        assert b"not asked any more" in nora.post(page, follow=True).content

    def test_the_activities_of_last_time_are_offered_again(self, ward: Ward, sign_in, asked) -> None:
        nora = sign_in(ward.people.nora)
        nora.post(at("withdraw_questions", ward.paul.ref, asked.ref))
        page = nora.get(at("questionnaires", ward.paul.ref)).content
        assert page.count(b'value="climb stairs"') == 1


class TestAnswering:
    def test_from_today_to_the_thanks(self, ward: Ward, sign_in, sent: Sent) -> None:
        paul = sign_in(ward.people.paul)
        assert b"A few questions (2 minutes)" in paul.get(at("today")).content
        answer = paul.post(at("own_questions"), sent(words="Walking is easier."), follow=True)
        assert b"Thank you" in answer.content
        assert b"Walking is easier." in answer.content
        assert b"A few questions (2 minutes)" not in paul.get(at("today")).content
        assert b"We will ask you again on" in paul.get(at("own_questions")).content

    def test_not_now(self, ward: Ward, sign_in, asked) -> None:
        paul = sign_in(ward.people.paul)
        paul.post(at("put_off_questions"))
        assert b"A few questions (2 minutes)" not in paul.get(at("today")).content
        assert b"Send my answers" in paul.get(at("own_questions")).content
        assert due_request(ward.paul) == asked

    def test_not_now_without_questions_is_nothing(self, ward: Ward, sign_in, at_north: Ward) -> None:
        assert sign_in(ward.people.paul).post(at("put_off_questions")).status_code == 302

    def test_danger_shows_the_same_page_as_a_message(self, ward: Ward, sign_in, sent: Sent) -> None:
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent(words=CLOT), follow=True)
        assert b"Stop now. Call 999." in answer.content
        assert b"They see the words that you wrote." in answer.content
        queue = sign_in(ward.people.nora).get(at("escalations"), {"source": "questionnaire"})
        assert [row.alert for row in queue.context["queue"].rows] == [Alert.objects.get()]
        record = sign_in(ward.people.nora).get(at("questionnaires", ward.paul.ref))
        assert CLOT.encode() in record.content

    def test_pain_over_the_limit_is_told(self, ward: Ward, sign_in, sent: Sent) -> None:
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent(nprs__worst=8), follow=True)
        assert b"Pain 8, over 5" in answer.content
        assert Alert.objects.get().rule_id == "pain_over_limit"

    def test_unsure_words_are_asked_back_once(self, ward: Ward, sign_in, sent: Sent) -> None:
        paul = sign_in(ward.people.paul)
        answer = paul.post(at("own_questions"), sent(words="my calf is a bit sore"), follow=True)
        assert b"One question before you go on" in answer.content
        assert b"One question before you go on" not in paul.get(answer.redirect_chain[-1][0]).content

    def test_strong_pain_in_words_hides_no_question(self, ward: Ward, sign_in, sent: Sent) -> None:
        words = "I fell last week. It is an 8 out of 10."
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent(words=words), follow=True)
        assert Alert.objects.get().rule_id == "pain_over_limit"
        assert b"One question before you go on" in answer.content

    @pytest.mark.parametrize("value", ["11", "-1", "nan", "1e9", "7.5", "x" * 500, "\x00"])
    @pytest.mark.parametrize("link", ["nprs.now", "psfs.2"])
    def test_garbage_keeps_nothing_and_loses_nothing(
        self, ward: Ward, sign_in, sent: Sent, link: str, value: str
    ) -> None:
        answer = sign_in(ward.people.paul).post(
            at("own_questions"), sent(words="Walking is easier.") | {link: value}
        )
        assert answer.status_code == 400
        assert b"Walking is easier." in answer.content
        assert answer.content.count(b"checked") == len(CALM) - 1
        assert not QuestionnaireResponse.objects.exists()
        assert not PainReport.objects.exists()

    def test_words_that_are_too_long_stay_in_the_page(self, ward: Ward, sign_in, sent: Sent) -> None:
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent(words="la " * 700))
        assert answer.status_code == 400
        assert b"la la la" in answer.content

    def test_danger_in_words_that_are_refused_is_told(self, ward: Ward, sign_in, sent: Sent) -> None:
        data = sent(words=CLOT + " " + "x" * 2000, nprs__now=99)
        answer = sign_in(ward.people.paul).post(at("own_questions"), data, follow=True)
        assert b"Stop now. Call 999." in answer.content
        assert b"Your answers were not saved." in answer.content

    @pytest.mark.parametrize("field", ["asked", "due_on"])
    @pytest.mark.parametrize("value", ["", "garbage", "\x00", "0" * 300])
    def test_a_broken_page_keeps_nothing(
        self, ward: Ward, sign_in, sent: Sent, field: str, value: str
    ) -> None:
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent() | {field: value})
        assert answer.status_code in (400, 409)
        assert not QuestionnaireResponse.objects.exists()

    def test_somebody_elses_questions_are_not_found(self, ward: Ward, sign_in, sent: Sent) -> None:
        assert sign_in(ward.people.petra).post(at("own_questions"), sent()).status_code == 404
        unknown = sent() | {"asked": str(uuid4())}
        assert sign_in(ward.people.paul).post(at("own_questions"), unknown).status_code == 404
        assert not QuestionnaireResponse.objects.exists()

    def test_taken_back_meanwhile_the_words_are_still_there(
        self, ward: Ward, sign_in, asked, sent: Sent
    ) -> None:
        services.withdraw_questions(asked, by=ward.people.nora)
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent(words="Walking is easier."))
        assert answer.status_code == 409
        assert b"These questions are not asked any more." in answer.content
        assert b"Walking is easier." in answer.content
        assert not has_answered(ward.paul)

    def test_sent_twice_is_thanked_twice_and_kept_once(self, ward: Ward, sign_in, sent: Sent) -> None:
        paul = sign_in(ward.people.paul)
        places = [paul.post(at("own_questions"), sent())["Location"] for _ in range(2)]
        assert places[0] == places[1]
        assert QuestionnaireResponse.objects.count() == 1

    def test_other_words_in_a_second_window_are_not_lost(self, ward: Ward, sign_in, sent: Sent) -> None:
        paul = sign_in(ward.people.paul)
        paul.post(at("own_questions"), sent())
        answer = paul.post(at("own_questions"), sent(words="One thing more."))
        assert answer.status_code == 409
        assert b"You have answered these questions already." in answer.content
        assert b"One thing more." in answer.content

    def test_other_numbers_in_a_second_window_are_not_thanked_for(
        self, ward: Ward, sign_in, sent: Sent
    ) -> None:
        paul = sign_in(ward.people.paul)
        paul.post(at("own_questions"), sent())
        answer = paul.post(at("own_questions"), sent(nprs__worst=9))
        assert answer.status_code == 409
        assert b"You have answered these questions already." in answer.content
        assert b"Pain 9, over 5. Rest for today." in answer.content

    def test_too_much_pain_is_answered_though_the_questions_were_taken_back(
        self, ward: Ward, sign_in, asked, sent: Sent
    ) -> None:
        services.withdraw_questions(asked, by=ward.people.nora)
        answer = sign_in(ward.people.paul).post(at("own_questions"), sent(nprs__worst=9))
        assert (answer.status_code, Alert.objects.count()) == (409, 1)
        assert b"Pain 9, over 5. Rest for today." in answer.content

    def test_whoever_sends_too_often_is_heard(
        self, ward: Ward, sign_in, sent: Sent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(own_views, "ANSWERS", Pace(most=0, in_s=600))
        paul = sign_in(ward.people.paul)
        assert paul.post(at("own_questions"), sent()).status_code == 429
        answer = paul.post(at("own_questions"), sent(words=CLOT), follow=True)
        assert b"Stop now. Call 999." in answer.content


class TestReading:
    def test_the_record_shows_scores_changes_and_reasons(self, ward: Ward, sign_in, asked) -> None:
        keep(ward, asked, days_ago=28)
        keep(ward, asked, nprs__now=5, nprs__worst=5, nprs__usual=5, groc=-3)
        nora = sign_in(ward.people.nora)
        page = nora.get(at("questionnaires", ward.paul.ref))
        assert b"2.0 worse</span>" in page.content
        assert b"small change</span>" in page.content
        assert [chart.title for chart in page.context["charts"]] == ["Pain", "Activities"]
        assert page.content.count(b"pain-chart__mark") == 4
        record = nora.get(at("patient", ward.paul.ref)).content
        assert b"Answers: pain worse by 2.0 since last time" in record
        assert b"Somewhat worse" in record
        assert nora.get(at("caseload"), {"show": "questions"}).context["caseload"].found == 1

    def test_too_few_answers_are_not_scored(self, ward: Ward, sign_in, asked) -> None:
        given = services.Given(asked.ref, asked.due_on, {"nprs.now": 1, "psfs.1": 4, "psfs.2": 4})
        services.answer_questions(ward.paul, given)
        page = sign_in(ward.people.nora).get(at("questionnaires", ward.paul.ref))
        assert page.content.count(b"Not scored: too few answers") == 2
        assert page.context["charts"] == []

    def test_the_csv_is_safe_and_without_free_words(self, ward: Ward, sign_in, at_north: Ward) -> None:
        asked = services.ask_questions(
            ward.paul, by=ward.people.nora, activities=["=1+1", "b", "c"], every_weeks=0
        )
        answers = CALM | {"nprs.now": 0}
        services.answer_questions(ward.paul, services.Given(asked.ref, asked.due_on, answers, "zebra"))
        page = sign_in(ward.people.nora).get(at("questionnaires_csv", ward.paul.ref))
        heading, row, end = page.content.decode().split("\r\n")
        assert heading.startswith("day,version of the questions,nprs.now,nprs.worst,nprs.usual,pain,")
        assert ",1,0,4,3,2.33,,,'=1+1,5,b,6,c,7," in row
        assert "zebra" not in row
        assert end == ""

    @pytest.mark.parametrize("page", ["questionnaires", "patient"])
    def test_one_time_and_three_take_the_same_queries(self, ward: Ward, sign_in, asked, page: str) -> None:
        nora = sign_in(ward.people.nora)
        keep(ward, asked, days_ago=60)

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert nora.get(at(page, ward.paul.ref)).status_code == 200
            return len(seen)

        queries()
        one = queries()
        keep(ward, asked, days_ago=30)
        keep(ward, asked, days_ago=15)
        assert queries() == one
