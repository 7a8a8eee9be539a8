"""The lexicons: what ICD-10-CM gives, that the committed file is what the command builds, names of rows."""

from pathlib import Path

import pytest

from notes.clini_note_extractor import extract_by_rules
from notes.clini_note_extractor.icd_names import TARGET, build, names_of
from notes.clini_note_extractor.lexicon import FOLDER, rows_of


def test_titles_become_names() -> None:
    titles = [
        "Type 2 diabetes mellitus with hyperglycemia", "Chronic sinusitis, unspecified", "Headache",
        "Other gout",
        "Deep vein thrombosis [DVT] NOS", "Adhesive capsulitis of shoulder", "Fever", "Lordosis",
        "Personal history of malignant neoplasm",
    ]  # fmt: skip
    assert list(names_of(titles)) == [
        "chronic sinusitis", "deep vein thrombosis", "adhesive capsulitis of shoulder",
    ]  # fmt: skip


def test_the_committed_names_are_what_the_command_builds(tmp_path: Path) -> None:
    pytest.importorskip("simple_icd_10_cm", reason="the training packages are not installed")
    built = tmp_path / "icd_names.tsv"
    assert build(built) > 4000
    assert built.read_bytes() == TARGET.read_bytes()


def test_a_malformed_line_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "bad.tsv"
    bad.write_text("nonsense\tno\tthing\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.tsv, line 1"):
        list(rows_of(bad))


def test_a_line_without_a_name_gives_each_term_its_shortest_wording(tmp_path: Path) -> None:
    file = tmp_path / "measures.tsv"
    file.write_text("measure\t\tKansas {City|} Scale; Abc {Score|}\tpoints\n", encoding="utf-8")
    (_, name, terms, unit), = rows_of(file)  # fmt: skip
    assert (name, terms, unit) == (
        "",
        [
            ("Kansas City Scale", "Kansas Scale"),
            ("Kansas Scale", "Kansas Scale"),
            ("Abc Score", "Abc"),
            ("Abc", "Abc"),
        ],
        "points",
    )


def test_files_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.tsv")) < 1_000_000


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MoCA 22/30", "Montreal Cognitive Assessment"),
        ("Montreal Cognitive Assessment 22/30", "Montreal Cognitive Assessment"),
        ("MMSE 27/30", "Mini-Mental State Examination"),
        ("EDSS 4.0", "Expanded Disability Status Scale"),
        ("SCIM 34", "Spinal Cord Independence Measure"),
        ("Boston Naming Test 17/60", "Boston Naming Test"),
    ],
)
def test_instruments_are_not_taken_for_each_other(text: str, name: str) -> None:
    extraction = extract_by_rules(text)
    assert extraction.names[extraction.entities[0].span] == name
