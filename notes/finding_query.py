"""One line about findings, such as "left knees with flexion under 90 since May", read by rules.

Pure functions. Words that mean nothing here are told back, so that nobody takes half an answer for a whole.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from notes.clini_note_extractor import Label
from notes.clini_note_extractor.attachment import MOTION
from notes.clini_note_extractor.attachment import NAMES as MOTIONS
from notes.clini_note_extractor.names import names_in
from notes.clini_note_extractor.phrases import phrases_of
from notes.clini_note_extractor.resolution import resolve
from notes.clini_note_extractor.sides import sides_in

LONGEST_LINE = 200
COMPARISONS = {"lt": "under", "le": "at most", "gt": "over", "ge": "at least", "eq": "exactly"}
KINDS = ("pain", "range", "strength", "score")
SIGNS: tuple[tuple[str, str], ...] = (
    ("le", r"<=|≤|at most|no more than|up to"),
    ("ge", r">=|≥|at least|no less than"),
    ("lt", r"<|under|below|less than|fewer than|smaller than"),
    ("gt", r">|over|above|more than|greater than|beyond"),
    ("eq", r"=|exactly|equal to|of exactly"),
)
UNIT = r"(?:°|%|/\s*\d{1,3}\b|degrees?\b|deg\b|points?\b|seconds?\b|sec\b|s\b|m/s\b|cm\b|kg\b|m\b)"
# A grade of strength may have a sign: 4+ lies a third above 4, 4- a third below. "3-5" is no grade.
NUMBER = rf"([0-5][+-](?![\d.,])|-?\d{{1,4}}(?:[.,]\d{{1,2}})?)\s*{UNIT}?"
THIRD = {"+": 1 / 3, "-": -1 / 3}
BETWEEN = re.compile(rf"\b(?:between|from)\s+{NUMBER}\s*(?:and|to|-|–)\s*{NUMBER}", re.IGNORECASE)
COMPARED = tuple((code, re.compile(rf"(?:{words})\s*{NUMBER}", re.IGNORECASE)) for code, words in SIGNS)
KIND_WORDS = (
    ("pain", re.compile(r"\bpain(?:ful)?\b|\bvas\b|\bnprs\b", re.IGNORECASE)),
    ("strength", re.compile(r"\bstrengths?\b|\bmmt\b|\bgrades?\b", re.IGNORECASE)),
    ("range", re.compile(r"\brange(?: of motion)?\b|\ba?p?rom\b", re.IGNORECASE)),
    ("score", re.compile(r"\bscores?\b", re.IGNORECASE)),
)
MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
         "august aug", "september sep sept", "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
SINCE = re.compile(
    r"\b(?:since|after|from)\s+(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{MONTH})\b\.?(?:\s+(?P<year>\d{{4}})\b)?"
    r"|(?P<only_year>(?:19|20)\d{2})\b)",
    re.IGNORECASE,
)
LAST = re.compile(
    r"\b(?:in|within|over|during)?\s*(?:the\s+)?(?:last|past)\s+(?:(?P<count>\d{1,3})\s+)?"
    r"(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
EVER = re.compile(r"\b(?:ever|all values|every value|at any time|history)\b", re.IGNORECASE)
LATEST = re.compile(r"\b(?:latest|newest|current(?:ly)?|now|last value|most recent)\b", re.IGNORECASE)
GOALS = re.compile(r"\b(?:with|including|and)\s+goals?\b", re.IGNORECASE)
NO_GOALS = re.compile(r"\b(?:without|no|excluding)\s+goals?\b", re.IGNORECASE)
FILLERS = frozenset(
    [
        "all",
        "any",
        "the",
        "a",
        "an",
        "with",
        "whose",
        "who",
        "has",
        "have",
        "having",
        "had",
        "of",
        "in",
        "is",
        "are",
        "was",
        "were",
        "patients",
        "patient",
        "people",
        "persons",
        "find",
        "show",
        "me",
        "list",
        "and",
        "where",
        "for",
        "on",
        "at",
        "value",
        "values",
        "degrees",
        "degree",
        "their",
        "measured",
        "finding",
        "findings",
    ]
)
WORD = re.compile(r"[^\W_][\w'/+-]*|[<>=≤≥]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """What is asked for. `low` and `high` are set instead of `value` for "between"; empty fields ask nothing.

    `misunderstood` are words of the line that were not used.
    """

    kind: str = ""
    region: str = ""
    side: str = ""
    motion: str = ""
    measure: str = ""
    comparison: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    since: date | None = None
    latest_only: bool = True
    with_goals: bool = False
    misunderstood: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked for."""
        return self == replace(FindingQuery(), misunderstood=self.misunderstood)


