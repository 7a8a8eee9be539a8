"""The trail speaks plain words: what the code records has a name that an admin reads."""

import re
from pathlib import Path

from clinic.audit.words import THINGS, thing_words

ROOT = Path(__file__).parents[2]
RECORDED = re.compile(r"""object_type=["']((?:notes|clinic|prescriptions)\.\w+)["']""")
NAMED = re.compile(r"""^[A-Z_]+ = ["']((?:notes|clinic|prescriptions)\.[A-Z]\w+)["']$""", re.MULTILINE)


def recorded_types() -> set[str]:
    """What notes, plans and the house write into the trail, as the sources name it."""
    paths = [path for app in ("notes", "clinic", "prescriptions") for path in (ROOT / app).rglob("*.py")]
    sources = [path.read_text() for path in paths if "settings" not in path.parts]
    return {one for text in sources for pattern in (RECORDED, NAMED) for one in pattern.findall(text)}


def test_everything_that_is_recorded_has_a_word():
    assert "notes.VisitNote" in recorded_types()
    assert {one for one in recorded_types() if one not in THINGS} == set()


def test_a_thing_of_later_days_is_shown_as_it_is():
    assert thing_words("studies.Trial") == "studies.Trial"
