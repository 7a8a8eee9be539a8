"""What short answers do in a walk-through, and that a question stays a question."""

import pytest

from sessions.rehab_bot.pain_said import number_said, pain_said, says_no_pain
from sessions.rehab_bot.types import Plan, PlanExercise, WalkAct, WalkState
from sessions.rehab_bot.walk_words import walk_words
from sessions.rehab_bot.walking import WalkSaid, read_walk

BRIDGE = PlanExercise(
    ref="",
    code="bridge",
    name="Bridge",
    sets=2,
    repetitions=10,
    hold_s=0,
    rest_s=30,
    days_per_week=3,
    side="both",
    resistance="",
    dose_words="2 sets of 10, rest 30 s",
    days_words="3 days a week",
    is_hold=False,
    is_due=True,
    is_done=False,
    sets_done=0,
    patient_note="Keep your feet flat.",
    summary="Lift your hips.",
    start_position="Lie on your back.",
    instructions=("Lift your hips.", "Lower them slowly."),
    tips=(),
    safety="Stop if your back hurts.",
    pain_limit=5,
    figure_url="/figure/",
)
PLAN = Plan(exercises=(BRIDGE,), minutes=4)


def said(text: str, waiting_for: str | None) -> tuple[str, int | None] | None:
    read = read_walk(text, None if waiting_for is None else WalkState(waiting_for=waiting_for))
    return None if read is None else (read.act.value, read.value)


@pytest.mark.parametrize(
    ("waiting_for", "text", "expected"),
    [
        (None, "Walk me through my exercises", ("start", None)),
        (None, "can you go through my exercises with me?", ("start", None)),
        (None, "Let's go!", ("start", None)),
        (None, "how do I start the clamshell", None),
        (None, "done", None),
        (None, "stop", ("end", None)),
        ("over", "stop for today please", ("end", None)),
        (None, "that's enough", None),
        (None, "when should I stop", None),
        ("ready", "i'm fine", ("start", None)),
        ("ready", "a little", ("explain", None)),
        ("ready", "maybe a 3 i think", ("pain", 3)),
        ("done", "I did 8 out of 10 with my knee straight", ("done", 8)),
        ("done", "i only managed six this time", ("done", 6)),
        ("done", "did 8 but my foot went numb", None),
        ("done", "did 8, pain 7", ("pain", 7)),
        ("done", "i did them all", ("done", None)),
        ("done", "none", ("done", 0)),
        ("done", "wait", ("wait", None)),
        ("done", "i need a break", ("wait", None)),
        ("done", "i lost count", ("guess", None)),
        ("done", "how many more?", ("left", None)),
        ("done", "how many times", None),
        ("done", "i dont understand", ("explain", None)),
        ("done", "huh?", ("explain", None)),
        ("done", "i'm back", ("repeat", None)),
        ("effort", "done", ("repeat", None)),
        ("effort", "no i only did 8", ("done", 8)),
        ("effort", "that was 8 not 10", ("done", 8)),
        ("effort", "8", ("effort", 8)),
        ("effort", "not sure", ("skip", None)),
        ("effort", "same as before", ("same", None)),
        ("effort", "a bit hard", ("effort", 4)),
        ("pain", "a little bit", ("explain", None)),
        ("pain", "about the same", ("same", None)),
        ("pain", "4 not 5", None),
        ("effort", "that was 8", ("effort", 8)),
        ("effort", "it was 8 out of 10", ("effort", 8)),
        ("pain", "it got to 8", ("pain", 8)),
        ("pain", "got to 8 out of 10", ("pain", 8)),
        ("pain", "it was an 8", ("pain", 8)),
        ("pain", "it’s 8", ("pain", 8)),
        ("pain", "i did 8 reps", ("done", 8)),
        ("done", "got to 8", ("done", 8)),
        ("over", "7", None),
        ("ready", "Ready", ("start", None)),
        ("ready", "3", ("pain", 3)),
        ("ready", "15", ("explain", None)),
        ("ready", "how long does it take", None),
        ("done", "OK, done!", ("done", None)),
        ("done", "did 8", ("done", 8)),
        ("done", "8", ("done", 8)),
        ("done", "I did 8 of 10, no pain", ("done", 8)),
        ("done", "4000", None),
        ("done", "skip this one", ("skip", None)),
        ("done", "my knee hurts 7", ("pain", 7)),
        ("done", "Keep it as planned", ("keep", None)),
        ("done", "can I use the camera", ("camera", None)),
        ("done", "stop", ("end", None)),
        ("done", "how do I do it", None),
        ("effort", "Too hard", ("effort", 10)),
        ("effort", "not too hard", ("effort", 4)),
        ("effort", "very hard", ("effort", 7)),
        ("effort", "easy", ("effort", 2)),
        ("effort", "12", ("explain", None)),
        ("effort", "pain 6", ("pain", 6)),
        ("pain", "none", ("pain", 0)),
        ("pain", "6-7", ("pain", 7)),
        ("pain", "Stop", ("end", None)),
        ("pain", "is that bad for my knee", None),
    ],
)
def test_short_answers(waiting_for: str | None, text: str, expected: tuple[str, int | None] | None) -> None:
    assert said(text, waiting_for) == expected


