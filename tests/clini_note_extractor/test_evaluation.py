"""The files of annotated notes, good and broken, and the commands that read them."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from notes.clini_note_extractor import BadCorpus, read_notes
from notes.clini_note_extractor.corpus import notes_of

DATA = Path(os.environ.get("REHAB_DATA_DIR", "nowhere"))
TEXT = "Left knee arthritis. No stroke. Gait training."


def line(**changes: Any) -> str:
    return json.dumps({"id": "a", "text": TEXT, "entities": [], **changes})


@pytest.mark.parametrize(
    ("broken", "wrong"),
    [
        ("{", "This is not JSON"),
        ("[]", "There is no text"),
        ("null", "There is no text"),
        (json.dumps({"id": "a"}), "There is no text"),
        (json.dumps({"text": "x", "entities": []}), "There is no id"),
        (line(entities="x"), "not a list"),
        (line(entities=["x"]), "Entity 1 is not an object"),
        (line(entities=[{"start": 0, "end": 999, "label": "ROM"}]), "no place in the text"),
        (line(entities=[{"start": 5, "end": 5, "label": "ROM"}]), "no place in the text"),
        (line(entities=[{"start": True, "end": 5, "label": "ROM"}]), "no place in the text"),
        (line(entities=[{"start": 0, "end": 4, "label": "KNEE"}]), "unknown label"),
        (line(entities=[{"start": 0, "end": 4, "label": "ROM", "assertion": "maybe"}]), "unknown assertion"),
        (
            line(entities=[{"start": 0, "end": 9, "label": "ROM"}, {"start": 4, "end": 12, "label": "ROM"}]),
            "overlap",
        ),
        (line(text="a" * 200_001), "200,001 characters"),
        (line(text="\ud800"), "half a character"),
        ("", "There is no note"),
        ("[" * 100_000, "This is not JSON"),
    ],
)  # fmt: skip
def test_broken_lines_are_told_with_a_cure(broken: str, wrong: str) -> None:
    with pytest.raises(BadCorpus, match=wrong) as error:
        notes_of([broken])
    assert (error.value.line, bool(error.value.cure), "arthritis" in str(error.value)) == (1, True, False)


def test_the_line_of_an_error_is_told(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text(line() + "\n\n" + line(id="b") + "\n" + line(id="a") + "\n")
    with pytest.raises(CommandError, match=r"Line 4: The id also stands in line 1\."):
        call_command("evaluate_notes", str(tmp_path / "gold.jsonl"))
    (tmp_path / "bytes.jsonl").write_bytes(line().encode() + b"\n\xff\xfe")
    with pytest.raises(CommandError, match="Line 2: The file is not UTF-8"):
        call_command("evaluate_notes", str(tmp_path / "bytes.jsonl"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_notes", str(tmp_path / "none.jsonl"))


def test_extract_command(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Left knee flexion 0 to 105 degrees.")
    out = StringIO()
    call_command("extract_notes", str(tmp_path / "note.txt"), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert [one["label"] for one in told["entities"]] == ["LATERALITY", "BODY_REGION", "ROM"]
    assert told["findings"][0]["motion"] == "flexion"
    out = StringIO()
    call_command("extract_notes", str(tmp_path / "note.txt"), stdout=out)
    assert "left knee flexion: 0 to 105 deg  ICF b710" in out.getvalue()
    (tmp_path / "notes.jsonl").write_text(json.dumps({"id": 1, "text": TEXT}))
    out = StringIO()
    call_command("extract_notes", str(tmp_path / "notes.jsonl"), "--json", stdout=out)
    assert [one["id"] for one in json.loads(out.getvalue())["notes"]] == ["1"]


@pytest.mark.data
@pytest.mark.skipif(not (DATA / "notes_dev.jsonl").is_file(), reason="needs REHAB_DATA_DIR")
def test_development_notes() -> None:
    out = StringIO()
    call_command("evaluate_notes", str(DATA / "notes_dev.jsonl"), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert len(read_notes(DATA / "notes_dev.jsonl")) == told["notes"]
    assert told["strict"]["micro"]["f1"] > 0.95
