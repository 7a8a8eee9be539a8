"""Words for places that name nothing in the schema: pronouns, dates, durations, vital signs, doses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notes.clini_note_extractor.training.generator.case import Case

PRONOUNS = {"f": ("she", "her", "her"), "m": ("he", "his", "him")}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


def _pronoun(place: int, *, capital: bool) -> Callable[[Case, str], str]:
    def say(case: Case, _argument: str) -> str:
        word = PRONOUNS[case.sex][place]
        return word.capitalize() if capital else word

    return say


def _patient(case: Case, _argument: str) -> str:
    return case.rng.choice(("pt", "pt", "patient")) if case.is_terse else "patient"


def _the_patient(case: Case, _argument: str) -> str:
    if case.is_terse:
        return case.rng.choice(("Pt", "Pt", "Pt.", "Patient", "pt"))
    return case.rng.choice(("The patient", "The patient", "Patient", PRONOUNS[case.sex][0].capitalize()))


def _person(case: Case, _argument: str) -> str:
    if case.sex == "f":
        return case.rng.choice(("female", "woman", "lady", "female", "y/o F" if case.is_terse else "female"))
    return case.rng.choice(("male", "man", "gentleman", "male", "y/o M" if case.is_terse else "male"))


def _age(case: Case, _argument: str) -> str:
    age = case.rng.randint(16, 92)
    return case.rng.choice(
        (f"{age}-year-old", f"{age}-year-old", f"{age} year old", f"{age} y/o", f"{age}yo")
    )


def _date(case: Case, _argument: str) -> str:
    rng = case.rng
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1998, 2024)
    return rng.choice((
        f"{month}/{day}/{year}", f"{month:02}/{day:02}/{year % 100:02}", f"{month}/{day}", "MM/DD/YYYY",
        f"{MONTHS[month - 1]} {day}, {year}", f"{MONTHS[month - 1]} {year}", f"{month}-{day}-{year % 100:02}",
        f"{MONTHS[month - 1]}", str(year), f"{month}/{year}", "__/__/____", f"{MONTHS[month - 1]} {day}",
    ))  # fmt: skip


def _number(case: Case, argument: str) -> str:
    low, _, high = (argument or "1-20").partition("-")
    return str(case.rng.randint(int(low), int(high)))


def _duration(case: Case, _argument: str) -> str:
    count = case.rng.randint(2, 14)
    words = ("two", "three", "four", "five", "six", "eight")
    unit = case.rng.choice(("weeks", "weeks", "months", "years", "days", "wks"))
    return case.rng.choice(
        (f"{count} {unit}", f"{case.rng.choice(words)} {unit}", f"{count}-{count + 2} {unit}")
    )


def _frequency(case: Case, _argument: str) -> str:
    times, weeks = case.rng.randint(1, 5), case.rng.randint(2, 12)
    words = ("one", "two", "three", "four", "five")[times - 1]
    return case.rng.choice((
        f"{times}x/week x {weeks} weeks", f"{times} times a week for {weeks} weeks",
        f"{times}x/wk for {weeks} wks",
        f"{words} times per week for {weeks} weeks", f"{times}-{times + 1}x/week for {weeks} weeks",
        f"{words} to {('two', 'three', 'four', 'five', 'six')[times - 1]} times a week for {weeks} weeks",
        f"{times}w{weeks}", f"{times} x week x {weeks} weeks", "daily", "BID", f"{weeks} visits", "5/7 days",
    ))  # fmt: skip


def _dose(case: Case, _argument: str) -> str:
    amount = case.rng.choice(
        ("5", "10", "12.5", "20", "25", "40", "50", "81", "100", "300", "325", "500", "0.4")
    )
    how = case.rng.choice(("daily", "b.i.d.", "BID", "t.i.d.", "q.h.s.", "q.4-6h. p.r.n.", "qd", "p.o. daily",
                           "twice a day", "every 8 hours", "as needed", "PO BID", "q. day"))  # fmt: skip
    return f"{amount} {case.rng.choice(('mg', 'mg', 'mg', 'mcg', 'units'))} {how}"


def _sets(case: Case, _argument: str) -> str:
    sets, reps = case.rng.choice((1, 2, 3, 3)), case.rng.choice((8, 10, 12, 15, 20, 30))
    return case.rng.choice((
        f"{sets}x{reps}", f"{sets} x {reps}", f"{sets} sets of {reps}", f"x {reps}", f"x{reps} reps",
        f"{reps} reps", f"x {reps // 2} min", f"{reps} minutes", f"{sets}x{reps} with {sets + 1} lb",
        f"{sets} x {reps} sec hold", f"{reps} repetitions", f"{sets}/{reps}", f"for {reps} minutes",
    ))  # fmt: skip


def _distance(case: Case, _argument: str) -> str:
    feet = case.rng.randrange(10, 520, 5)
    return case.rng.choice(
        (
            f"{feet} feet",
            f"{feet} ft",
            f"{feet}'",
            f"{feet} feet x{case.rng.randint(2, 4)}",
            "household distances",
            "community distances",
            f"{case.rng.randint(1, 4)} blocks",
        )
    )


def _vitals(case: Case, _argument: str) -> str:
    rng = case.rng
    high = rng.randint(98, 178)
    return rng.choice((
        f"BP {high}/{high // 2 + 12}", f"blood pressure {high}/{high // 2 + 8}, pulse {rng.randint(54, 112)}",
        f"HR {rng.randint(52, 118)}", f"SpO2 {rng.randint(88, 99)}% on room air",
        f"RR {rng.randint(12, 24)}",
        f"temperature {rng.randint(97, 100)}.{rng.randint(0, 9)}", f"weight {rng.randint(98, 290)} pounds",
        f"BP: {high}/{high // 2 + 10}  P: {rng.randint(56, 110)}  R: {rng.randint(12, 22)}",
        f"T: 98.{rng.randint(0, 9)}  P: {rng.randint(56, 110)}",
        f"height 5 feet {rng.randint(0, 11)} inches", f"O2 sat {rng.randint(88, 99)}%",
        f"BMI {rng.randint(19, 44)}",
    ))  # fmt: skip


WORDS_OF: dict[str, Callable[[Case, str], str]] = {
    "he": _pronoun(0, capital=False), "He": _pronoun(0, capital=True), "his": _pronoun(1, capital=False),
    "His": _pronoun(1, capital=True), "him": _pronoun(2, capital=False), "pt": _patient, "Pt": _the_patient,
    "person": _person, "age": _age, "date": _date, "n": _number, "dur": _duration, "freq": _frequency,
    "dose": _dose, "sets": _sets, "dist": _distance, "vitals": _vitals,
}  # fmt: skip