@pytest.mark.parametrize(
    ("text", "pain"),
    [
        ("my knee hurts 6 after the squats, shall I go on?", 6),
        ("Pain is 7/10", 7),
        ("the pain went from 3 to 6", 6),
        ("pain 7.5", 8),
        ("it hurts like a nine", 9),
        ("7 out of 10 pain in my hip", 7),
        ("my knee hurts after 10 squats", None),
        ("it hurts since 3 days", None),
        ("I have 2 sore knees", None),
        ("I did 8 out of 10, no pain", None),
        ("my hip is about a 7/10 today", 7),
        ("my knee is 8 out of 10 reps done", None),
        ("I did 8 out of 10 with my knee straight", None),
        ("it hurt at 5 pm", None),
        ("pain 12", None),
        ("I did 8", None),
    ],
)
def test_a_number_that_tells_of_pain(text: str, pain: int | None) -> None:
    assert pain_said(text) == pain


def test_no_pain_is_not_a_number_that_hides_another() -> None:
    assert says_no_pain("no pain at all")
    assert not says_no_pain("no pain in the hip but the knee hurts 4")
    assert (number_said("about a 4"), number_said("8/10"), number_said("I did 8 yesterday")) == (4, 8, None)


def test_a_new_exercise_is_told_with_its_own_words_and_their_sources() -> None:
    state = WalkState("bridge", "Bridge, set 1 of 2: 10 times.", 1, 2, "done", is_first=True)
    told = walk_words(state, PLAN)
    by_text = {sentence.text: sentence.sources for sentence in told.sentences}
    assert by_text["Lift your hips."] == ("exercise:bridge:how",)
    assert by_text["Lie on your back."] == ("exercise:bridge:start",)
    assert by_text["Stop if your back hurts."] == ("exercise:bridge:safety",)
    assert ("See it move", "/figure/") in told.links


def test_a_change_is_told_and_can_be_declined() -> None:
    easier = WalkState("bridge", "Bridge, set 2 of 2: 8 times.", 2, 2, "done", adjusted_words="Two fewer.")
    told = walk_words(easier, PLAN)
    assert "Two fewer." in [sentence.text for sentence in told.sentences]
    keep = next(reply for reply in told.quick_replies if reply.label == "Keep as planned")
    assert read_walk(keep.text, easier) == WalkSaid(WalkAct.KEEP)


@pytest.mark.parametrize("waiting_for", ["ready", "done", "effort", "pain"])
def test_every_tap_that_is_offered_is_understood(waiting_for: str) -> None:
    state = WalkState("bridge", "Bridge.", 1, 2, waiting_for)
    replies = walk_words(state, PLAN).quick_replies
    assert replies
    assert [reply.text for reply in replies if read_walk(reply.text, state) is None] == []


@pytest.mark.parametrize("words", ["ok", "Okay.", "got it", "fine"])
def test_a_word_that_says_neither_done_nor_not_is_told_again_where_it_stands(words: str) -> None:
    said = read_walk(words, WalkState(exercise_code="squat", place=1, places=2, waiting_for="done"))
    assert said is not None and said.act == WalkAct.WAIT
