"""House habits that a program can check: sizes, leftovers, and nothing about one machine."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES_IN_FILE = 450
MOST_LINES_IN_FUNCTION = 70
# Written in parts, so that this file does not find itself.
MACHINE_PATHS = re.compile("/" + r"(?:work|opt|root|home)/[a-z]", re.IGNORECASE)
# A lock file must install from whatever registry its reader uses.
REGISTRY = re.compile(r"://|--index|--extra-index|--find-links")
LEFTOVER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
VENUES = {".py", ".ts", ".html", ".css", ".md", ".toml", ".json", ".txt", ".in", ".yaml", ".yml", ".sh", ""}


def tracked() -> list[Path]:
    """Text files that git tracks."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.suffix in VENUES and path.is_file()]


TRACKED = tracked()
PYTHON = [path for path in TRACKED if path.suffix == ".py" and "migrations" not in path.parts]


def test_no_file_names_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TRACKED
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    found = [
        str(path.relative_to(ROOT)) for path in TRACKED if LEFTOVER.search(path.read_text(errors="replace"))
    ]
    assert found == []


def test_files_are_one_thought() -> None:
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in PYTHON}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES_IN_FILE} == {}


def test_functions_are_sentences() -> None:
    found = {}
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines >= MOST_LINES_IN_FUNCTION:
                    found[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert found == {}


@pytest.mark.parametrize("name", ["base", "video", "dev", "films"])
def test_requirements_name_no_registry(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert REGISTRY.findall(text) == []


def test_npm_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


@pytest.mark.parametrize("name", ["base", "video", "dev", "films"])
def test_every_requirement_is_locked_by_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", "")
    wanted = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line for line in wanted if "==" not in line or "--hash=sha256:" not in line] == []
