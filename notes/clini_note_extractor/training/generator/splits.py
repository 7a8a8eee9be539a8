"""Which frame and which name belongs to training and which to validation: decided by its own words, so that
adding one moves no other.
"""

from __future__ import annotations

import hashlib
from typing import Literal

Split = Literal["train", "validation"]
VALIDATION_OF_256 = 36


def split_of(words: str) -> Split:
    """The split of a frame or of a rare name; case and white space do not count."""
    key = " ".join(words.lower().split())
    byte = hashlib.sha256(key.encode()).digest()[0]
    return "validation" if byte < VALIDATION_OF_256 else "train"
