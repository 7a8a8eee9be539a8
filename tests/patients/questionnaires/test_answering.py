"""Answers pass the spine before they are kept; what is asked is asked once, moved on, and taken back."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients import services
from patients.errors import (
    ActivitiesUnfit,
    AnswerNotOnScale,
    NothingAnswered,
    QuestionsNotAsked,
    QuestionsNotFound,
    QuestionsStandAlready,
    RhythmUnknown,
    WordsTooLong,
)
from patients.local_time import local_day
from patients.models import (
    Alert,
    AttentionReason,
    PainReport,
    QuestionnaireRequest,
    QuestionnaireResponse,
    TimelineEntry,
)
from patients.selectors.escalations import source_of
from patients.selectors.questionnaires import due_request, reminds_today, rows_of
from patients.services import listening
from tests.factories.patients import Ward
from tests.patients.questionnaires.conftest import ACTIVITIES, CALM

CLOT = "my left calf is swollen and hot since last night"


def give(asked: QuestionnaireRequest, words: str = "", **changed: object) -> services.Given:
    answers = CALM | {name.replace("__", "."): value for name, value in changed.items()}
    return services.Given(asked=asked.ref, due_on=asked.due_on, answers=answers, words=words)


def reasons(ward: Ward) -> dict[str, str]:
    standing = AttentionReason.objects.filter(patient=ward.paul, resolved_at=None)
    return dict(standing.values_list("code", "words"))


class TestAsking:
    def test_it_is_due_today_and_audited(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        assert (asked.due_on, asked.activities) == (local_day(at_north.paul), ACTIVITIES)
        assert due_request(at_north.paul) == asked
        event = AuditEvent.objects.get(object_type="patients.QuestionnaireRequest")
        assert (event.action, event.patients) == ("create", [at_north.paul.pk])

    def test_one_stands_at_a_time(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        with pytest.raises(QuestionsStandAlready):
            services.ask_questions(at_north.paul, by=at_north.people.nora, activities=[], every_weeks=0)

    @pytest.mark.parametrize(
        "activities",
        [["one"], ["one", "two"], ["a", "b", "A "], list("abcdef"), ["x" * 81, "b", "c"]],
    )
    def test_activities_are_three_to_five_different_ones(self, at_north: Ward, activities: list[str]) -> None:
        with pytest.raises(ActivitiesUnfit):
            services.ask_questions(
                at_north.paul, by=at_north.people.nora, activities=activities, every_weeks=4
            )

    def test_empty_lines_are_no_activities(self, at_north: Ward) -> None:
        request = services.ask_questions(
            at_north.paul, by=at_north.people.nora, activities=["", " \x00 ", ""], every_weeks=0
        )
        assert request.activities == []

    @pytest.mark.parametrize("weeks", [-1, 3, 10**9])
    def test_a_rhythm_that_nobody_offers_is_refused(self, at_north: Ward, weeks: int) -> None:
        with pytest.raises(RhythmUnknown):
            services.ask_questions(at_north.paul, by=at_north.people.nora, activities=[], every_weeks=weeks)

    def test_put_off_until_tomorrow_it_is_still_due(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        services.put_off_questions(at_north.paul)
        assert not reminds_today(at_north.paul)
        assert due_request(at_north.paul) == asked
        asked.refresh_from_db()
        assert asked.put_off_until == asked.due_on + timedelta(days=1)

    def test_taken_back_once(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        services.withdraw_questions(asked, by=at_north.people.nora)
        assert due_request(at_north.paul) is None
        with pytest.raises(QuestionsNotAsked):
            services.withdraw_questions(asked, by=at_north.people.nora)


class TestKeeping:
    def test_answers_are_kept_scored_and_on_the_timeline(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        told = services.answer_questions(at_north.paul, give(asked, "all fine, thank you"))
        assert told.is_new
        (row,) = rows_of(at_north.paul)
        assert (row.pain, row.function, row.rating) == (3.0, 6.0, "")
        assert row.response.words == "all fine, thank you"
        entry = TimelineEntry.objects.get(kind="questionnaire")
        assert entry.summary == "Pain 3.0 of 10. Activities 6.0 of 10."
        created = AuditEvent.objects.get(object_type="patients.QuestionnaireResponse")
        assert (created.action, created.object_ref) == ("create", told.response.ref)

    def test_the_next_time_is_four_weeks_from_the_answer(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        services.answer_questions(at_north.paul, give(asked))
        asked.refresh_from_db()
        assert asked.due_on == local_day(at_north.paul) + timedelta(weeks=4)
        assert due_request(at_north.paul) is None

    def test_asked_once_it_ends(self, at_north: Ward) -> None:
        once = services.ask_questions(at_north.paul, by=at_north.people.nora, activities=[], every_weeks=0)
        services.answer_questions(
            at_north.paul, services.Given(asked=once.ref, due_on=once.due_on, answers={"nprs.now": 1})
        )
        once.refresh_from_db()
        assert once.ended_at is not None

    def test_sent_twice_it_is_kept_once(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        first = services.answer_questions(at_north.paul, give(asked))
        again = services.answer_questions(at_north.paul, give(asked, nprs__now=1))
        assert (again.is_new, again.is_other, again.response) == (False, True, first.response)
        assert QuestionnaireResponse.objects.get().answers["nprs.now"] == 2
        assert PainReport.objects.count() == 1

    def test_stronger_pain_that_is_sent_after_the_answers_is_told(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        first = services.answer_questions(at_north.paul, give(asked))
        again = services.answer_questions(at_north.paul, give(asked, nprs__now=9))
        assert (again.is_new, again.response) == (False, first.response)
        assert Alert.objects.get().rule_id == "pain_over_limit"
        assert list(PainReport.objects.order_by("pk").values_list("value", flat=True)) == [4, 9]

    def test_two_windows_at_the_same_moment_keep_one(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        """The second had seen no answers when it began."""
        first = services.answer_questions(at_north.paul, give(asked)).response
        real, calls = services.answering_questions._sent_before, []

        def blind_at_first(request: QuestionnaireRequest, due_on: object) -> QuestionnaireResponse | None:
            calls.append(due_on)
            return None if len(calls) == 1 else real(request, due_on)

        with patch.object(services.answering_questions, "_sent_before", blind_at_first):
            again = services.answer_questions(at_north.paul, give(asked))
        assert (again.is_new, again.response) == (False, first)

    def test_the_database_keeps_one_too(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        stored = services.answer_questions(at_north.paul, give(asked)).response
        stored.pk, stored.ref = None, uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            stored.save(force_insert=True)

    def test_the_rating_is_asked_from_the_second_time_on(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        with pytest.raises(AnswerNotOnScale):
            services.answer_questions(at_north.paul, give(asked, groc=3))
        services.answer_questions(at_north.paul, give(asked))
        QuestionnaireRequest.objects.update(due_on=local_day(at_north.paul))
        QuestionnaireResponse.objects.update(due_on=local_day(at_north.paul) - timedelta(days=28))
        services.answer_questions(at_north.paul, give(asked, groc=3))
        assert rows_of(at_north.paul)[0].rating == "Somewhat better"

    def test_nothing_at_all_is_refused(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        nothing = services.Given(asked=asked.ref, due_on=asked.due_on, answers={}, words=" \n")
        with pytest.raises(NothingAnswered):
            services.answer_questions(at_north.paul, nothing)

    def test_words_alone_are_an_answer(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        words = services.Given(asked=asked.ref, due_on=asked.due_on, answers={}, words="I moved house.")
        services.answer_questions(at_north.paul, words)
        (row,) = rows_of(at_north.paul)
        assert (row.pain, row.function) == (None, None)

    @pytest.mark.parametrize("value", [11, -1, 2.5, float("nan"), "7", True])
    def test_garbage_keeps_nothing(self, at_north: Ward, asked: QuestionnaireRequest, value: object) -> None:
        with pytest.raises(AnswerNotOnScale):
            services.answer_questions(at_north.paul, give(asked, psfs__1=value))
        assert not QuestionnaireResponse.objects.exists()

    def test_before_it_is_due_it_is_not_asked(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        asked.due_on += timedelta(days=3)
        asked.save()
        with pytest.raises(QuestionsNotAsked):
            services.answer_questions(at_north.paul, give(asked))

    def test_another_patients_questions_are_not_found(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        with pytest.raises(QuestionsNotFound):
            services.answer_questions(at_north.petra, give(asked))
        with clinic_scope(at_north.people.south.pk), pytest.raises(QuestionsNotFound):
            services.answer_questions(at_north.sid, give(asked))


class TestSpine:
    def test_danger_is_told_before_the_answers_are_kept(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        told = services.answer_questions(at_north.paul, give(asked, CLOT))
        assert told.heard is not None
        assert told.heard.answer is not None
        alert = Alert.objects.get()
        assert (alert.severity, alert.rule_id, source_of(alert)) == ("emergency", "dvt_pe", "questionnaire")
        assert alert.answers["words"] == CLOT
        assert told.response.alert == alert

    def test_the_alert_outlives_answers_that_could_not_be_kept(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        with (
            patch.object(services.answering_questions, "_store", side_effect=ConnectionError),
            pytest.raises(ConnectionError),
        ):
            services.answer_questions(at_north.paul, give(asked, CLOT, nprs__worst=9))
        assert set(Alert.objects.values_list("rule_id", flat=True)) == {"dvt_pe", "pain_over_limit"}

    @pytest.mark.parametrize("refused", ["too long", "garbage", "taken back", "somebody else's"])
    def test_danger_is_told_whatever_is_refused(
        self, at_north: Ward, asked: QuestionnaireRequest, refused: str
    ) -> None:
        given, patient = give(asked, CLOT), at_north.paul
        if refused == "too long":
            given = give(asked, CLOT + " " + "x" * 2000)
        elif refused == "garbage":
            given = give(asked, CLOT, psfs__1=99)
        elif refused == "taken back":
            services.withdraw_questions(asked, by=at_north.people.nora)
        else:
            patient = at_north.petra
        expected = (WordsTooLong, AnswerNotOnScale, QuestionsNotAsked, QuestionsNotFound)
        with pytest.raises(expected):
            services.answer_questions(patient, given)
        assert Alert.objects.get().patient == patient
        assert not QuestionnaireResponse.objects.exists()

    def test_words_that_cannot_be_heard_are_read_by_a_person(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        with patch.object(listening, "hear", side_effect=RecursionError):
            services.answer_questions(at_north.paul, give(asked, "thank you"))
        assert Alert.objects.get().rule_id == "unheard_words"

    def test_the_strongest_pain_goes_through_the_pain_rule(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        told = services.answer_questions(at_north.paul, give(asked, nprs__worst=7))
        report = PainReport.objects.get()
        assert (report.value, report.moment) == (7, "questions")
        assert told.pain is not None
        assert told.pain.hit is not None
        alert = Alert.objects.get()
        assert (alert.rule_id, source_of(alert)) == ("pain_over_limit", "questionnaire")
        assert "pain_high" in reasons(at_north)

    def test_pain_within_the_limit_raises_nothing(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        services.answer_questions(at_north.paul, give(asked, nprs__worst=5))
        assert PainReport.objects.get().value == 5
        assert not Alert.objects.exists()

    def test_pain_is_told_though_the_questions_were_taken_back(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        services.withdraw_questions(asked, by=at_north.people.nora)
        with pytest.raises(QuestionsNotAsked):
            services.answer_questions(at_north.paul, give(asked, nprs__worst=8))
        assert Alert.objects.get().rule_id == "pain_over_limit"


class TestWorklist:
    def test_overdue_from_the_seventh_day(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        asked.due_on -= timedelta(days=6)
        asked.save()
        services.review_attention(at_north.paul)
        assert "questions_overdue" not in reasons(at_north)
        asked.due_on -= timedelta(days=1)
        asked.save()
        services.review_attention(at_north.paul)
        assert reasons(at_north)["questions_overdue"] == "questions not answered for 7 days"
        services.answer_questions(at_north.paul, give(asked))
        assert "questions_overdue" not in reasons(at_north)

    def test_worse_by_what_matters_until_two_weeks_are_over(
        self, at_north: Ward, asked: QuestionnaireRequest
    ) -> None:
        first = services.answer_questions(at_north.paul, give(asked)).response
        QuestionnaireResponse.objects.filter(pk=first.pk).update(
            authored_at=first.authored_at - timedelta(days=28), due_on=first.due_on - timedelta(days=28)
        )
        QuestionnaireRequest.objects.update(due_on=local_day(at_north.paul))
        worse = services.answer_questions(at_north.paul, give(asked, psfs__1=1, psfs__2=2)).response
        assert reasons(at_north)["score_worsened"] == "answers: activities worse by 2.7 since last time"
        services.review_attention(at_north.paul, at=worse.authored_at + timedelta(days=15))
        assert "score_worsened" not in reasons(at_north)

    def test_taking_them_back_clears_the_reason(self, at_north: Ward, asked: QuestionnaireRequest) -> None:
        asked.due_on -= timedelta(days=9)
        asked.save()
        services.review_attention(at_north.paul)
        services.withdraw_questions(asked, by=at_north.people.nora)
        assert "questions_overdue" not in reasons(at_north)
