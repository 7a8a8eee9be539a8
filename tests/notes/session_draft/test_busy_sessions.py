"""However much happened, a draft of its session stays about a page, and hides nothing that is open."""

from dataclasses import replace
from uuid import uuid4

import pytest

from notes.session_sentences import sentences_of, text_of
from notes.session_sentences.facts import (
    AlertFact,
    ChangeFact,
    ExerciseFact,
    MessageFact,
    PainFact,
    SessionFacts,
    SetFact,
    SittingFact,
    TestFact,
)

SITTING = SittingFact(ref=uuid4(), day="today", time="09:00", mode="camera", simulated=False)
SINCE = "the note of 3 November"


def alert(number: int, *, is_open: bool = False) -> AlertFact:
    state = "Open" if is_open else "Closed"
    return AlertFact(uuid4(), f"{number} November", f"Pain {number}, over 5", state, "", is_open)


def change(name: str, day: int) -> ChangeFact:
    return ChangeFact(uuid4(), f"{day} November", "Nora", name, f"1 set of {day}", f"2 sets of {day}", "Fine")


def timed(name: str, day: int, **fields: object) -> TestFact:
    return replace(TestFact(uuid4(), name, f"{day} November", f"{day}.0 s"), **fields)


def lines(**fields: object) -> list[str]:
    facts = SessionFacts(SITTING, SINCE, **fields)
    return text_of(sentences_of(facts)).splitlines()


def beginning(told: list[str], words: str) -> list[str]:
    return [line for line in told if line.startswith(words)]


def test_much_since_the_last_note_stays_on_a_page() -> None:
    exercises = tuple(
        ExerciseFact(name, "", tuple(SetFact(uuid4(), number, True, "camera", 0) for number in (1, 2, 3)))
        for name in ("Squat", "Bridge", "Clamshell")
    )
    told = lines(
        pain=tuple(PainFact(uuid4(), 4, "after", f"{day} November") for day in range(3, 20)),
        messages=tuple(MessageFact(uuid4(), f"{day} November", "Sore.") for day in range(3, 20)),
        alerts=tuple(alert(day) for day in range(3, 20)),
        changes=tuple(change(f"Exercise {day}", day) for day in range(3, 20)),
        tests=tuple(timed(name, day) for name in ("Timed Up and Go", "10-metre walk") for day in (5, 4, 3)),
        exercises=exercises,
    )
    assert len(told) <= 35  # a printed page holds 45; 4 are headings, 3 empty and 5 blanks
    assert beginning(told, "Squat, sets") == ["Squat, sets 1, 2 and 3: not scored. No repetition was found."]


def test_open_alerts_are_told_before_closed_ones_and_all_are_counted() -> None:
    newest_first = [alert(day, is_open=day in (3, 4, 5)) for day in range(12, 2, -1)]
    told = lines(alerts=tuple(newest_first))
    assert beginning(told, "Alert on") == [
        "Alert on 5 November: Pain 5, over 5 (open).",
        "Alert on 4 November: Pain 4, over 5 (open).",
    ]
    assert beginning(told, "8 further") == [f"8 further alerts since {SINCE}, 1 of them open."]
    assert beginning(lines(alerts=tuple(newest_first[:3])), "1 further") == [
        f"1 further alert since {SINCE}."
    ]


def test_changes_of_one_exercise_share_a_line_that_opens_each() -> None:
    facts = SessionFacts(
        SITTING, SINCE, changes=(change("Squat", 9), change("Bridge", 8), change("Squat", 7))
    )
    said = [one for one in sentences_of(facts)["PLAN"] if one.words.startswith("Nora")]
    assert [one.words for one in said] == [
        "Nora changed squat on 9 November from 1 set of 9 to 2 sets of 9. Reason: Fine. "
        f"It was changed 2 times since {SINCE}.",
        "Nora changed bridge on 8 November from 1 set of 8 to 2 sets of 8. Reason: Fine.",
    ]
    assert [[basis.ref for basis in one.bases] for one in said] == [
        [facts.changes[0].ref, facts.changes[2].ref],
        [facts.changes[1].ref],
    ]


def test_the_rest_of_the_changed_exercises_are_named_on_one_line() -> None:
    names = ("A one", "B two", "C three", "D four", "E five")
    told = lines(changes=tuple(change(name, 9) for name in names))
    assert beginning(told, "Doses changed too") == [f"Doses changed too since {SINCE}: d four and e five."]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({}, "Before: 4.0 s on 4 November."),
        ({"withheld": "Too short."}, "Before: no value on 4 November."),
        ({"simulated": True}, "Before: 4.0 s on 4 November, simulated."),
    ],
)
def test_a_repeated_test_is_one_line_with_what_was_before(before: dict[str, object], words: str) -> None:
    told = lines(tests=(timed("Timed Up and Go", 5), timed("Timed Up and Go", 4, **before)))
    assert beginning(told, "Timed Up") == [f"Timed Up and Go on 5 November: 5.0 s. {words}"]


def test_pain_of_a_questionnaire_is_called_so() -> None:
    told = lines(pain=(PainFact(uuid4(), 7, "questions", "5 November"),))
    assert beginning(told, "Since") == [f"Since {SINCE}: pain 7/10 in a questionnaire on 5 November."]
