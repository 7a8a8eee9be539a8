"""What does not fit the patient in an imported text, and the day of its visit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.import_check import dates_meant, doubts_about, visit_day_in

BORN = date(1961, 5, 4)


def _quoted(text: str) -> list[str]:
    found = doubts_about(text, given_name="Zoë", family_name="O'Dálaigh", birth_date=BORN)
    return [text[one.start : one.end] for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "Patient: O'Dalaigh, Zoe\nDOB: 04/05/1961",
        "PATIENT NAME: ZOE O'DALAIGH\tDate of birth: 4 May 1961",
        "Name: Zoe O'Dálaigh\nBorn 1961-05-04",
        "Mrs O'Dalaigh walked. DOB 5/4/61",
        "Re: Zoe. The therapist, Dr Smith, wrote on 04/05/1999.",
        "",
    ],
)
def test_what_fits_raises_no_doubt(text: str) -> None:
    assert _quoted(text) == []


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("Patient: John Smith\nDOB: 04/05/1961", ["John Smith"]),
        ("NAME: SMITH, JOHN\nnext", ["SMITH, JOHN"]),
        ("Patient: John Smith DOB 04/05/1961", ["John Smith"]),
        ("Patient: John Smith MRN 77", ["John Smith"]),
        ("Patient: Zoe Brown", ["Zoe Brown"]),
        ("DOB: 04/06/1961", ["04/06/1961"]),
        ("Date of birth: May 5, 1961", ["May 5, 1961"]),
        ("Mr. Brown reports pain. Ms O'Dalaigh too.", ["Brown"]),
    ],
)
def test_what_does_not_fit_is_pointed_at(text: str, doubted: list[str]) -> None:
    assert _quoted(text) == doubted


def test_without_a_birth_date_none_is_doubted() -> None:
    found = doubts_about("DOB: 04/06/1961", given_name="A", family_name="B", birth_date=None)
    assert found == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date of visit: 3 November 2026", date(2026, 11, 3)),
        ("DOS: 2026-11-03\nDOB: 1961-05-04", date(2026, 11, 3)),
        ("Date: 23/11/2025", date(2025, 11, 23)),
        ("Date: 11/03/2026", None),
        ("Date: 05/05/2026", date(2026, 5, 5)),
        ("Date: 2027-01-01", None),
        ("Visit 12 October 2026\nPain 3/10.", date(2026, 10, 12)),
        ("\nSOAP note of October 12th, 2026", date(2026, 10, 12)),
        ("Visit 11/03/2026", None),
        ("2026-10-12\nPain 3/10.", date(2026, 10, 12)),
        ("Pain since the last visit 12 October 2026.", None),
        ("Seen by the surgeon on 12 October 2026.", None),
        ("Pain 3/10.\n2026-10-12\nFell.", None),
        ("DOB: 1961-05-04", None),
        ("nothing", None),
    ],
)
def test_the_day_is_taken_only_where_it_can_mean_one_day(text: str, day: date | None) -> None:
    assert visit_day_in(text, latest=date(2026, 11, 22)) == day


@given(st.text(alphabet="0123456789/.-: JanFebrDOBpatient\n,", max_size=80))
def test_no_text_breaks_the_rules(text: str) -> None:
    doubts_about(text, given_name="A", family_name="B", birth_date=BORN)
    visit_day_in(text, latest=BORN)
    assert all(isinstance(day, date) for day in dates_meant(text))
