"""What a therapist sees of a session, and who does not."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients.models import AttentionReason, DaySummary, Message, TimelineEntry
from prescriptions.models import ExerciseResponse
from sessions import services
from sessions.codec import FRAME_BYTES
from sessions.models import ExerciseSet, Recording, Repetition, TherapySession
from sessions.motions import frames_of
from tests.factories.sessions import first_set, make_analysed_session, make_session, squats


def address(session, rest=""):
    return f"/c/north/sessions/{session.ref}/{rest}"


def audited(patient, action, purpose=None):
    with clinic_scope(patient.clinic_id):
        events = AuditEvent.objects.filter(action=action, patients__contains=[patient.pk])
        return events.filter(purpose=purpose).count() if purpose else events.count()


def test_the_review_shows_every_repetition_and_tells_the_trail(floor, signed_in):
    session = make_analysed_session(floor.paul)
    page = signed_in(floor.people.nora).get(address(session))
    assert page.status_code == 200
    assert page.content.count(b'class="state state--') >= 4
    config = page.context["config"]["sets"][0]
    assert len(config["repetitions"]) == 4
    assert config["curve"]["unit"] == "°"
    assert len(config["curve"]["t_s"]) == len(config["curve"]["primary_deg"]) > 100
    assert config["frames_url"] == address(session, f"sets/{first_set(session).ref}/motion/")
    assert audited(floor.paul, "view", "session review") == 1


def test_movements_that_were_not_counted_are_told_with_their_reason(floor, signed_in):
    session = make_analysed_session(floor.paul)
    half = {"start_s": 3.2, "findings": [{"code": "half_stand", "words": "You did not stand up fully."}]}
    with clinic_scope(session.clinic_id):
        one = first_set(session)
        one.result["uncounted"] = [half]
        one.save(update_fields=["result"])
    page = signed_in(floor.people.nora).get(address(session)).content.decode()
    assert "Not counted, at 3 s: You did not stand up fully." in page


def test_a_set_without_a_recording_still_shows_its_curve_and_repetitions(floor, signed_in):
    session = make_analysed_session(floor.paul)
    with clinic_scope(session.clinic_id):
        Recording.objects.update(frame_count=0)
    config = signed_in(floor.people.nora).get(address(session)).context["config"]["sets"][0]
    assert config["frames_url"] == ""
    assert len(config["curve"]["t_s"]) > 100
    assert len(config["repetitions"]) == 4


def test_the_caution_of_an_exercise_stands_beside_its_curve(floor, signed_in):
    session = make_analysed_session(floor.paul)
    review = signed_in(floor.people.nora).get(address(session)).context["review"].sets[0]
    assert review.caution in review.notes or not review.caution


def test_worst_and_best_lie_side_by_side(floor, signed_in):
    motion = squats(5, compensation="trunk_lean", severity=1.0, compensated=[4])
    session = make_analysed_session(floor.paul, motion)
    with clinic_scope(session.clinic_id):
        last = Repetition.objects.order_by("-index").first()
        last.classification, last.findings = (
            "significant",
            [{"severity": "significant", "words": "Lean", "code": "x"}],
        )
        last.save()
    config = signed_in(floor.people.nora).get(address(session)).context["config"]["sets"][0]
    assert config["worst"] == last.index
    assert config["best"] not in (None, last.index)


def test_the_record_differs_from_what_was_shown_and_says_so(floor, signed_in):
    session = make_analysed_session(floor.paul)
    with clinic_scope(session.clinic_id):
        ExerciseSet.objects.update(as_shown={"count": 3, "frames_skipped": 9})
    page = signed_in(floor.people.nora).get(address(session)).content
    assert b"the patient saw a count of 3, the whole recording holds 4" in page
    assert b"stored them all" in page


def test_a_comment_reaches_the_patient(floor, signed_in):
    session = make_analysed_session(floor.paul)
    sent = signed_in(floor.people.nora).post(
        address(session, "comment/"), {"body": "Nice and slow, well done."}
    )
    assert sent.status_code == 302
    with clinic_scope(session.clinic_id):
        assert Message.objects.get().about_ref == session.ref
    summary = signed_in(floor.people.paul).get(address(session, "summary/"))
    assert b"Nice and slow, well done." in summary.content


def test_an_empty_comment_is_refused_beside_its_field(floor, signed_in):
    session = make_analysed_session(floor.paul)
    refused = signed_in(floor.people.nora).post(address(session, "comment/"), {"body": "  "})
    assert refused.status_code == 400
    assert b"Write something first." in refused.content


def test_the_replay_gets_the_frames_as_received(floor, signed_in):
    session = make_analysed_session(floor.paul)
    path = address(session, f"sets/{first_set(session).ref}/motion/")
    answer = signed_in(floor.people.nora).get(path)
    assert answer.content[8:] == frames_of(squats())
    assert audited(floor.paul, "view", "replay") == 1


@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_an_export_is_audited(floor, signed_in, file_format):
    session = make_analysed_session(floor.paul)
    answer = signed_in(floor.people.nora).get(address(session, f"export.{file_format}"))
    assert f'filename="session-{session.ref}.{file_format}"' in answer.headers["Content-Disposition"]
    if file_format == "csv":
        assert len(answer.content.decode().strip().splitlines()) == 5
    else:
        assert len(json.loads(answer.content)["sets"][0]["repetitions"]) == 4
    assert audited(floor.paul, "export") == 1


def test_a_cell_that_begins_like_a_formula_stays_text():
    from sessions.selectors.export import safe_cell

    assert safe_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"


def test_sessions_before_and_after_are_linked(floor, signed_in):
    first, second, third = (make_analysed_session(floor.paul) for _ in range(3))
    review = signed_in(floor.people.nora).get(address(second)).context["review"]
    assert (review.previous.ref, review.following.ref) == (first.ref, third.ref)


PAGES = ["", "comment/", "watch/", "export.csv", "sets/{set}/motion/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("ola", 403), ("ada", 403), ("sam", 404), ("petra", 404), ("sid", 404)]
)
def test_strangers_get_nothing(floor, signed_in, page, who, status):
    session = make_analysed_session(floor.paul)
    path = address(session, page.format(set=first_set(session).ref))
    browser = signed_in(getattr(floor.people, who))
    answer = browser.post(path, {"body": "hello"}) if page == "comment/" else browser.get(path)
    # A patient may not even learn that a page is for therapists: 403 by role is as good as 404.
    assert answer.status_code in ({status, 403} if who == "petra" else {status})
    assert b"Ellsworth" not in answer.content
    assert str(first_set(session).ref).encode() not in answer.content
    with clinic_scope(session.clinic_id):
        assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "sessions/",
        "sessions/{ref}/",
        "sessions/{ref}/repetitions/",
        "sets/{set}/landmarks/",
        "sets/{set}/curve/",
    ],
)
def test_the_api_answers_the_care_team_only(floor, signed_in, client, path):
    session = make_analysed_session(floor.paul)
    path = "/c/north/api/" + path.format(ref=session.ref, set=first_set(session).ref)
    assert signed_in(floor.people.nora).get(path).status_code == 200
    assert client.get(path).status_code == 401
    for who, status in (("ola", 403), ("petra", 404), ("sam", 404)):
        answer = signed_in(getattr(floor.people, who)).get(path)
        if path.endswith("api/sessions/") and who != "sam":
            assert answer.json()["results"] == []
        else:
            assert answer.status_code == status


def test_landmarks_come_as_numbers_too(floor, signed_in):
    session = make_analysed_session(floor.paul)
    path = f"/c/north/api/sets/{first_set(session).ref}/landmarks/"
    browser = signed_in(floor.people.nora)
    whole = (len(browser.get(path).content) - 8) // FRAME_BYTES
    rows = browser.get(path, {"as": "json", "from": "10"}).json()
    assert len(rows["t_ms"]) == whole - 10
    assert len(rows["image"][0]) == 33


def test_a_session_tells_the_patients_record(floor):
    session = make_analysed_session(floor.paul)
    with clinic_scope(session.clinic_id):
        session.refresh_from_db()
        entry = TimelineEntry.objects.get(object_ref=session.ref)
        assert entry.summary.startswith("4 repetitions")
        assert DaySummary.objects.get().sessions_done == 1
        assert ExerciseResponse.objects.get().repetitions_done == 4
        services.reanalyse_set(first_set(session).pk, force=True)
        assert TimelineEntry.objects.filter(object_ref=session.ref).count() == 1
        assert DaySummary.objects.get().sessions_done == 1


def test_form_that_worsens_asks_for_attention_and_recovers(floor):
    def session_with(correct):
        session = make_analysed_session(floor.paul)
        with clinic_scope(session.clinic_id):
            Repetition.objects.filter(exercise_set__session=session).delete()
            one = first_set(session)
            Repetition.objects.bulk_create(
                Repetition(
                    exercise_set=one, index=i, side="both", start_s=i, peak_s=i, end_s=i + 1,
                    classification="correct" if i < correct else "significant",
                )
                for i in range(10)
            )  # fmt: skip
            services.settle_session(TherapySession.objects.get(pk=session.pk))

    for _ in range(3):
        session_with(9)
    with clinic_scope(floor.paul.clinic_id):
        assert not AttentionReason.objects.filter(code="form_worsening").exists()
    session_with(4)
    with clinic_scope(floor.paul.clinic_id):
        reason = AttentionReason.objects.get(code="form_worsening", resolved_at=None)
        assert reason.words == "form 40% correct, was 90%"
    session_with(9)
    with clinic_scope(floor.paul.clinic_id):
        assert not AttentionReason.objects.filter(code="form_worsening", resolved_at=None).exists()


def count_queries(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_the_review_needs_as_many_queries_for_three_sets_as_for_one(db, signed_in):
    from tests.factories.sessions import make_clinic_floor

    floor = make_clinic_floor()
    browser = signed_in(floor.people.nora)
    one = make_analysed_session(floor.paul)
    browser.get(address(one))
    with_one = count_queries(browser, address(one))
    with clinic_scope(one.clinic_id):
        template = first_set(one)
        for order in (1, 2):
            extra = ExerciseSet.objects.create(
                session=one, exercise_version=template.exercise_version, order=order, set_number=order + 1,
                side="both", view=template.view, state="analysed", counted_by="camera",
            )  # fmt: skip
            Repetition.objects.create(
                exercise_set=extra,
                index=1,
                side="both",
                start_s=0,
                peak_s=1,
                end_s=2,
                classification="correct",
            )
    assert count_queries(browser, address(one)) == with_one


def test_the_list_needs_as_many_queries_for_three_sessions_as_for_one(floor, signed_in):
    browser = signed_in(floor.people.nora)
    patient = f"/c/north/patients/{floor.paul.ref}/"
    make_analysed_session(floor.paul)
    browser.get("/c/north/api/sessions/")
    api, page = count_queries(browser, "/c/north/api/sessions/"), count_queries(browser, patient)
    make_analysed_session(floor.paul)
    make_analysed_session(floor.paul)
    assert count_queries(browser, "/c/north/api/sessions/") == api
    assert count_queries(browser, patient) == page


def test_an_unfinished_session_says_that_it_waits(floor, signed_in):
    session = make_session(floor.paul)
    assert b"still going on" in signed_in(floor.people.nora).get(address(session)).content
