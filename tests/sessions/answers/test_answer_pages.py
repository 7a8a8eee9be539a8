"""The answers after a set over HTTP: by script, by form, by the wrong person, and broken."""

import json

import pytest

from patients.models import Alert
from sessions import services


@pytest.fixture
def paul(gym, signed_in):
    return signed_in(gym.ward.people.paul)


def address(gym, page, index=0):
    return f"/c/north/sessions/{gym.session.ref}/sets/{gym.sets()[index].ref}/{page}/"


def say(browser, gym, page, index=0, **fields):
    return browser.post(address(gym, page, index), json.dumps(fields), content_type="application/json")


def test_a_script_answers_and_hears_what_changed(free_gym, paul):
    said = say(paul, free_gym, "answer", effort=10).json()
    assert said["adjustment"]["words"] == "That was too hard, so the next set is 8, not 10."
    assert [one["target_repetitions"] for one in said["sets"]] == [10, 8, 8]
    assert said["stop"] is None


def test_a_script_keeps_it_as_planned(free_gym, paul):
    said = say(paul, free_gym, "answer", effort=10).json()
    assert said["adjustment"]["set"] == str(free_gym.sets()[1].ref)
    kept = say(paul, free_gym, "keep", index=1).json()
    assert kept["adjustment"] is None
    assert [one["target_repetitions"] for one in kept["sets"]] == [10, 10, 10]


def test_too_much_pain_answers_with_fixed_words(gym, paul):
    said = say(paul, gym, "answer", pain=8).json()
    told = "Pain 8, over 5. Rest for today. Your therapist will look at your plan. We told your therapist."
    assert said["stop"] == {"title": "Stop for today", "words": told}
    assert {one["state"] for one in said["sets"][1:]} == {"skipped"}


def test_finishing_a_set_tells_a_script_what_changed(free_gym, paul):
    with free_gym.scope:
        second = free_gym.sets()[1]
        second.as_shown = {"repetitions": [{"classification": "significant"}] * 3}
        second.save()
    said = say(paul, free_gym, "finish", index=1, count=10).json()
    assert (said["state"], said["count"]) == ("analysed", 10)
    assert said["adjustment"]["words"] == "It got hard to move well, so the next set is 8, not 10."


def test_without_scripts_the_form_of_a_set_brings_the_answers_along(free_gym, paul):
    page = paul.post(address(free_gym, "finish", 1), {"count": 10, "effort": 10, "pain": 1}, follow=True)
    assert page.redirect_chain[-1][0] == f"/c/north/sessions/{free_gym.session.ref}/live/"
    assert b"That was too hard, so the next set is 8, not 10." in page.content
    assert b"Keep it as planned" in page.content
    done = free_gym.sets()[1]
    assert (done.effort, done.pain, done.repetition_count) == (10, 1, 10)
    kept = paul.post(address(free_gym, "keep", 2), follow=True)
    assert b"We keep it as planned." in kept.content
    assert free_gym.targets() == [10, 10, 10]


def test_without_scripts_a_done_set_can_be_answered_for_later(gym, paul):
    page = paul.get(f"/c/north/sessions/{gym.session.ref}/live/")
    assert b"Say how it was" in page.content
    after = paul.post(address(gym, "answer"), {"effort": 4}, follow=True)
    assert b"Change what you said" in after.content


def test_without_scripts_too_much_pain_leads_to_stop(gym, paul):
    page = paul.post(address(gym, "finish", 1), {"count": 3, "pain": 9}, follow=True)
    assert page.redirect_chain[-1][0] == f"/c/north/stop/?session={gym.session.ref}"
    assert b"Pain 9, over 5. Rest for today." in page.content
    with gym.scope:
        assert Alert.objects.count() == 1


def test_skipping_a_set_by_form_asks_nothing_of_it(gym, paul):
    paul.post(address(gym, "finish", 1), {"skipped": "on", "count": "0", "effort": 10, "pain": 9})
    skipped = gym.sets()[1]
    assert (skipped.state, skipped.effort, skipped.pain) == ("skipped", None, None)


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{",
        "{}",
        '{"pain": -1}',
        '{"pain": 11}',
        '{"effort": "x"}',
        '{"pain": NaN}',
        '{"pain": 2.5}',
        "x" * 5000,
    ],
)
def test_a_broken_answer_is_refused_in_words(gym, paul, body):
    answer = paul.post(address(gym, "answer"), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["words"]
    assert (gym.sets()[0].effort, gym.sets()[0].pain) == (None, None)


def test_a_refusal_by_form_leads_back_with_words(gym, paul):
    page = paul.post(address(gym, "answer", 1), {"effort": 4}, follow=True)
    assert page.redirect_chain[-1][0] == f"/c/north/sessions/{gym.session.ref}/live/"
    assert b"You have not done this set yet." in page.content


def test_an_answer_after_the_session_is_kept_and_keeping_is_refused_in_words(free_gym, paul):
    with free_gym.scope:
        services.complete_session(free_gym.session)
    assert say(paul, free_gym, "answer", effort=7).status_code == 200
    refused = say(paul, free_gym, "keep", index=1)
    assert (refused.status_code, refused.json()) == (409, {"words": "This session has ended."})
    assert free_gym.sets()[0].effort == 7


@pytest.mark.parametrize("page", ["answer", "keep"])
@pytest.mark.parametrize(("who", "status"), [("petra", 404), ("sid", 404), ("nora", 403), ("sam", 404)])
def test_the_answers_are_the_patients_own(free_gym, signed_in, page, who, status):
    free_gym.answer(effort=10)
    browser = signed_in(getattr(free_gym.ward.people, who))
    assert browser.post(address(free_gym, page, 1), {"effort": 2, "pain": 9}).status_code == status
    assert free_gym.targets() == [10, 8, 8]
    assert free_gym.sets()[0].pain is None


def test_a_set_of_another_session_is_not_found_through_this_one(gym, paul):
    other = type(gym)(gym.ward)
    foreign = f"/c/north/sessions/{other.session.ref}/sets/{gym.sets()[0].ref}/answer/"
    assert paul.post(foreign, {"effort": 4}).status_code == 404


def test_the_live_page_shows_its_script_the_change_after_a_reload(free_gym, paul):
    free_gym.answer(effort=10)
    config = paul.get(f"/c/north/sessions/{free_gym.session.ref}/live/").context["config"]
    assert config["adjustment"]["words"] == "That was too hard, so the next set is 8, not 10."
    assert [one["target_repetitions"] for one in config["sets"]] == [10, 8, 8]
    assert [one["words"] for one in config["efforts"]] == ["Easy", "Right", "Hard", "Too hard"]
    assert config["urls"]["answer_set"].endswith("/sets/{set}/answer/")


def test_the_page_after_asks_how_hard_the_last_set_was(gym, paul):
    for index in (1, 2):
        gym.do(index)
    address_after = f"/c/north/sessions/{gym.session.ref}/pain/after/"
    assert b"How hard was the last set?" in paul.get(address_after).content
    paul.post(address_after, {"pain": 3, "effort": 7})
    last = gym.sets()[2]
    assert (last.effort, last.pain) == (7, 3)


def test_the_page_after_takes_no_answer_about_effort_too(gym, paul):
    for index in (1, 2):
        gym.do(index)
    done = paul.post(f"/c/north/sessions/{gym.session.ref}/pain/after/", {"pain": 3})
    assert done.status_code == 302
    assert (gym.sets()[2].effort, gym.sets()[2].pain) == (None, 3)
