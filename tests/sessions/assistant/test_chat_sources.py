"""Where an answer comes from, in a patient's words."""

from uuid import uuid4

import pytest

from clinic.tenancy.scope import clinic_scope
from prescriptions.selectors import today_plan
from sessions.selectors.assistant.chat_sources import sources_of, titles_of


@pytest.fixture
def exercises(floor):
    with clinic_scope(floor.paul.clinic_id):
        return {one.code: one for one in today_plan(floor.paul).exercises}


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("exercise:squat:how", "from Squat, how to"),
        ("exercise:squat:start", "from Squat, how to"),
        ("exercise:squat:safety", "from Squat, take care"),
        ("exercise:squat:dose", "from your plan"),
        ("exercise:squat:note", "from your therapist"),
        ("plan:today", "from your plan"),
        ("plan:note", "from your therapist"),
        ("rule:pain", "from your clinic's pain rule"),
        ("rule:soreness", "general advice"),
        ("app:camera", "about Plumbline"),
        ("article:abc", "from “Ice and heat”"),
        ("article:unknown", "from your clinic"),
        ("correction:01a20599-9bb9-70e4-993e-cdd6757e6e7c", "from your care team"),
    ],
)
def test_a_source_is_named(exercises, ref, words):
    found = sources_of([ref], exercises=exercises, titles={"abc": "Ice and heat"})
    assert [source.words for source in found] == [words]


@pytest.mark.parametrize(
    "ref", ["", ":", "exercise:squat", "exercise:clamshell:how", "rule:diagnosis", "x:y:z:w"]
)
def test_a_source_that_tells_nothing_is_left_out(exercises, ref):
    assert sources_of([ref], exercises=exercises, titles={}) == ()


def test_each_source_stands_once_and_the_movement_only_beside_what_it_shows(exercises):
    refs = ["exercise:squat:how", "plan:today", "exercise:squat:how", "exercise:squat:safety"]
    found = sources_of(refs, exercises=exercises, titles={})
    assert [source.words for source in found] == [
        "from Squat, how to",
        "from your plan",
        "from Squat, take care",
    ]
    assert [source.is_shown_by_figure for source in found] == [True, False, False]


def test_only_references_are_looked_up(floor):
    with clinic_scope(floor.paul.clinic_id):
        assert titles_of(["article:", "article:'; drop", f"article:{uuid4()}", "plan:today"]) == {}
