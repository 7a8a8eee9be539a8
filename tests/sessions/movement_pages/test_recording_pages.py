"""A recording's page, its bouts and its samples: what they show, and who gets them."""

import json
import re

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent
from clinic.pace import Pace
from clinic.tenancy.scope import clinic_scope
from sessions.models import Job, Recording, WalkingBout
from sessions.motion_files import motion_storage
from sessions.views import movement_recording_pages
from tests.sessions.movement_pages.episode import make_recording, make_timed_test


def address(recording, rest=""):
    return f"/c/north/recordings/{recording.ref}/{rest}"


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def audited(patient, action, purpose):
    with clinic_scope(patient.clinic_id):
        events = AuditEvent.objects.filter(action=action, patients__contains=[patient.pk], purpose=purpose)
        return events.count()


def test_a_recording_says_what_it_is_and_what_was_put_right(floor, signed_in):
    recording = make_recording(floor.paul, bouts=2, note="with a stick")
    page = signed_in(floor.people.nora).get(address(recording))
    text = text_of(page)
    for words in ("Walk", "Lower back", "1.70 m", "100 a second", "A gap of 0.4 s was left as it is."):
        assert words in text
    assert len(page.context["bouts"]) == 2
    assert "withheld" in text
    assert page.context["signal"]["steps"]
    assert audited(floor.paul, "view", "recording") == 1


@pytest.mark.parametrize(
    ("sort", "first"), [("", "1,"), ("fastest", "3,"), ("slowest", "1,"), ("; drop", "1,"), ("longest", "1,")]
)
def test_bouts_can_be_sorted(floor, signed_in, sort, first):
    recording = make_recording(floor.paul, bouts=3)
    page = signed_in(floor.people.nora).get(address(recording), {"sort": sort})
    assert page.context["bouts"][0]["name"].startswith(first)


def test_a_failed_recording_says_why_and_can_be_analysed_again(floor, signed_in):
    recording = make_recording(floor.paul, bouts=0, state="failed", failure="The sensor lay still.")
    browser = signed_in(floor.people.nora)
    page = browser.get(address(recording))
    assert "The sensor lay still." in text_of(page)
    assert "Nothing is lost" in text_of(page)
    assert browser.post(address(recording, "analyse/")).status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        assert Job.objects.get().kind == "motion"
        assert Recording.objects.get(pk=recording.pk).state == "waiting"


def test_a_recording_that_waits_asks_again_by_itself(floor, signed_in):
    recording = make_recording(floor.paul, bouts=0, state="analysing")
    page = signed_in(floor.people.nora).get(address(recording))
    assert b"every 10s" in page.content
    assert page.context["signal"] is None


def test_a_timed_test_shows_its_phases_and_norm(floor, signed_in):
    test = make_timed_test(floor.paul)
    page = signed_in(floor.people.nora).get(address(test.recording))
    text = text_of(page)
    assert "Standing up" in text
    assert "usual for people of 60–69" in text
    assert page.context["signal"]["phases"][0]["name"] == "Standing up"


def test_a_withheld_test_says_why(floor, signed_in):
    test = make_timed_test(floor.paul, value=None)
    assert "Nobody stood up in this recording." in text_of(
        signed_in(floor.people.nora).get(address(test.recording))
    )


def test_neighbours_are_linked_by_time(floor, signed_in):
    third, second, first = (make_recording(floor.paul, days_ago=back, bouts=0) for back in range(3))
    view = signed_in(floor.people.nora).get(address(second)).context["view"]
    assert (view.previous.ref, view.following.ref) == (first.ref, third.ref)


def test_a_bout_shows_each_measure_with_its_band_or_the_reason(floor, signed_in):
    recording = make_recording(floor.paul)
    page = signed_in(floor.people.nora).get(address(recording, "bouts/0/"))
    text = text_of(page)
    assert "0.96 m/s" in text and "0.88–1.04 m/s" in text
    assert "The walk was too short for a length." in text
    assert "There was a turn in it." in text
    config = page.context["signal"]
    assert config["steps"][0][1] in ("left", "right")
    assert config["start_s"] < config["end_s"] <= config["most_s"]
    assert audited(floor.paul, "view", "bout") == 1


def test_a_bout_that_is_none_is_not_found(floor, signed_in):
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.nora)
    for index in ("1", "99999", "-1", "x", "9" * 40):
        assert browser.get(address(recording, f"bouts/{index}/")).status_code == 404


