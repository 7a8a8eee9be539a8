"""The queue of alerts: whose it shows, in which order, and what is done from it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import AuditEvent
from patients import conversations, selectors, services
from patients.alert_clock import clock_of, say_left, say_time
from patients.models import Alert, Message
from patients.red_flags import shipped_rules
from patients.red_flags.flag_words import words_of_flag
from patients.red_flags.hearing import shipped_hearing_rules
from patients.selectors.escalations import EscalationQuery, rule_lines, said_in, source_of
from tests.factories.patients import Ward, make_alert, make_patient

CLOT = "my left calf is swollen and hot since last night"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def at(name: str, *args: object) -> str:
    return reverse(f"patients:{name}", args=["north", *args])


def queue(ward: Ward, **asked: str) -> selectors.queue_of:
    query = EscalationQuery.of(**{"show": "", "severity": "", "source": "", **asked})
    return selectors.queue_of(ward.people.nora, query)


class TestWhoSees:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("nora", 200), ("ash", 200), ("ola", 200), ("ada", 200), ("paul", 403), ("sam", 404)],
    )
    def test_the_queue(self, ward: Ward, sign_in, who: str, status: int) -> None:
        make_alert(ward.paul, headline="Growing weakness")
        answer = sign_in(getattr(ward.people, who)).get(at("escalations"))
        assert answer.status_code == status
        assert (b"Ellsworth" in answer.content) == (who in ("nora", "ash"))

    def test_an_admin_sees_numbers_and_no_words(self, ward: Ward, sign_in, at_north: Ward) -> None:
        services.stop_exercising(ward.paul, ticked=["faint"], words="all went dark")
        page = sign_in(ward.people.ada).get(at("escalations"))
        assert [(row.severity, row.raised, row.open) for row in page.context["times"]] == [
            ("Emergency", 1, 1)
        ]
        assert b"all went dark" not in page.content

    def test_a_colleague_gets_no_numbers_of_other_peoples_patients(
        self, ward: Ward, sign_in, at_north: Ward
    ) -> None:
        make_alert(ward.paul)
        assert sign_in(ward.people.ola).get(at("escalations")).context["times"] == ()

    def test_the_file_holds_ones_own_patients_only(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = make_alert(ward.paul)
        services.close_alert(alert, by=ward.people.nora, outcome="=1+1")
        file = sign_in(ward.people.nora).get(at("escalations_csv")).content.decode()
        assert "Ellsworth" in file
        assert "'=1+1" in file
        assert ",=1+1" not in file
        assert "Ellsworth" not in sign_in(ward.people.ola).get(at("escalations_csv")).content.decode()
        assert sign_in(ward.people.paul).get(at("escalations_csv")).status_code == 403
        assert AuditEvent.objects.filter(action="export", patients=[ward.paul.pk]).count() == 1

    def test_the_navigation_counts(self, ward: Ward, sign_in) -> None:
        make_alert(ward.paul)
        page = sign_in(ward.people.nora).get(at("new_patient")).content.decode()
        assert '<span class="count count--urgent">1' in page
        assert "count--urgent" not in sign_in(ward.people.ola).get(at("new_patient")).content.decode()


class TestOrder:
    def test_the_worst_and_then_the_oldest_first(self, at_north: Ward) -> None:
        for severity in ("tell_therapist", "same_day", "emergency", "emergency"):
            make_alert(at_north.paul, severity=severity)
        rows = [row.alert for row in queue(at_north).rows]
        assert [row.severity for row in rows] == ["emergency", "emergency", "same_day", "tell_therapist"]
        assert rows[0].raised_at < rows[1].raised_at

    def test_filters(self, at_north: Ward) -> None:
        people = at_north.people
        seen, closed = make_alert(at_north.paul), make_alert(at_north.petra)
        services.acknowledge_alert(seen, by=people.nora)
        services.close_alert(closed, by=people.nora, outcome="Called.")
        heard = services.hear_patient(at_north.paul, [CLOT], origin=services.Origin("assistant")).alert
        assert [row.alert for row in queue(at_north, show="new").rows] == [heard]
        assert [row.alert for row in queue(at_north, show="seen").rows] == [seen]
        assert [row.alert for row in queue(at_north, show="closed").rows] == [closed]
        assert [row.alert for row in queue(at_north, severity="same_day").rows] == [seen]
        assert [row.alert for row in queue(at_north, source="assistant").rows] == [heard]
        assert len(queue(at_north, show="x", severity="'; drop", source="y").rows) == 2

    def test_what_was_closed_long_ago_is_gone(self, at_north: Ward) -> None:
        services.close_alert(make_alert(at_north.paul), by=at_north.people.nora, outcome="Called.")
        Alert.objects.update(closed_at=NOON - timedelta(days=400))
        assert queue(at_north, show="closed").rows == ()

    def test_the_same_number_of_queries_for_one_row_and_three(self, ward: Ward, sign_in) -> None:
        nora = sign_in(ward.people.nora)
        make_alert(ward.paul)
        nora.get(at("escalations"))
        with CaptureQueriesContext(connection) as few:
            nora.get(at("escalations"))
        for _ in range(2):
            make_alert(make_patient(ward.people.north, care_team=[ward.people.nora]))
        with CaptureQueriesContext(connection) as many:
            assert len(nora.get(at("escalations")).context["queue"].rows) == 3
        assert len(many) == len(few)

    def test_the_list_is_audited_with_each_patient(self, at_north: Ward) -> None:
        make_alert(at_north.paul)
        queue(at_north)
        assert AuditEvent.objects.filter(action="list", patients=[at_north.paul.pk]).exists()


class TestFromTheQueue:
    def test_seen_and_back_to_the_same_filters(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = make_alert(ward.paul)
        sent = {"show": "new", "severity": "same_day", "source": "x"}
        answer = sign_in(ward.people.ash).post(at("acknowledge_alert", alert.ref), sent)
        assert answer["Location"] == at("escalations") + "?show=new&severity=same_day&source="
        alert.refresh_from_db()
        assert alert.acknowledged_by == ward.people.ash

    def test_closed_from_the_queue(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = make_alert(ward.paul)
        sent = {"show": "open", "outcome": "Called. Fine."}
        answer = sign_in(ward.people.nora).post(at("close_alert", alert.ref), sent, follow=True)
        assert answer.redirect_chain[-1][0].startswith(at("escalations"))
        alert.refresh_from_db()
        assert (alert.state, alert.outcome) == ("closed", "Called. Fine.")

    def test_a_closed_alert_is_not_closed_again(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = make_alert(ward.paul)
        services.close_alert(alert, by=ward.people.nora, outcome="Called.")
        answer = sign_in(ward.people.nora).post(at("close_alert", alert.ref), {"outcome": "Again."})
        assert answer.status_code == 409


class TestAlertPage:
    def test_it_shows_the_words_and_the_rule(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = services.hear_patient(at_north.paul, [CLOT], origin=services.Origin("message")).alert
        page = sign_in(ward.people.nora).get(at("alert", alert.ref)).content.decode()
        assert "<mark>calf</mark>" in page
        assert "Blood clot in a leg or a lung" in page
        assert alert.answers["heard"][0]["rule"] in page
        assert "Stop now. Call 999." in page

    def test_markup_in_words_stays_words(self, ward: Ward, sign_in, at_north: Ward) -> None:
        words = "<script>alert(1)</script> " + CLOT
        alert = services.hear_patient(at_north.paul, [words], origin=services.Origin("message")).alert
        page = sign_in(ward.people.nora).get(at("alert", alert.ref)).content
        assert b"<script>alert(1)" not in page

    def test_the_minutes_to_acknowledge(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = make_alert(ward.paul)
        Alert.objects.update(
            raised_at=NOON, acknowledged_at=NOON + timedelta(minutes=7), acknowledged_by=ward.people.ash
        )
        page = sign_in(ward.people.nora).get(at("alert", alert.ref)).content.decode()
        assert "7 minutes after it was raised" in page

    @pytest.mark.parametrize(
        ("who", "status"),
        [("nora", 302), ("ash", 302), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404)],
    )
    def test_who_answers_the_patient(
        self, ward: Ward, sign_in, at_north: Ward, who: str, status: int
    ) -> None:
        alert = make_alert(ward.paul)
        answer = sign_in(getattr(ward.people, who)).post(at("answer_alert", alert.ref), {"body": "Rest now."})
        assert answer.status_code == status
        assert Message.objects.count() == (1 if status == 302 else 0)

    def test_an_answer_is_a_message_and_says_seen(self, ward: Ward, sign_in, at_north: Ward) -> None:
        alert = make_alert(ward.paul)
        sign_in(ward.people.nora).post(at("answer_alert", alert.ref), {"body": "Rest now."})
        message = Message.objects.get()
        assert (message.body, message.about_ref, message.from_patient) == ("Rest now.", alert.ref, False)
        alert.refresh_from_db()
        assert alert.acknowledged_by == ward.people.nora
        assert b"Rest now." in sign_in(ward.people.paul).get(at("today")).content

    @pytest.mark.parametrize("body", ["", "  ", "x" * 4001])
    def test_a_bad_answer_changes_nothing(self, ward: Ward, sign_in, at_north: Ward, body: str) -> None:
        alert = make_alert(ward.paul)
        answer = sign_in(ward.people.nora).post(at("answer_alert", alert.ref), {"body": body})
        assert answer.status_code == 400
        alert.refresh_from_db()
        assert alert.state == "open"

    @pytest.mark.parametrize("is_there", [True, False])
    def test_it_answers_in_the_conversation(
        self, at_north: Ward, monkeypatch: pytest.MonkeyPatch, is_there: bool
    ) -> None:
        written: list[tuple[UUID, str]] = []

        def write(patient: object, ref: UUID, by: object, body: str) -> bool:
            written.append((ref, body))
            return is_there

        monkeypatch.setattr(conversations, "_registered", [])
        conversations.register(address=lambda slug, ref: f"/{slug}/{ref}", answer_in_thread=write)
        origin = services.Origin("assistant", conversation_ref=uuid4())
        alert = services.hear_patient(at_north.paul, [CLOT], origin=origin).alert
        services.answer_alert(alert, by=at_north.people.nora, body="Rest now.")
        assert written == [(origin.conversation_ref, "Rest now.")]
        assert Message.objects.count() == (0 if is_there else 1)
        assert conversations.conversation_address("north", origin.conversation_ref) != ""


class TestWords:
    def test_every_flag_and_rule_has_plain_words_and_a_question(self) -> None:
        ids = [*shipped_hearing_rules().flags, *(rule.id for rule in shipped_rules().rules)]
        assert [name for name in ids if not words_of_flag(name).ask] == []

    def test_an_unknown_rule_is_called_by_its_id(self) -> None:
        assert words_of_flag("new_rule").name == "New rule"

    def test_marks_that_overlap_or_lie_outside_are_drawn_once(self) -> None:
        alert = Alert(
            answers={"said": [{"words": "hot calf", "marks": [[4, 8], [0, 3], [1, 99], [-5, 2], [8, 4]]}]}
        )
        pieces = said_in(alert)[0]
        assert "".join(piece.words for piece in pieces) == "hot calf"
        assert all(piece.is_heard for piece in pieces)

    def test_the_second_reader_is_named(self) -> None:
        kept = {"flag": "cardiac", "severity": "emergency", "rule": "reader", "version": 1, "by": "reader"}
        alert = Alert(rule_id="cardiac", rule_version=1, severity="emergency")
        alert.answers = {"rules": [{"id": "cardiac", "version": 1}], "heard": [kept]}
        assert rule_lines(alert)[0].by == "second reader"

    @pytest.mark.parametrize(
        ("answers", "source"),
        [({"ticked": []}, "stop"), ({"value": 7}, "pain"), ({}, "other"), ({"source": "message"}, "message")],
    )
    def test_where_an_alert_came_from(self, answers: dict[str, object], source: str) -> None:
        assert source_of(Alert(answers=answers, rule_id="x")) == source


class TestClock:
    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (11_100, "3 h 5 min"),
         (86_400, "1 day"), (187_200, "2 days 4 h")],
    )  # fmt: skip
    def test_time_in_words(self, seconds: float, words: str) -> None:
        assert say_time(seconds) == words

    def test_late_and_not_late(self) -> None:
        assert [say_left(725), say_left(-200)] == ["12 min left", "overdue by 3 min"]

    @pytest.mark.parametrize(
        ("minutes", "level"), [(1, "not-scored"), (11, "not-scored"), (12, "mild"), (16, "significant")]
    )
    def test_it_runs_until_it_is_overdue(self, minutes: int, level: str) -> None:
        alert = Alert(raised_at=NOON, due_at=NOON + timedelta(minutes=15))
        clock = clock_of(alert, now=NOON + timedelta(minutes=minutes))
        assert (clock.is_running, clock.level) == (True, level)

    def test_it_stops_when_somebody_has_seen_it(self) -> None:
        seen = NOON + timedelta(minutes=4)
        alert = Alert(raised_at=NOON, due_at=NOON + timedelta(minutes=15), acknowledged_at=seen)
        clock = clock_of(alert, now=NOON + timedelta(days=2))
        assert (clock.is_running, clock.words) == (False, "seen after 4 min")

    def test_the_caseload_shows_the_clock_of_the_most_urgent(self, ward: Ward, sign_in) -> None:
        make_alert(ward.paul, severity="tell_therapist")
        make_alert(ward.paul, severity="emergency")
        page = sign_in(ward.people.nora).get(at("caseload"))
        clocks = {row.patient.pk: row.clock for row, _ in page.context["rows"]}
        assert clocks[ward.paul.pk].words.startswith("14 min")
        assert b"<pl-clock" in page.content
