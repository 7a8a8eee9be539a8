"""The errands behind the Makefile: steps that speak, rings that forget no test, an honest set-up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.config.chores import rings, setup
from clinic.config.chores.progress import StepFailed, Steps

ROOT = Path(__file__).resolve().parents[2]


def test_steps_are_numbered_and_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps(total=2, log=tmp_path / "log")
    steps.run("Say hello", [sys.executable, "-c", "print('hello')"])
    steps.skip("Say goodbye", "unchanged")
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["[1/2] Say hello … done in 0 s", "[2/2] Say goodbye … unchanged"]
    assert "hello" in (tmp_path / "log").read_text()


def test_a_failed_step_shows_only_its_own_output(tmp_path: Path) -> None:
    steps = Steps(total=2, log=tmp_path / "log")
    steps.run("First", [sys.executable, "-c", "print('earlier')"])
    with pytest.raises(StepFailed) as failure:
        steps.run("Second", [sys.executable, "-c", "raise SystemExit('what went wrong')"])
    assert str(failure.value).startswith("Second failed:")
    assert "what went wrong" in str(failure.value)
    assert "earlier" not in str(failure.value)


def test_no_test_folder_is_forgotten() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    top = {folder.relative_to(ROOT / "tests").parts[0] for folder in folders}
    ringed = [name for names in rings.rings().values() for name in names]
    assert sorted(ringed) == sorted(top)


def test_set_up_runs_on_a_bare_python() -> None:
    code = (
        "import sys; import clinic.config.chores.setup;"
        "files = {name: str(getattr(module, '__file__', '')) for name, module in sys.modules.items()};"
        "print(*(name for name, file in files.items() if 'site-packages' in file))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.defpath},
    )
    loaded = [name for name in done.stdout.split() if not name.startswith("_")]
    assert loaded == []


def test_set_up_notices_a_changed_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "VENV", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    lock = tmp_path / "base.txt"
    lock.write_text("one==1")
    assert not setup.is_installed([lock])
    setup.stamp_of(lock).write_text(setup.digest(lock))
    assert setup.is_installed([lock])
    lock.write_text("one==2")
    assert not setup.is_installed([lock])
