"""A trained network as the files that are served: int8 ONNX, in a folder that appears whole or not at all.

Only the trainings import this, since it needs torch and onnx; what is served needs neither. No web framework.
"""

from clinic.model_export.folder import (
    check_size,
    folder_in_the_making,
    package_versions,
    put_in_place,
    sha256_of,
)
from clinic.model_export.onnx_files import PACKED_WORDS, WORD_SCALES, write_int8, write_onnx

__all__ = [
    "PACKED_WORDS",
    "WORD_SCALES",
    "check_size",
    "folder_in_the_making",
    "package_versions",
    "put_in_place",
    "sha256_of",
    "write_int8",
    "write_onnx",
]