def test_the_signal_is_thinned_without_losing_peaks(floor, signed_in):
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.nora)
    coarse = browser.get(address(recording, "signal/"), {"start": 5, "end": 25, "points": 100}).json()
    fine = browser.get(address(recording, "signal/"), {"start": 5, "end": 25, "points": 4000}).json()
    assert coarse["coarse"] and not fine["coarse"]
    assert len(coarse["t_s"]) == 100
    assert coarse["t_s"] == sorted(coarse["t_s"])
    assert len(fine["t_s"]) == pytest.approx(2000, abs=2)
    for axis in range(3):
        assert max(coarse["acceleration_m_s2"][axis]) == max(fine["acceleration_m_s2"][axis])
        assert min(coarse["acceleration_m_s2"][axis]) == min(fine["acceleration_m_s2"][axis])
    assert 5 <= fine["t_s"][0] < fine["t_s"][-1] <= 25


ODD = [
    {"start": "NaN"},
    {"start": "inf"},
    {"start": "-inf", "end": "1"},
    {"start": "1e999"},
    {"start": "9" * 400},
    {"start": "5", "end": "5"},
    {"start": "9", "end": "1"},
    {"start": "' or 1=1"},
    {"end": "\x00"},
]


@pytest.mark.parametrize("query", ODD)
@pytest.mark.parametrize("page", ["signal/", "data.csv"])
def test_odd_times_are_refused_in_words(floor, signed_in, query, page):
    recording = make_recording(floor.paul)
    assert signed_in(floor.people.nora).get(address(recording, page), query).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"points": "NaN"},
        {"points": "-5"},
        {"points": "9" * 30},
        {"points": "0"},
        {"start": "-50"},
        {"start": "100000", "end": "100001"},
        {"end": "9999999"},
        {"sensor": "99"},
        {"sensor": "-1"},
    ],
)
def test_odd_but_harmless_questions_get_an_answer_within_limits(floor, signed_in, query):
    recording = make_recording(floor.paul)
    answer = signed_in(floor.people.nora).get(address(recording, "signal/"), query)
    assert answer.status_code == 200
    assert len(answer.json()["t_s"]) <= 4002
    json.loads(answer.content)


def test_a_recording_without_samples_says_so_and_keeps_its_measures(floor, signed_in):
    recording = make_recording(floor.paul, with_file=False)
    browser = signed_in(floor.people.nora)
    page = browser.get(address(recording, "bouts/0/"))
    assert "not kept any more" in text_of(page)
    assert browser.get(address(recording, "signal/")).status_code == 404
    assert browser.get(address(recording, "data.parquet")).status_code == 404


def test_a_file_that_is_damaged_is_not_found_rather_than_a_crash(floor, signed_in):
    recording = make_recording(floor.paul)
    with motion_storage().open(recording.file_key, "wb") as file:
        file.write(b"nothing that anybody could read")
    browser = signed_in(floor.people.nora)
    assert browser.get(address(recording, "signal/")).status_code == 404
    assert browser.get(address(recording, "data.csv")).status_code == 404


@pytest.mark.parametrize(
    ("page", "pace"), [("signal/", "SIGNAL_PACE"), ("data.csv", "DATA_PACE"), ("data.parquet", "DATA_PACE")]
)
def test_asking_for_samples_has_a_pace(floor, signed_in, monkeypatch, page, pace):
    cache.clear()
    monkeypatch.setattr(movement_recording_pages, pace, Pace(most=2, in_s=60))
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.nora)
    assert [browser.get(address(recording, page)).status_code for _ in range(3)] == [200, 200, 429]
    cache.clear()


async def received(answer):
    return b"".join([part async for part in answer.streaming_content])


def test_samples_can_be_taken_along_as_they_are(floor, signed_in):
    import io

    import pyarrow.parquet as pq

    recording = make_recording(floor.paul)
    answer = signed_in(floor.people.nora).get(address(recording, "data.parquet"))
    content = async_to_sync(received)(answer)
    assert len(content) == recording.file_bytes
    assert pq.read_table(io.BytesIO(content)).num_rows == recording.sample_count
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="recording-{recording.ref}.parquet"'
    )
    assert audited(floor.paul, "export", "parquet") == 1


def test_a_bout_can_be_taken_along_as_csv(floor, signed_in):
    recording = make_recording(floor.paul)
    answer = signed_in(floor.people.nora).get(address(recording, "data.csv"), {"start": "5", "end": "7"})
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("sensor,t_s,ax_m_s2")
    assert len(lines) == pytest.approx(202, abs=2)
    assert audited(floor.paul, "export", "csv") == 1


def test_a_day_is_too_long_for_csv(floor, signed_in):
    recording = make_recording(floor.paul)
    refused = signed_in(floor.people.nora).get(address(recording, "data.csv"), {"start": "0", "end": "80000"})
    assert refused.status_code == 400
    assert "CSV holds up to an hour" in text_of(refused)


@pytest.mark.parametrize("name", ["data.xlsx", "data.exe"])
def test_other_formats_are_refused(floor, signed_in, name):
    recording = make_recording(floor.paul)
    assert signed_in(floor.people.nora).get(address(recording, name)).status_code == 400


