"""The scorer against counts made by hand, and the commands against good and broken files."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from notes.clini_note_extractor import Assertion, BadCorpus, Entity, Label, Note, Span, read_notes
from notes.clini_note_extractor.corpus import notes_of
from notes.clini_note_extractor.evaluation import evaluate, score_note

DATA = Path(os.environ.get("REHAB_DATA_DIR", "nowhere"))
TEXT = "Left knee arthritis. No stroke. Gait training."


def entity(start: int, end: int, label: str, assertion: str = "present") -> Entity:
    return Entity(Span(start, end), Label(label), Assertion(assertion))


def line(**changes: Any) -> str:
    return json.dumps({"id": "a", "text": TEXT, "entities": [], **changes})


def test_counts_by_hand() -> None:
    gold = [entity(0, 5, "ROM"), entity(6, 9, "ROM"), entity(10, 14, "DIAGNOSIS"), entity(20, 24, "SURGERY")]
    found = [
        entity(0, 5, "ROM"),
        entity(6, 8, "ROM"),
        entity(10, 14, "SURGERY"),
        entity(20, 24, "SURGERY", "historical"),
        entity(30, 31, "ROM"),
    ]
    scored = score_note(gold, found)
    strict, partial = scored.strict[Label.ROM], scored.partial[Label.ROM]
    assert (strict.gold, strict.found, strict.credit) == (2, 3, 1.0)
    assert (strict.precision, strict.recall, strict.f1) == (1 / 3, 1 / 2, 2 / 5)
    assert (partial.credit, partial.f1) == (1.5, 0.6)
    assert scored.strict[Label.DIAGNOSIS].f1 == 0.0
    assert scored.assertions == ((Assertion.PRESENT, Assertion.HISTORICAL),)
    assert (len(scored.missed), len(scored.invented), len(scored.misjudged)) == (2, 3, 1)


@pytest.mark.parametrize(
    ("gold", "found", "strict", "partial"),
    [
        # As seqeval's strict mode: a wrong border or type costs a miss and an invention.
        ([(0, 3, "ROM")], [(0, 3, "ROM")], 1.0, 1.0),
        ([(0, 3, "ROM")], [(0, 4, "ROM")], 0.0, 0.5),
        ([(0, 3, "ROM")], [(0, 3, "STRENGTH")], 0.0, 0.0),
        ([(0, 3, "ROM")], [], 0.0, 0.0),
        ([], [(0, 3, "ROM")], 0.0, 0.0),
        ([(0, 9, "ROM")], [(0, 4, "ROM"), (5, 9, "ROM")], 0.0, 1 / 3),
        ([(0, 3, "ROM"), (4, 6, "ROM")], [(0, 3, "ROM")], 2 / 3, 2 / 3),
    ],
)
def test_borders_and_types(gold: list[Any], found: list[Any], strict: float, partial: float) -> None:
    scored = score_note([entity(*one) for one in gold], [entity(*one) for one in found])
    for counts, wanted in ((scored.strict, strict), (scored.partial, partial)):
        assert sum(counts.values(), start=type(counts[Label.ROM])()).f1 == pytest.approx(wanted)


def test_one_span_is_not_counted_twice() -> None:
    scored = score_note([entity(0, 3, "ROM")], [entity(0, 3, "ROM"), entity(0, 3, "ROM")])
    assert (scored.strict[Label.ROM].credit, scored.strict[Label.ROM].found) == (1.0, 2)


def test_assertion_macro_by_hand() -> None:
    note = Note("a", TEXT, (entity(0, 19, "DIAGNOSIS"), entity(24, 30, "DIAGNOSIS", "negated")))
    said = [entity(0, 19, "DIAGNOSIS"), entity(24, 30, "DIAGNOSIS")]
    told = evaluate([note], lambda _: said, system="x", version="1").assertion()
    assert (told["accuracy"], told["macro_f1"], told["n"]) == (0.5, pytest.approx(1 / 3, abs=1e-4), 2)


def test_intervals_draw_notes() -> None:
    good = Note("a", TEXT, (entity(0, 4, "ROM"),))
    bad = Note("b", "other", (entity(0, 4, "ROM"),))
    told = evaluate(
        [good, bad], lambda text: good.entities if text == TEXT else [], system="x", version="1"
    ).to_dict()
    micro = told["strict"]["micro"]
    assert (micro["precision"], micro["recall"], micro["low"], micro["high"]) == (1.0, 0.5, 0.0, 1.0)
    alone = evaluate([good], lambda _: good.entities, system="x", version="1").to_dict()
    assert (alone["strict"]["micro"]["low"], alone["strict"]["micro"]["high"]) == (None, None)


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


def test_evaluate_command_tells_numbers_only(tmp_path: Path) -> None:
    gold = [{"start": 0, "end": 19, "label": "DIAGNOSIS", "assertion": "present"}]
    (tmp_path / "gold.jsonl").write_text(line(entities=gold))
    out = StringIO()
    call_command("evaluate_notes", str(tmp_path / "gold.jsonl"), "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["strict"]["micro"] == {
        "precision": 0.3333, "recall": 1.0, "f1": 0.5, "gold": 1, "found": 3, "low": None, "high": None,
    }  # fmt: skip
    assert set(told["partial"]) == {"micro", "labels"}
    assert (told["assertion"]["accuracy"], told["assertion"]["macro_f1"]) == (1.0, 1.0)
    assert "arthritis" not in out.getvalue()
    out = StringIO()
    call_command("evaluate_notes", str(tmp_path / "gold.jsonl"), stdout=out)
    assert "[Gait training]" in out.getvalue()


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
