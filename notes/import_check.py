"""What in an imported text does not fit the patient, and on which day its visit was. Pure rules, no database.

A guard against the wrong patient's file, not a proof: a text that names nobody raises no doubt.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = (
    rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {MONTH},? \d{{4}}|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
)
BORN = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?)\s*[:\-–]?\s*({DATE})", re.IGNORECASE
)
VISIT = re.compile(
    r"\b(?:date of (?:the )?(?:visit|service|exam(?:ination)?|evaluation|treatment|session)|visit date|"
    rf"d\.?o\.?s\.?|date)\s*[:\-–]\s*({DATE})",
    re.IGNORECASE,
)
# Without a colon only where a line begins with it: "last visit 3 May" within a sentence is another day.
HEADED = re.compile(
    r"^[ \t]*(?:(?:visit|session|treatment|progress|daily|soap)(?: note)?|seen|(?:initial |re-?)?evaluation)"
    rf"(?: of| on)?,?[ \t]+({DATE})|\A\s*({DATE})[ \t]*(?:\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)
# Words that stand in capitals beside a name and are none.
NO_NAME = r"(?!(?i:d\.?o\.?b|mrn|date|born|age|sex|phone|visit)\b)"
INITIAL_OR_NAME = r"[^\W\d_a-z](?:\.|[\w'’-]*)"
NAME = rf"[^\W\d_](?:\.|[\w'’-]*)(?:[ \t]*,?[ \t]+{NO_NAME}{INITIAL_OR_NAME}){{0,3}}"
LABELLED = re.compile(
    r"(?:^|[\n\t|;])[ \t]*(?i:patient(?:'s)? name|patient|client name|client|name|re)[ \t]*:[ \t]*"
    rf"({NAME})"
)
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|MR|MRS|MS|MISS)\.?[ \t]+([^\W\d_a-z][\w'’-]+)")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stretch of the text that does not fit, and why, in words that quote nothing."""

    start: int
    end: int
    words: str


def doubts_about(text: str, *, given_name: str, family_name: str, birth_date: date | None) -> list[Doubt]:
    """Names after a label or a title, and birth dates, that are not the patient's; in reading order."""
    own = _parts(f"{given_name} {family_name}")
    family = _parts(family_name)
    found = [*_strange_names(text, own, family), *_strange_births(text, birth_date)]
    return sorted(found, key=lambda one: (one.start, one.end))


def _strange_names(text: str, own: set[str], family: set[str]) -> Iterator[Doubt]:
    for match in LABELLED.finditer(text):
        parts = _parts(match.group(1))
        if parts and not (parts & family) and not parts <= own:
            yield Doubt(match.start(1), match.end(1), "A name that is not this patient's.")
    for match in TITLED.finditer(text):
        if not _parts(match.group(1)) & own:
            yield Doubt(match.start(1), match.end(1), "A surname that is not this patient's.")


def _strange_births(text: str, birth_date: date | None) -> Iterator[Doubt]:
    if birth_date is None:
        return
    for match in BORN.finditer(text):
        days = dates_meant(match.group(1))
        if days and birth_date not in days:
            yield Doubt(match.start(1), match.end(1), "A birth date that is not this patient's.")


def visit_day_in(text: str, *, latest: date) -> date | None:
    """The day that the text gives as its visit's, where it can mean only one day up to `latest`."""
    for match in (*VISIT.finditer(text), *HEADED.finditer(text)):
        written = next(one for one in match.groups() if one)
        days = {day for day in dates_meant(written) if date(1950, 1, 1) <= day <= latest}
        if len(days) == 1:
            return days.pop()
    return None


def dates_meant(words: str) -> set[date]:
    """Every day that a written date may mean: 3/4/2026 is the third of April or the fourth of March."""
    lowered = words.lower()
    numbers = [int(one) for one in re.findall(r"\d+", lowered)]
    named = next((at + 1 for at, name in enumerate(MONTHS) if re.search(rf"\b{name}", lowered)), None)
    if named is not None:
        return _existing([(numbers[-1], named, numbers[0])]) if len(numbers) == 2 else set()
    if len(numbers) != 3:
        return set()
    if numbers[0] > 31:
        return _existing([(numbers[0], numbers[1], numbers[2])])
    years = [numbers[2]] if numbers[2] > 99 else [1900 + numbers[2], 2000 + numbers[2]]
    first, second = numbers[:2]
    return _existing([(year, *pair) for year in years for pair in ((second, first), (first, second))])


def _existing(candidates: list[tuple[int, int, int]]) -> set[date]:
    days = set()
    for year, month, day in candidates:
        try:
            days.add(date(year, month, day))
        except ValueError:
            continue
    return days


def _parts(name: str) -> set[str]:
    """The parts of a name without accents, case and initials."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    return {part for part in re.split(r"[^\w]+", letters) if len(part) > 1}
