"""A sensor gateway, as tests play it."""

import gzip
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy as np
import orjson
from django.test import Client

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from patients.services.people import give_consent
from sessions import services
from sessions.models import Device
from sessions.motion_codec import IMU_FRAME


def batch_body(*, ago_s: float = 600.0, seconds: float = 2.0, rate_hz: float = 50.0) -> dict[str, Any]:
    """A batch that began `ago_s` ago, at rest."""
    count = round(seconds * rate_hz)
    first = (time.time() - ago_s) * 1000.0
    return {
        "t_ms": [first + 1000.0 * i / rate_hz for i in range(count)],
        "acceleration": [[0.1, 0.2, 9.8]] * count,
        "acceleration_unit": "m/s2",
        "angular_velocity": [[0.0, 0.1, 0.0]] * count,
        "angular_velocity_unit": "rad/s",
    }


def batch_frames(count: int = 100) -> bytes:
    """The same as binary frames."""
    frames = np.zeros(count, dtype=IMU_FRAME)
    frames["capture_ms"] = (time.time() - 300.0) * 1000.0 + 20.0 * np.arange(count)
    frames["acceleration"] = (0.1, 0.2, 9.8)
    return frames.tobytes()


@dataclass
class Gateway:
    """One sensor with its key."""

    clinic: str
    device: Device
    token: str

    def send(
        self, body: bytes | dict[str, Any], *, key: str = "", zipped: bool = False, **headers: str
    ) -> Any:
        """Post a batch; a dict goes as JSON."""
        raw = orjson.dumps(body) if isinstance(body, dict) else body
        if zipped:
            raw, headers = gzip.compress(raw), {"Content-Encoding": "gzip", **headers}
        sent = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or str(uuid4()), **headers}
        content_type = sent.pop("Content-Type", "application/json")
        path = f"/devices/{self.clinic}/batches/"
        return Client().post(path, data=raw, content_type=content_type, headers=sent)


def make_gateway(patient: Patient, *, clinic: str = "north", agreed: bool = True) -> Gateway:
    """A sensor of a patient, who agreed."""
    with clinic_scope(patient.clinic_id):
        if agreed:
            give_consent(patient, "motion")
        device, token = services.register_device(
            patient, kind="gateway", name="Blue sensor", placement="lower_back", by=patient.membership
        )
    return Gateway(clinic=clinic, device=device, token=token)
