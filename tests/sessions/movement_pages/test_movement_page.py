"""The Movement page: what it answers, who may open it, and that odd questions do it no harm."""

import csv
import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from sessions.models import MovementMeasure, Recording
from tests.sessions.movement_pages.episode import (
    make_course,
    make_movement_alarm,
    make_recording,
    make_timed_test,
    set_surgery,
)


def address(patient, rest=""):
    return f"/c/north/patients/{patient.ref}/movement/{rest}"


def audited(patient, action, purpose):
    with clinic_scope(patient.clinic_id):
        events = AuditEvent.objects.filter(action=action, patients__contains=[patient.pk], purpose=purpose)
        return events.count()


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_page_answers_whether_somebody_is_getting_better(floor, signed_in):
    make_course(floor.paul)
    page = signed_in(floor.people.nora).get(address(floor.paul))
    assert page.status_code == 200
    answer = page.context["answer"]
    assert answer.verdict == "better"
    assert answer.sentence.startswith("Walking speed 1.0")
    assert "reaches the important change (0.10)" in answer.sentence
    assert audited(floor.paul, "view", "movement") == 1


def test_every_day_is_in_the_table_and_in_the_drawing_without_scripts(floor, signed_in):
    make_course(floor.paul, days=20)
    page = signed_in(floor.people.nora).get(address(floor.paul))
    chart = page.context["charts"][0]
    assert len(chart["rows"]) == len(chart["drawing"].marks) == 20
    assert page.content.count(b"trend-svg__level") == 6


def test_changes_are_named_with_their_yardsticks_and_sources(floor, signed_in):
    make_course(floor.paul, days=20)
    text = text_of(signed_in(floor.people.nora).get(address(floor.paul)))
    assert "Minimal detectable change ± 0.18" in text
    assert "Minimal important change 0.10" in text
    assert "Bohannon and Glenney 2014" in text


def test_an_alarm_stands_on_top_with_its_reason_and_leads_to_its_alert(floor, signed_in):
    make_course(floor.paul, drop_from=4)
    alarm, alert = make_movement_alarm(floor.paul)
    page = signed_in(floor.people.nora).get(address(floor.paul))
    text = text_of(page)
    assert alarm.reason in text
    assert "Another shoe was noted on that day." in text
    assert f"/c/north/alerts/{alert.ref}/" in page.content.decode()
    assert page.context["config"]["charts"][0]["alarms"][0]["words"] == alarm.reason
    assert page.context["past_alarms"] == []


