"""A patient's measured weeks, with or without a sudden drop."""

from datetime import date, timedelta

import numpy as np

from clinic.tenancy.scope import clinic_scope
from patients.local_time import local_day
from patients.models import Patient
from sessions.models import MovementMeasure
from sessions.motion_trend.metrics import METRICS

USUAL = {"walking_speed_m_s": (0.90, 0.04), "cadence_spm": (102.0, 2.5), "step_length_m": (0.53, 0.02)}


def make_course(
    patient: Patient,
    *,
    days: int = 50,
    drop_days_ago: int | None = None,
    drop: float = 0.22,
    device_since_drop: str = "",
    seed: int = 1,
) -> date:
    """Daily values until yesterday, worse by `drop` from `drop_days_ago`; answers the patient's today."""
    random = np.random.default_rng(seed)
    with clinic_scope(patient.clinic_id):
        today = local_day(patient)
        for back in range(days, 0, -1):
            dropped = drop_days_ago is not None and back <= drop_days_ago
            for code, (usual, scatter) in USUAL.items():
                source = device_since_drop if dropped and device_since_drop else "phone"
                value = (usual + random.normal(0, scatter)) * (1 - drop if dropped else 1.0)
                MovementMeasure.objects.create(
                    patient=patient,
                    code=code,
                    day=today - timedelta(days=back),
                    value=value,
                    unit=METRICS[code].unit,
                    n=5,
                    origin="bouts",
                    circumstances={"sources": [source]},
                )
    return today
