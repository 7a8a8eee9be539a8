"""manage.py evaluate_notes: scores, comparison, agreement and the error page."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.clini_note_extractor.evaluation.annotated import TEXT

KNEE = {"start": 0, "end": 19, "label": "DIAGNOSIS", "assertion": "present"}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"id": "a", "text": TEXT, "entities": [KNEE]}))
    return path


def told(*arguments: Any) -> str:
    out = StringIO()
    call_command("evaluate_notes", *map(str, arguments), "--system", "rules", stdout=out)
    return out.getvalue()


def test_numbers_only(gold: Path) -> None:
    answer = told(gold, "--json")
    figures = json.loads(answer)
    assert figures["strict"]["micro"] == {
        "precision": 0.3333, "recall": 1.0, "f1": 0.5, "gold": 1, "found": 3, "low": None, "high": None,
    }  # fmt: skip
    for way in ("strict", "exact", "partial", "type"):
        assert set(figures[way]) == {"micro", "labels"}
    assert (figures["assertion"]["accuracy"], figures["assertion"]["macro_f1"]) == (1.0, 1.0)
    assert figures["calibration"] is None
    assert figures["errors"] == {"spurious": 2}
    assert "arthritis" not in answer


def test_tables_quote_errors_unless_told_not_to(gold: Path) -> None:
    assert "[Gait training]" in told(gold)
    assert "Gait" not in told(gold, "--no-errors")


def test_a_comparison_with_itself_is_undecided(gold: Path) -> None:
    assert json.loads(told(gold, "--json", "--compare", "rules"))["comparison"]["verdict"] == "undecided"
    assert "minus rules" in told(gold, "--compare", "rules")


def test_a_second_annotator_stands_beside_the_system(gold: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.jsonl"
    second.write_text(json.dumps({"id": "a", "text": TEXT, "entities": [{**KNEE, "start": 5}]}))
    figures = json.loads(told(gold, "--json", "--second", second))["agreement"]
    assert (figures["strict"]["micro"]["f1"], figures["system_strict"]["micro"]["f1"]) == (0.0, 0.5)
    assert "all                           0.000     0.500      +0.500" in told(gold, "--second", second)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("{", "This is not JSON"),
        (json.dumps({"id": "b", "text": TEXT, "entities": []}), "share no note"),
        (json.dumps({"id": "a", "text": "Other.", "entities": []}), "another text"),
    ],
)
def test_a_second_file_that_does_not_fit_is_told(
    gold: Path, tmp_path: Path, content: str, wrong: str
) -> None:
    (tmp_path / "second.jsonl").write_text(content)
    with pytest.raises(CommandError, match=wrong) as error:
        told(gold, "--second", tmp_path / "second.jsonl")
    assert error.value.returncode == 1
    assert "Other" not in str(error.value)


def test_the_error_page_is_its_owners_alone(gold: Path, tmp_path: Path) -> None:
    page = tmp_path / "errors.html"
    page.touch(mode=0o644)
    told(gold, "--errors-html", page, "--json")
    assert "This page quotes clinical notes" in page.read_text()
    assert page.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="cannot be written"):
        told(gold, "--errors-html", tmp_path / "none" / "errors.html")
