"""Migrations are named, small and repeatable, and import no app code but the tenancy operations."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted(
    path
    for app in ("clinic", "patients", "prescriptions", "sessions", "notes")
    for path in (ROOT / app / "migrations").glob("[0-9]*.py")
)
# The kit's own operations, defaults and column types are frozen by contract and may be named.
ALLOWED = ("clinic.tenancy", "clinic.audit")


def imported_by(path: Path) -> set[str]:
    """Names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_migration_says_what_it_does(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", path.stem)
    assert "_auto_" not in path.stem
    assert not path.stem.endswith(("_initial", "_update", "_alter"))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_migration_imports_no_app_code(path: Path) -> None:
    ours = {
        name
        for name in imported_by(path)
        if name.split(".")[0] in {"clinic", "patients", "prescriptions", "sessions", "notes"}
        and not name.startswith(ALLOWED)
    }
    assert ours == set()
