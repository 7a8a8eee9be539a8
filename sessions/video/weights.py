"""Assemble the pose model: `python -m sessions.video.weights`.

The npm package @mediapipe/pose (Apache-2.0) holds the detector and the landmark models as plain TFLite
files. Here they get the metadata that MediaPipe's Pose Landmarker wants and are zipped, uncompressed and
aligned, into `.task` bundles: the same bytes each time, checked against pinned sha256, loaded by Python and
by the browser.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from sessions.video.errors import PoseModelUnavailable, PosePackageMissing, WeightsChanged, WeightsMissing

PROJECT = Path(__file__).resolve().parents[2]
POSE_PACKAGE = PROJECT / "node_modules" / "@mediapipe" / "pose"
MODELS = PROJECT / "build" / "models"
PACKAGE_VERSION = "0.5.1675469404"

SHA256: dict[str, str] = {
    "lite": "0f0e4e0e46c65e77ad1a17e3eea21d0204f220bcb93daf4d5a601217cde0d770",
    "full": "47d7b4baf0a774bed99100f419e18c4034de382e51433b11246d47fd0b9c44c5",
}
_DETECTOR_FILE = "pose_solution_packed_assets.data"
_ALIGNMENT = 16
# Android zipalign's extra field: MediaPipe maps the models without copying, so they must be aligned.
_ALIGN_FIELD = 0xD935


@dataclass(frozen=True)
class ModelFacts:
    """What the metadata of one TFLite model says: name, input normalisation and the names of its outputs."""

    name: str
    description: str
    mean: float
    std: float
    low: float
    high: float
    outputs: tuple[str, ...]


DETECTOR = ModelFacts(
    "Pose Detection", "Detects human poses", 127.5, 127.5, -1.0, 1.0, ("raw boxes/keypoints", "scores")
)
LANDMARKER = ModelFacts(
    "Pose Landmark",
    "Detects human pose landmarks",
    0.0,
    255.0,
    0.0,
    1.0,
    ("landmarks", "presence", "segmentation_mask", "heat_map", "world_landmarks"),
)


def weights_path(size: str = "full", *, models: Path = MODELS) -> Path:
    """Where the assembled bundle is. Raises WeightsMissing."""
    path = models / f"pose_landmarker_{size}.task"
    if not path.is_file():
        raise WeightsMissing(path)
    return path


def assemble(package: Path = POSE_PACKAGE, models: Path = MODELS) -> list[Path]:
    """Write pose_landmarker_{lite,full}.task into `models`. Raises PosePackageMissing, WeightsChanged."""
    if not (package / _DETECTOR_FILE).is_file():
        raise PosePackageMissing(package)
    detector = with_metadata((package / _DETECTOR_FILE).read_bytes(), DETECTOR)
    paths = []
    for size, pinned in SHA256.items():
        landmarker = with_metadata((package / f"pose_landmark_{size}.tflite").read_bytes(), LANDMARKER)
        entries = [("pose_detector.tflite", detector), ("pose_landmarks_detector.tflite", landmarker)]
        paths.append(_write_checked(models / f"pose_landmarker_{size}.task", bundle(entries), pinned))
    return paths


def is_assembled(models: Path = MODELS) -> bool:
    """Whether all bundles are there with the pinned content."""
    paths = {size: models / f"pose_landmarker_{size}.task" for size in SHA256}
    return all(path.is_file() and _sha256(path.read_bytes()) == SHA256[size] for size, path in paths.items())


def _write_checked(path: Path, content: bytes, pinned: str) -> Path:
    found = _sha256(content)
    if found != pinned:
        raise WeightsChanged(path.name, expected_sha256=pinned, found_sha256=found)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(path)
    return path


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _generated(name: str) -> Any:
    """A FlatBuffers schema module out of the mediapipe wheel.

    Loaded by its file: importing the package would load OpenCV and with it the system's graphics libraries,
    which a machine that only builds the pages need not have.
    """
    package = importlib.util.find_spec("mediapipe")
    if package is None or package.origin is None:
        raise PoseModelUnavailable("the Python package mediapipe is not installed")
    path = Path(package.origin).parent / "tasks" / "metadata" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"mediapipe_{name}", path)
    if spec is None or spec.loader is None:
        raise PoseModelUnavailable(f"{path.name} is not in the package mediapipe")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_metadata(tflite: bytes, facts: ModelFacts) -> bytes:
    """A TFLite model with MediaPipe's metadata added to it."""
    import flatbuffers

    schema = _generated("schema_py_generated")
    read_model = getattr(schema.Model, "GetRootAs", None) or schema.Model.GetRootAsModel
    model: Any = schema.ModelT.InitFromObj(read_model(tflite, 0))
    holder: Any = schema.BufferT()
    holder.data = _metadata(facts)
    model.buffers.append(holder)
    entry: Any = schema.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers) - 1
    kept = [e for e in (model.metadata or []) if e.name not in (b"TFLITE_METADATA", "TFLITE_METADATA")]
    model.metadata = [*kept, entry]
    builder = flatbuffers.Builder(len(tflite) + 65536)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _metadata(facts: ModelFacts) -> bytes:
    import flatbuffers

    schema = _generated("metadata_schema_py_generated")
    about: Any = schema.ModelMetadataT()
    about.name, about.description = facts.name, facts.description
    about.version, about.author, about.minParserVersion = "1", "MediaPipe", "1.0.0"
    graph: Any = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [_input_metadata(facts, schema)]
    graph.outputTensorMetadata = [_output_metadata(name, schema) for name in facts.outputs]
    about.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(about.Pack(builder), b"M001")
    return bytes(builder.Output())


