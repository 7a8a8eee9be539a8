"""Probabilities that mean what they say: curves, what a manifest may hold, and what the release reaches."""

import itertools
import json
import random
import shutil
from pathlib import Path

import pytest

from notes.clini_note_extractor import System, extract, read_notes
from notes.clini_note_extractor.calibration import Calibration, Curve, Origin, calibration_in
from notes.clini_note_extractor.evaluation import as_text, evaluate_extractions
from notes.clini_note_extractor.model import load_released, released_folder
from notes.clini_note_extractor.training.calibrating import FEWEST_SPANS, fit_curve, fit_curves, main
from tests.clini_note_extractor.model.texts import PROSE

SECOND = Path(__file__).parent.parent / "written" / "second.jsonl"


def test_a_curve_keeps_order_and_bounds() -> None:
    told = [Curve(0.5, -1.0).of(one / 20) for one in range(21)]
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1
    assert Curve().of(0.3) == pytest.approx(0.3)
    assert Calibration({}).of(0.3, Origin.AGREED) == 0.3


def test_fitting_finds_how_overconfident_a_model_is() -> None:
    chance = random.Random(3)
    true = Curve(0.5, -0.4)
    said = [chance.uniform(0.02, 0.98) for _ in range(4000)]
    fitted = fit_curve(said, [chance.random() < true.of(one) for one in said])
    assert fitted.slope == pytest.approx(0.5, abs=0.1)
    assert fitted.intercept == pytest.approx(-0.4, abs=0.1)


def test_too_few_spans_bend_no_curve() -> None:
    few = [(Origin.AGREED, 0.5, True)] * (FEWEST_SPANS - 1)
    assert fit_curves(few) == {}
    assert list(fit_curves([*few, few[0]])) == [Origin.AGREED]


def test_a_curve_never_falls() -> None:
    backwards = fit_curve([0.9] * 50 + [0.1] * 50, [False] * 50 + [True] * 50)
    assert backwards.slope == 0


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"calibration": None},
        {"calibration": {"curves": []}},
        {"calibration": {"curves": {"model": {"slope": "1", "intercept": 0}}}},
        {"calibration": {"curves": {"model": {"slope": -1.0, "intercept": 0}}}},
        {"calibration": {"curves": {"model": {"slope": float("nan"), "intercept": 0}}}},
        {"calibration": {"curves": {"model": {"slope": 1e9, "intercept": 0}}}},
        {"calibration": {"curves": {"nobody": {"slope": 1.0, "intercept": 0}}}},
    ],
)
def test_what_is_no_curve_changes_nothing(told: dict[str, object]) -> None:
    assert calibration_in(told).of(0.7, Origin.MODEL) == 0.7


def test_the_release_tells_calibrated_probabilities() -> None:
    curves = load_released().calibration.curves
    assert set(curves) == set(Origin)
    for system in (System.MODEL, System.COMBINED):
        told = extract(PROSE, system=system)
        assert set(told.probabilities) == set(told.uncalibrated) == set(told.origins)
        for span, probability in told.probabilities.items():
            assert probability == curves[told.origins[span]].of(told.uncalibrated[span])
    assert {one is Origin.MODEL for one in extract(PROSE).origins.values()} == {False}
    assert set(extract(PROSE, system=System.MODEL).origins.values()) == {Origin.MODEL}


def test_calibration_helps_on_notes_that_it_was_not_fitted_on() -> None:
    notes = list(itertools.islice(read_notes(SECOND), 12))
    report = evaluate_extractions(notes, extract, system="combined", version="")
    told = report.calibration()
    assert told is not None
    assert told["ece"]["value"] < 0.5 * told["before"]["ece"]["value"]
    assert "before calibration: expected error" in as_text(report, errors=False)


def test_the_command_fits_what_the_release_ships(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(released_folder(), tmp_path / "model"))
    shipped = json.loads((folder / "manifest.json").read_text())
    main(folder)
    fitted = json.loads((folder / "manifest.json").read_text())
    for origin, curve in fitted.pop("calibration")["curves"].items():
        kept = shipped["calibration"]["curves"][origin]
        # Rules move on; a curve that no longer fits them is fitted anew.
        assert curve["slope"] == pytest.approx(kept["slope"], abs=0.25)
        assert curve["intercept"] == pytest.approx(kept["intercept"], abs=0.5)
    shipped.pop("calibration")
    assert fitted == shipped
    assert "## Calibration" in (folder / "MODEL_CARD.md").read_text()


def test_a_model_chosen_by_other_notes_is_not_calibrated_on_these(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(released_folder(), tmp_path / "model"))
    manifest = json.loads((folder / "manifest.json").read_text())
    raw = json.dumps(manifest | {"validation_sha256": "0" * 64})
    (folder / "manifest.json").write_text(raw)
    with pytest.raises(ValueError, match="other validation notes"):
        main(folder)
    assert (folder / "manifest.json").read_text() == raw
