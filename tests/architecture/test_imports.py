"""The import rule: apps import only to the right, edges call services, science loads no web framework."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCIENCE = (
    "clinic.model_export",
    "clinic.statistics",
    "notes.clini_note_extractor",
    "patients.red_flags",
    "prescriptions.adapt_rx",
    "prescriptions.library",
    "prescriptions.movement",
    "sessions.motion_trend",
    "sessions.posture_guard",
    "sessions.rehab_bot",
    "sessions.video",
)
WEB = ("django", "rest_framework", "celery", "channels", "allauth", "auditlog", "psycopg")
TRAINING = ("torch", "transformers", "onnx", "safetensors", "clinic.model_export")
APPS = ("clinic", "patients", "prescriptions", "sessions", "notes")


def modules_of(package: str) -> list[str]:
    """Every module below a science package, programs excepted."""
    folder = ROOT / package.replace(".", "/")
    files = [path for path in folder.rglob("*.py") if path.name != "__main__.py"]
    dotted = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    return sorted(name.removesuffix(".__init__") for name in dotted)


def test_contracts_are_kept() -> None:
    linter = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    done = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("package", SCIENCE)
def test_science_loads_no_web_framework(package: str) -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {modules_of(package)!r}: importlib.import_module(name)\n"
        f"print(*sorted(set({WEB!r}) & {{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-3000:]


def test_the_web_process_loads_no_training_framework() -> None:
    """The server, every address with its views, and the workers' tasks: what is served needs no torch."""
    code = (
        "import os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'clinic.config.settings.test'\n"
        "import clinic.config.asgi, clinic.config.urls, notes.views.editor, notes.tasks, sessions.tasks\n"
        "assert 'notes.clini_note_extractor.extractor' in sys.modules\n"
        f"print(*sorted(set({TRAINING!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-3000:]


@pytest.mark.parametrize("app", APPS)
def test_app_packages_are_empty(app: str) -> None:
    assert (ROOT / app / "__init__.py").read_text() == ""


def test_no_app_imports_the_wiring() -> None:
    wiring = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "clinic/config" not in str(path) and "clinic.config" in path.read_text()
    ]
    assert wiring == []