def _input_metadata(facts: ModelFacts, schema: Any) -> Any:
    tensor = schema.TensorMetadataT()
    tensor.name, tensor.description = "image", "Input image"
    tensor.content = schema.ContentT()
    tensor.content.contentPropertiesType = schema.ContentProperties.ImageProperties
    tensor.content.contentProperties = schema.ImagePropertiesT()
    tensor.content.contentProperties.colorSpace = schema.ColorSpaceType.RGB
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = schema.NormalizationOptionsT()
    unit.options.mean, unit.options.std = [facts.mean], [facts.std]
    tensor.processUnits = [unit]
    tensor.stats = schema.StatsT()
    tensor.stats.min, tensor.stats.max = [facts.low], [facts.high]
    return tensor


def _output_metadata(name: str, schema: Any) -> Any:
    tensor = schema.TensorMetadataT()
    tensor.name = name
    tensor.content = schema.ContentT()
    tensor.content.contentPropertiesType = schema.ContentProperties.FeatureProperties
    tensor.content.contentProperties = schema.FeaturePropertiesT()
    tensor.stats = schema.StatsT()
    return tensor


def bundle(entries: list[tuple[str, bytes]]) -> bytes:
    """A zip of stored, 16-byte aligned entries with a fixed date: identical bytes each time."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            start = target.tell() + 30 + len(name) + 6
            padding = -start % _ALIGNMENT
            info.extra = struct.pack("<HHH", _ALIGN_FIELD, 2 + padding, _ALIGNMENT) + b"\0" * padding
            archive.writestr(info, content)
    return target.getvalue()


def main() -> int:
    """Assemble the bundles unless they are there; 0 when they are."""
    if is_assembled():
        sys.stdout.write("pose weights: already assembled\n")
        return 0
    try:
        paths = assemble()
    except (PoseModelUnavailable, PosePackageMissing, WeightsChanged) as problem:
        sys.stderr.write(f"pose weights: {problem}\n")
        return 1
    for path in paths:
        sys.stdout.write(f"pose weights: {path.name} ({path.stat().st_size:,} bytes, sha256 checked)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
