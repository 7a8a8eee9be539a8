"""Numbers with what they count, read from plain sentences: sets, repetitions, seconds, days, pain."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sessions.rehab_bot.types import Plan, PlanExercise

WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13",
    "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18",
    "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60",
    "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "dozen": "12", "couple": "2",
    "half": "0.5", "twice": "2 times", "once": "1 times", "thrice": "3 times", "double": "2 times",
}  # fmt: skip

_NUMBER = r"(\d+(?:[.,]\d+)?)"
_RANGE = rf"{_NUMBER}(?:\s*(?:-|–|—|to|or)\s*{_NUMBER})?"
_UNITS = (
    ("pain", r"(?:out\s+)?of\s+(?:10|ten)\b|/\s*10\b"),
    ("set", r"sets?\b|rounds?\b|series\b"),
    ("day", r"(?:times?|days?|sessions?|x)\s*(?:a|per|each|every|/)\s*week\b|days?\b(?!\s*(?:ago|after))"),
    ("per_day", r"(?:times?|sessions?|x)\s*(?:a|per|each|every|/)\s*day\b|(?:times?|x)\s+daily\b"),
    ("repetition", r"reps?\b|repetitions?\b|repeats?\b|times?\b"),
    ("second", r"s\b|secs?\b|seconds?\b"),
    ("minute", r"mins?\b|minutes?\b"),
    ("hour", r"hours?\b|hrs?\b"),
    ("week", r"weeks?\b"),
    ("month", r"months?\b"),
    ("kilogram", r"kgs?\b|kilos?\b|kilograms?\b"),
    ("pound", r"lbs?\b|pounds?\b"),
    ("percent", r"%|per\s?cent\b"),
    ("degree", r"°|degrees?\b"),
    ("length", r"cm\b|mm\b|m\b|metres?\b|meters?\b|inch(?:es)?\b|feet\b|ft\b"),
    ("milligram", r"mg\b|mcg\b|ml\b|tablets?\b|pills?\b|doses?\b"),
)
_QUANTITY = re.compile(
    rf"(?<![\w.]){_RANGE}\s*-?\s*(?:(?:more|extra|full|slow|good|whole|other)\s+)?"
    + "(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS) + ")?",
)  # fmt: skip
_SETS_OF = re.compile(
    rf"{_NUMBER}\s*(?:sets?\s*(?:of|with|x|×|,)\s*(?:about\s*)?|[x×*]\s*){_NUMBER}(?!\s*(?:s|secs?|seconds?)\b)"
)
_PAIN = re.compile(
    rf"\bpain\b\D{{0,25}}?{_RANGE}(?:\s*(?:/|out\s+of|of)\s*10\b)?(?!\s*(?:sets?|reps?|times?|s|seconds?|days?|minutes?|kg)\b)"
)
_EVERY_DAY = re.compile(r"\b(?:every|each)\s+day\b|\bdaily\b(?!\s+(?:life|living))|\bevery\s+single\s+day\b")
# A number with such a sign beside it is no number of a plan: "10+", "~20", "2*3".
STRANGE = re.compile(r"\d\s*[+*^=~<>±]|[+*^=~<>±#]\s*\d")
_CLAUSE = re.compile(r"[,;.]|\b(?:and|then|with)\b")

DOSE_UNITS = frozenset({"set", "repetition", "hold", "rest", "second", "day", "per_day", "kilogram", "pound"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit: "" when none is written; seconds of a hold are "hold", of a rest "rest"."""

    value: float
    unit: str


def digits(text: str) -> str:
    """`text` in lower case with number words as digits: "twenty five" becomes "25", "twice" "2 times"."""
    words = re.sub(r"\b[a-z]+\b", lambda match: WORDS.get(match[0], match[0]), text.lower())
    words = re.sub(r"\b([2-9]0)[\s-]([1-9])\b", lambda match: str(int(match[1]) + int(match[2])), words)
    return re.sub(r"\b([1-9])\s+(100)\b", lambda match: str(int(match[1]) * 100), words)


def read_quantities(text: str) -> frozenset[Quantity]:
    """Every number of `text` with its unit; "2 sets of 10" are 2 sets and 10 repetitions."""
    plain = digits(text)
    found: set[Quantity] = set()
    for clause in _clauses(plain):
        found |= _of_clause(clause)
    if not re.search(r"(?<!\d)1(?!\d)", text):
        # "this one", "one leg": a pronoun, no count.
        found.discard(Quantity(1, ""))
    if _EVERY_DAY.search(plain):
        found.add(Quantity(7, "day"))
    return frozenset(found)


def _clauses(text: str) -> list[str]:
    """Cut where a new quantity may begin, but neither inside "1,5" nor inside "2.5"."""
    return [part for part in _CLAUSE.split(re.sub(r"(?<=\d)[,.](?=\d)", "·", text)) if part.strip()]


def _of_clause(clause: str) -> set[Quantity]:
    text = clause.replace("·", ".")
    found: set[Quantity] = set()
    for match in _SETS_OF.finditer(text):
        found |= {Quantity(float(match[1]), "set"), Quantity(float(match[2]), "repetition")}
    text = _SETS_OF.sub(" ", text)
    for match in _PAIN.finditer(text):
        found |= {Quantity(float(number), "pain") for number in match.groups() if number}
    text = _PAIN.sub(" ", text)
    text = re.sub(r"(?:out\s+)?\bof\s+10\b(?=\s*$)", "/10", text)
    for match in _QUANTITY.finditer(text):
        unit = _seconds_kind(match.lastgroup or "", text)
        found |= {Quantity(float(number.replace(",", ".")), unit) for number in match.groups()[:2] if number}
    return found


def _seconds_kind(unit: str, clause: str) -> str:
    if unit != "second":
        return unit
    kinds = [kind for kind in ("hold", "rest") if re.search(rf"\b{kind}\w*\b", clause)]
    return kinds[0] if len(kinds) == 1 else unit


def planned_quantities(exercise: PlanExercise) -> frozenset[Quantity]:
    """What the plan says of an exercise, as numbers that may be told."""
    said = {
        Quantity(exercise.sets, "set"),
        Quantity(exercise.days_per_week, "day"),
        Quantity(exercise.pain_limit, "pain"),
        Quantity(10, "pain"),
    }
    if exercise.repetitions:
        said.add(Quantity(exercise.repetitions, "repetition"))
    if exercise.hold_s:
        said |= {Quantity(exercise.hold_s, "hold"), Quantity(exercise.hold_s, "second")}
    if exercise.rest_s:
        said |= {Quantity(exercise.rest_s, "rest"), Quantity(exercise.rest_s, "second")}
    return frozenset(said | read_quantities(exercise.dose_words) | read_quantities(exercise.resistance))


def most_allowed(plan: Plan, codes: Iterable[str]) -> dict[str, float]:
    """The most of each unit that the plan asks for in the exercises of `codes`, of all when there is none.

    Rest between sets is no load: it has no most.
    """
    wanted = frozenset(codes)
    exercises = [each for each in plan.exercises if not wanted or each.code in wanted] or plan.exercises
    most: dict[str, float] = {}
    for exercise in exercises:
        for quantity in planned_quantities(exercise):
            if quantity.unit in DOSE_UNITS - {"rest"}:
                most[quantity.unit] = max(quantity.value, most.get(quantity.unit, 0))
        most["set"] = max(most.get("set", 0), exercise.sets * _sides(exercise))
    return most


def _sides(exercise: PlanExercise) -> int:
    return 2 if "each side" in exercise.dose_words else 1
