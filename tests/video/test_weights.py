"""The pose weights: the same bytes each time, checked, with plain words when something is missing."""

import hashlib

import pytest

from sessions.video import weights
from sessions.video.errors import PosePackageMissing, WeightsChanged, WeightsMissing


@pytest.mark.usefixtures("pose_weights")
@pytest.mark.parametrize(("size", "length"), [("lite", 5_777_474), ("full", 9_397_958)])
def test_the_bundles_have_the_pinned_content(size, length):
    content = weights.weights_path(size).read_bytes()
    assert len(content) == length
    assert hashlib.sha256(content).hexdigest() == weights.SHA256[size]


def test_weights_that_are_not_assembled_say_what_to_run(tmp_path):
    with pytest.raises(WeightsMissing, match=r"python -m sessions\.video\.weights"):
        weights.weights_path("full", models=tmp_path)


def test_a_missing_package_says_what_to_run(tmp_path):
    with pytest.raises(PosePackageMissing, match="npm ci"):
        weights.assemble(tmp_path / "node_modules" / "@mediapipe" / "pose", tmp_path)


@pytest.mark.usefixtures("pose_weights")
def test_a_changed_package_is_refused_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(weights.SHA256, "lite", "0" * 64)
    with pytest.raises(WeightsChanged, match="Nothing was written"):
        weights.assemble(weights.POSE_PACKAGE, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_entries_are_aligned_for_mapping():
    import io
    import zipfile

    content = weights.bundle([("a.tflite", b"x" * 100), ("long_name.tflite", b"y" * 7)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            assert content.find(archive.read(info)) % 16 == 0
