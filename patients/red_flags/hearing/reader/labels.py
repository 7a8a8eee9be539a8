"""What the second reader tells apart, and which flag and severity each of its labels stands for."""

from __future__ import annotations

from patients.red_flags.types import Severity

EMERGENCIES = (
    "cauda_equina", "spinal_infection", "cord_compression", "septic_arthritis", "dvt_pe", "cardiac",
    "stroke_neck_artery", "dislocation_block", "self_harm",
)  # fmt: skip
SAME_DAY = ("malignancy", "progressive_deficit", "postop_complication", "inflammatory")
FRACTURE_EMERGENCY, FRACTURE_SAME_DAY = "fracture_emergency", "fracture_same_day"
# The last two are no urgent flags: pain for the therapist, and whether anything at all is urgent.
PAIN, URGENT = "pain_over_limit", "urgent"
FLAG_LABELS = (*EMERGENCIES, *SAME_DAY, FRACTURE_EMERGENCY, FRACTURE_SAME_DAY)
LABELS = (*FLAG_LABELS, PAIN, URGENT)

_EMERGENCY_LABELS = frozenset({*EMERGENCIES, FRACTURE_EMERGENCY})


def flag_of(label: str) -> str:
    """The flag that a label stands for."""
    return "fracture" if label in (FRACTURE_EMERGENCY, FRACTURE_SAME_DAY) else label


def severity_of(label: str) -> Severity:
    """How urgent what a label names is."""
    return Severity.EMERGENCY if label in _EMERGENCY_LABELS else Severity.SAME_DAY


def labels_of(severity: str, flags: frozenset[str]) -> frozenset[str]:
    """The labels of a line that expects this severity and these flags."""
    urgent = severity in (Severity.EMERGENCY.value, Severity.SAME_DAY.value)
    named = {f"fracture_{severity}" if flag == "fracture" and urgent else flag for flag in flags}
    return frozenset(named & set(LABELS)) | ({URGENT} if urgent else frozenset())