def read_query(line: str, *, today: date) -> FindingQuery:
    """What the line asks for; only its first 200 characters are read."""
    rest = " ".join(line[:LONGEST_LINE].split())
    query = FindingQuery()
    for step in (_read_since, _read_switches, _read_names, _read_values, _read_kind):
        query, rest = step(query, rest, today)
    query = replace(query, kind=query.kind or _implied_kind(query))
    left = [word for word in WORD.findall(rest) if word.lower() not in FILLERS]
    return replace(query, misunderstood=tuple(dict.fromkeys(left)))


def _read_since(query: FindingQuery, rest: str, today: date) -> tuple[FindingQuery, str]:
    last = LAST.search(rest)
    if last:
        days = int(last["count"] or 1) * DAYS[last["unit"].lower()]
        return replace(query, since=today - timedelta(days=days)), _without(rest, last)
    found = SINCE.search(rest)
    since = _date_of(found, today) if found else None
    return (replace(query, since=since), _without(rest, found)) if found and since else (query, rest)


def _date_of(found: re.Match[str], today: date) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["only_year"]:
            return date(int(found["only_year"]), 1, 1)
        month, day = MONTHS[found["month"].lower()], int(found["day"] or 1)
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None


def _read_switches(query: FindingQuery, rest: str, today: date) -> tuple[FindingQuery, str]:
    switches: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
        (NO_GOALS, {"with_goals": False}),
        (GOALS, {"with_goals": True}),
        (EVER, {"latest_only": False}),
        (LATEST, {"latest_only": True}),
    )
    for pattern, change in switches:
        found = pattern.search(rest)
        if found:
            query, rest = replace(query, **change), _without(rest, found)
    return query, rest


def _read_names(query: FindingQuery, rest: str, today: date) -> tuple[FindingQuery, str]:
    phrases = phrases_of(rest)
    names = resolve([*names_in(rest, phrases), *sides_in(rest, phrases)])
    fields = {
        Label.BODY_REGION: "region",
        Label.LATERALITY: "side",
        Label.OUTCOME_MEASURE: "measure",
    }
    used = []
    for one in names:
        name = fields.get(one.label) if one.label else None
        if name and one.name and not getattr(query, name):
            change: dict[str, Any] = {name: one.name}
            query = replace(query, **change)
            used.append((one.span.start, one.span.end))
    for start, end in sorted(used, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    found = MOTION.search(rest)
    if found:
        words = " ".join(found.group().lower().replace(".", "").split())
        query, rest = replace(query, motion=MOTIONS.get(words, words)), _without(rest, found)
    return query, rest


def _read_values(query: FindingQuery, rest: str, today: date) -> tuple[FindingQuery, str]:
    between = BETWEEN.search(rest)
    if between:
        low, high = sorted((_number(between.group(1)), _number(between.group(2))))
        return replace(query, low=low, high=high), _without(rest, between)
    for code, pattern in COMPARED:
        found = pattern.search(rest)
        if found:
            return replace(query, comparison=code, value=_number(found.group(1))), _without(rest, found)
    return query, rest


def _read_kind(query: FindingQuery, rest: str, today: date) -> tuple[FindingQuery, str]:
    for kind, pattern in KIND_WORDS:
        found = pattern.search(rest)
        if found and not query.kind:
            query, rest = replace(query, kind=kind), _without(rest, found)
    return query, rest


def _implied_kind(query: FindingQuery) -> str:
    """A movement is measured in degrees, an instrument gives a score."""
    if query.measure:
        return "score"
    return "range" if query.motion else ""


def _number(words: str) -> float:
    sign = THIRD.get(words[-1:], 0.0)
    return round(float(words.rstrip("+-").replace(",", ".")) + sign, 2)


def _without(rest: str, found: re.Match[str]) -> str:
    return f"{rest[: found.start()]} {rest[found.end() :]}"
