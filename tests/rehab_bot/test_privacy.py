"""What names a person is blotted out; doses, pain and exercises are not."""

import pytest

from sessions.rehab_bot.privacy import detectors, redact

NAMES = ("Sam Bridge", "Ana Ferreira")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("write to sam.bridge+1@mail.example.org", "mail.example"),
        ("write to sam @ mail.org", "mail.org"),
        ("call me on 555-123-4567", "4567"),
        ("call +44 20 7946 0958 please", "7946"),
        ("my number is (020) 7946 0958", "0958"),
        ("0044 7700 900123 is mine", "900123"),
        ("I was born on 3/4/1950", "1950"),
        ("born 3 April 1950", "1950"),
        ("dob: April 3rd, 1950", "1950"),
        ("born in 1950 in York", "1950"),
        ("1950-04-03 is my birthday", "1950"),
        ("my MRN is 4455667", "4455667"),
        ("NHS number 943 476 5919", "476"),
        ("patient id AB-12345", "12345"),
        ("insurance no. X123456", "123456"),
        ("SSN 123-45-6789", "6789"),
        ("I live at 12 High Street", "High"),
        ("my postcode is SW1A 1AA", "1AA"),
        ("zip code 94110", "94110"),
        ("My name is Robin Miller", "Miller"),
        ("Dr. Okafor operated on me", "Okafor"),
        ("see https://me.example/sam", "me.example"),
        ("Sam Bridge here", "Sam"),
        ("it is sam, your patient", "sam"),
        ("bridge, sam", "sam"),
        ("ANA said so", "ANA"),
        ("Ferreira's plan", "Ferreira"),
    ],
)
def test_it_is_blotted_out(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in redact(text, names=NAMES, keep=("Bridge",))


@pytest.mark.parametrize(
    "text",
    [
        "Do I do 2 sets of 10 or 3 sets of 12?",
        "my pain is 6 of 10, yesterday 7/10",
        "how do I do the bridge again?",
        "10, 15, 20 reps in 3 days",
        "I may do 10 today",
        "hold 5 s, rest 30 s, 3 days a week",
        "since 2 weeks it hurts 4-5",
        "I did 1 of 2 sets, 12 minutes",
        "the road to the park is steep",
    ],
)
def test_it_stays(text: str) -> None:
    assert redact(text, names=NAMES, keep=("Bridge",)) == text


def test_a_whole_name_goes_also_where_a_part_is_an_exercise() -> None:
    blotted = redact("Sam Bridge asks about the bridge", names=NAMES, keep=("Bridge",))
    assert blotted == "[NAME] asks about the bridge"


def test_the_detectors_of_the_library_find_the_same() -> None:
    text = "I am Sam Bridge, born 3/4/1950, call 555-123-4567 or tim@x.example"
    find = detectors(NAMES, keep=("Bridge",))
    found = {kind: [words for _, _, words in look(text)] for kind, look in find.items()}
    assert (found["name"], found["date"], found["phone"]) == (
        ["Sam Bridge"],
        ["born 3/4/1950"],
        ["555-123-4567"],
    )
    assert found["email"] == ["tim@x.example"]


def test_short_and_empty_names_change_nothing() -> None:
    assert redact("a clamshell", names=("", " ", "a")) == "a clamshell"
