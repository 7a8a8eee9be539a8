"""Where sensor files are kept: private disk, or a bucket that speaks S3."""

from typing import Any

import environ

DISK = {"BACKEND": "clinic.private_storage.PrivateFolder", "OPTIONS": {"folder": "motion"}}


def motion_storage(env: environ.Env) -> dict[str, Any]:
    """The storage behind the alias "motion". The bucket's key pair comes from the machine's environment
    (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from its role.
    """
    if env("PLUMBLINE_MOTION_STORAGE", default="disk") != "s3":
        return DISK
    from botocore.config import Config

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("PLUMBLINE_MOTION_BUCKET"),
            "endpoint_url": env("PLUMBLINE_MOTION_ENDPOINT", default=None),
            "region_name": env("PLUMBLINE_MOTION_REGION", default=None),
            "location": env("PLUMBLINE_MOTION_PREFIX", default=""),
            "default_acl": None,
            "file_overwrite": False,
            # Many stores that speak S3 refuse the newer checksums in trailers; ours is the file's own sha256.
            "client_config": Config(
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                retries={"max_attempts": 3},
            ),
        },
    }