def test_an_answered_alarm_is_folded_away(floor, signed_in):
    make_course(floor.paul)
    _, alert = make_movement_alarm(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        from patients.services import close_alert

        close_alert(alert, by=floor.people.nora, outcome="Called; new shoes.")
    page = signed_in(floor.people.nora).get(address(floor.paul))
    assert page.context["open_alarms"] == []
    assert len(page.context["past_alarms"]) == 1


def test_without_data_the_page_says_how_to_get_some(floor, signed_in):
    page = signed_in(floor.people.nora).get(address(floor.paul))
    text = text_of(page)
    assert "Nothing measured yet" in text
    assert "Enter the height first" in text
    assert page.context["answer"] is None


def test_with_few_days_it_is_too_early_to_say(floor, signed_in):
    make_course(floor.paul, days=3)
    page = signed_in(floor.people.nora).get(address(floor.paul))
    assert page.context["answer"].verdict == "early"
    assert "was measured on 3 days. A trend needs at least 5 days" in text_of(page)


def test_two_weeks_lie_side_by_side_from_the_second_week_after_surgery(floor, signed_in):
    make_course(floor.paul)
    set_surgery(floor.paul, days_ago=52)
    comparison = signed_in(floor.people.nora).get(address(floor.paul)).context["comparison"]
    assert "(surgery + 2)" in comparison.then.words
    assert comparison.now.words in ("This week", comparison.choices[0].words)
    speed = comparison.rows[0]
    assert speed.difference > 0.1
    assert "measurement error" in speed.difference_words


def test_other_weeks_can_be_asked_for(floor, signed_in):
    make_course(floor.paul)
    browser = signed_in(floor.people.nora)
    weeks = browser.get(address(floor.paul)).context["comparison"].choices
    asked = {"week": weeks[1].monday.isoformat(), "with": weeks[4].monday.isoformat()}
    comparison = browser.get(address(floor.paul), asked).context["comparison"]
    assert (comparison.now, comparison.then) == (weeks[1], weeks[4])


GARBAGE = [
    {"weeks": "NaN"},
    {"weeks": "-4"},
    {"weeks": "9" * 4000},
    {"weeks": "٤"},
    {"week": "2026-13-45", "with": "0000-00-00"},
    {"week": "9999-12-31", "with": "0001-01-01"},
    {"week": "x" * 5000},
    {"week": "2026-W47-1", "with": "\x00"},
    {"recordings": "<script>", "sort": "'; drop table"},
]


@pytest.mark.parametrize("query", GARBAGE)
@pytest.mark.parametrize("rest", ["", "print/", "export.csv"])
def test_odd_questions_get_the_usual_page(floor, signed_in, query, rest):
    make_course(floor.paul, days=16)
    assert signed_in(floor.people.nora).get(address(floor.paul, rest), query).status_code == 200


@pytest.mark.parametrize("weeks", ["2", "4", "8", "all"])
def test_the_weeks_asked_for_are_shown(floor, signed_in, weeks):
    make_course(floor.paul, days=70)
    page = signed_in(floor.people.nora).get(address(floor.paul), {"weeks": weeks})
    rows = len(page.context["charts"][0]["rows"])
    assert rows == (70 if weeks == "all" else int(weeks) * 7)
    assert [link["is_shown"] for link in page.context["week_links"]].count(True) == 1


PAGES = ["", "print/", "export.csv", "days/2026-11-02/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("ola", 403), ("ada", 403), ("paul", 403), ("petra", 403), ("sam", 404)],
)
def test_the_care_team_decides(floor, signed_in, page, who, status):
    make_course(floor.paul, days=10)
    assert signed_in(getattr(floor.people, who)).get(address(floor.paul, page)).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_another_clinics_patient_is_not_found(floor, signed_in, page):
    make_course(floor.sid, days=10)
    assert signed_in(floor.people.nora).get(address(floor.sid, page)).status_code == 404


def test_an_admin_on_the_care_team_may_look(floor, signed_in):
    from patients.models import CareTeamMember

    with clinic_scope(floor.paul.clinic_id):
        CareTeamMember.objects.create(patient=floor.paul, membership=floor.people.ada)
    assert signed_in(floor.people.ada).get(address(floor.paul)).status_code == 200


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "0", "2026-11-2", "9" * 300, "%00", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(floor, signed_in, day):
    assert signed_in(floor.people.nora).get(address(floor.paul, f"days/{day}/")).status_code == 404


@pytest.mark.parametrize("day", ["1900-01-01", "2100-12-31", "2026-02-28"])
def test_a_day_without_data_says_so(floor, signed_in, day):
    page = signed_in(floor.people.nora).get(address(floor.paul, f"days/{day}/"))
    assert page.status_code == 200
    assert "No sensor was worn" in text_of(page)


def test_a_day_lists_its_bouts_and_measures(floor, signed_in):
    make_course(floor.paul, days=5)
    recording = make_recording(floor.paul, bouts=3)
    with clinic_scope(floor.paul.clinic_id):
        day = MovementMeasure.objects.latest("day").day.isoformat()
    page = signed_in(floor.people.nora).get(address(floor.paul, f"days/{day}/"))
    assert len(page.context["bouts"]) == 3
    assert f"/c/north/recordings/{recording.ref}/bouts/2/" in page.content.decode()
    assert page.context["measures"][0]["name"] == "Walking speed"
    assert page.context["previous"] and not page.context["following"]
    assert audited(floor.paul, "view", "movement day") == 1


def test_the_export_holds_every_value_and_is_audited(floor, signed_in):
    make_course(floor.paul, days=12)
    answer = signed_in(floor.people.nora).get(address(floor.paul, "export.csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 12 * 6
    assert rows[0]["code"] == "walking_speed_m_s"
    assert float(rows[0]["low"]) < float(rows[0]["value"]) < float(rows[0]["high"])
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Paul" not in answer.headers["Content-Disposition"]
    assert audited(floor.paul, "export", "movement") == 1


def test_printing_is_audited(floor, signed_in):
    make_course(floor.paul, days=12)
    page = signed_in(floor.people.nora).get(address(floor.paul, "print/"), {"weeks": "4"})
    assert len(page.context["charts"]) == 6
    assert audited(floor.paul, "print", "movement") == 1


def test_timed_tests_stand_with_their_norm(floor, signed_in):
    make_course(floor.paul, days=12)
    make_timed_test(floor.paul)
    make_timed_test(floor.paul, kind="chair_stand_30s", value=None)
    text = text_of(signed_in(floor.people.nora).get(address(floor.paul)))
    assert "11.2 s" in text
    assert "Slower than average for people of 60–69 (Bohannon 2006)" in text
    assert "Nobody stood up in this recording." in text


def test_notes_and_devices_are_told(floor, signed_in):
    make_course(floor.paul, days=12)
    make_recording(floor.paul, note="with a stick")
    text = text_of(signed_in(floor.people.nora).get(address(floor.paul)))
    assert "with a stick" in text
    assert "Lower back" in text


def test_simulated_data_are_marked(floor, signed_in):
    make_course(floor.paul, days=12)
    with clinic_scope(floor.paul.clinic_id):
        MovementMeasure.objects.update(origin="simulated")
    page = signed_in(floor.people.nora).get(address(floor.paul))
    assert b'class="chip chip--simulated">Simulated' in page.content


def test_what_somebody_noted_never_becomes_markup(floor, signed_in):
    make_course(floor.paul, days=12)
    make_recording(floor.paul, note="<img src=x onerror=alert(1)>", title="</script><b>")
    page = signed_in(floor.people.nora).get(address(floor.paul)).content
    assert b"<img src=x" not in page
    assert b"</script><b>" not in page


def queries_of(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def test_the_number_of_queries_does_not_grow(floor, signed_in):
    make_course(floor.paul, days=8)
    make_recording(floor.paul)
    make_movement_alarm(floor.paul)
    make_timed_test(floor.paul)
    browser = signed_in(floor.people.nora)
    one = queries_of(browser, address(floor.paul))
    with clinic_scope(floor.paul.clinic_id):
        MovementMeasure.objects.all().delete()
        from sessions.models import MovementDay

        MovementDay.objects.all().delete()
    make_course(floor.paul, days=40)
    for back in (1, 2):
        make_recording(floor.paul, days_ago=back)
        make_movement_alarm(floor.paul, days_ago=back)
        make_timed_test(floor.paul, days_ago=back)
    assert queries_of(browser, address(floor.paul)) == one


def test_the_panel_on_the_record_leads_to_the_page(floor, signed_in):
    make_course(floor.paul)
    record = signed_in(floor.people.nora).get(f"/c/north/patients/{floor.paul.ref}/")
    assert address(floor.paul) in record.content.decode()
    assert "Walking speed 1.0" in text_of(record)


def test_the_panel_without_data_says_what_will_appear(floor, signed_in):
    record = signed_in(floor.people.nora).get(f"/c/north/patients/{floor.paul.ref}/")
    assert "Walking speed and symmetry appear here" in text_of(record)


def test_the_settings_of_the_charts_are_plain_json(floor, signed_in):
    make_course(floor.paul, days=30)
    page = signed_in(floor.people.nora).get(address(floor.paul))
    found = re.search(
        rb'<script id="movement-config" type="application/json">(.*?)</script>', page.content, re.S
    )
    config = json.loads(found.group(1))
    assert [chart["code"] for chart in config["charts"]][:2] == ["walking_speed_m_s", "cadence_spm"]
    assert len(config["charts"][0]["points"]) == 30
    assert config["charts"][0]["points"][0]["url"] == address(
        floor.paul, f"days/{config['charts'][0]['points'][0]['day']}/"
    )


def test_an_empty_recording_does_not_break_the_page(floor, signed_in):
    with clinic_scope(floor.paul.clinic_id):
        Recording.objects.create(patient=floor.paul, modality="imu", source="phone", state="failed")
    assert signed_in(floor.people.nora).get(address(floor.paul)).status_code == 200


def test_the_alert_leads_to_the_page(floor, signed_in):
    from sessions.services.movement.trend_review import RULE_ID

    _, alert = make_movement_alarm(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        alert.rule_id = RULE_ID
        alert.save()
    page = signed_in(floor.people.nora).get(f"/c/north/alerts/{alert.ref}/")
    assert f'href="{address(floor.paul)}">See the movement' in page.content.decode()