def test_a_note_is_kept(floor, signed_in):
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.nora)
    assert browser.post(address(recording, "note/"), {"note": "  new   shoes "}).status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        assert Recording.objects.get(pk=recording.pk).note == "new shoes"
    assert audited(floor.paul, "change", "note") == 1


def test_a_note_that_is_too_long_is_refused_beside_its_field(floor, signed_in):
    recording = make_recording(floor.paul)
    refused = signed_in(floor.people.nora).post(address(recording, "note/"), {"note": "x" * 201})
    assert refused.status_code == 400
    assert b"A note has at most 200 letters." in refused.content
    assert refused.context["note_value"] == "x" * 201


def test_a_recording_is_deleted_with_what_came_from_it(floor, signed_in):
    recording = make_recording(floor.paul, bouts=2)
    browser = signed_in(floor.people.nora)
    refused = browser.post(address(recording, "delete/"), {"reason": "  "})
    assert refused.status_code == 400
    done = browser.post(address(recording, "delete/"), {"reason": "The wrong person wore it."})
    assert done.headers["Location"] == f"/c/north/patients/{floor.paul.ref}/movement/"
    with clinic_scope(floor.paul.clinic_id):
        assert not Recording.objects.filter(pk=recording.pk).exists()
        assert not WalkingBout.objects.filter(patient=floor.paul).exists()


LOOKS = ["", "bouts/0/", "signal/", "data.parquet", "data.csv"]
WRITES = {"note/": {"note": "x"}, "analyse/": {}, "delete/": {"reason": "x"}}


@pytest.mark.parametrize("page", LOOKS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("ola", 403), ("ada", 403), ("paul", 403), ("petra", 403), ("sam", 404)],
)
def test_the_care_team_decides_who_looks(floor, signed_in, page, who, status):
    recording = make_recording(floor.paul)
    assert signed_in(getattr(floor.people, who)).get(address(recording, page)).status_code == status


@pytest.mark.parametrize("page", WRITES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 302), ("ola", 403), ("ada", 403), ("paul", 403), ("petra", 403), ("sam", 404)],
)
def test_the_care_team_decides_who_changes(floor, signed_in, page, who, status):
    recording = make_recording(floor.paul)
    answer = signed_in(getattr(floor.people, who)).post(address(recording, page), WRITES[page])
    assert answer.status_code == status
    if status != 302:
        with clinic_scope(floor.paul.clinic_id):
            assert Recording.objects.get(pk=recording.pk).note == ""


def test_an_assistant_may_note_but_not_delete(floor, signed_in):
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.ash)
    assert browser.post(address(recording, "note/"), {"note": "new shoes"}).status_code == 302
    assert browser.post(address(recording, "delete/"), {"reason": "x"}).status_code == 403
    assert b"Delete this recording" not in browser.get(address(recording)).content


@pytest.mark.parametrize("page", LOOKS)
def test_another_clinics_recording_is_not_found(floor, signed_in, page):
    recording = make_recording(floor.sid)
    assert signed_in(floor.people.nora).get(address(recording, page)).status_code == 404


def test_a_cameras_recording_is_not_opened_here(floor, signed_in):
    with clinic_scope(floor.paul.clinic_id):
        recording = Recording.objects.create(patient=floor.paul, modality="pose", source="camera")
    assert signed_in(floor.people.nora).get(address(recording)).status_code == 404


@pytest.fixture(autouse=True)
def unhurried():
    """What other tests have asked for does not count here."""
    cache.clear()


def queries_of(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_the_bouts(floor, signed_in):
    browser = signed_in(floor.people.nora)
    one = make_recording(floor.paul, bouts=1, days_ago=2)
    three = make_recording(floor.paul, bouts=3, days_ago=2)
    assert queries_of(browser, address(one)) == queries_of(browser, address(three))


def test_samples_asked_for_without_the_page_are_audited_once(floor, signed_in):
    cache.clear()
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.nora)
    for _ in range(3):
        assert browser.get(address(recording, "signal/"), {"start": 5, "end": 25}).status_code == 200
    assert audited(floor.paul, "view", "signal") == 1


@pytest.mark.parametrize("modality", ["lab", "health"])
def test_what_may_name_its_subject_is_not_given_out_again(floor, signed_in, modality):
    recording = make_recording(floor.paul)
    with clinic_scope(floor.paul.clinic_id):
        Recording.objects.filter(pk=recording.pk).update(modality=modality)
    browser = signed_in(floor.people.nora)
    assert [browser.get(address(recording, f"data.{one}")).status_code for one in ("parquet", "csv")] == [
        404,
        404,
    ]
    assert b"Samples as" not in browser.get(address(recording)).content


def test_analyses_are_paced(floor, signed_in):
    cache.clear()
    recording = make_recording(floor.paul)
    browser = signed_in(floor.people.nora)
    answers = [browser.post(address(recording, "analyse/")).status_code for _ in range(61)]
    assert (answers[0], answers[-1]) == (302, 429)
