"""How well PostureGuard counts and judges, measured on people. No web framework."""

from sessions.posture_guard.validation.errors import BadData
from sessions.posture_guard.validation.report import NOT_SHOWN, SEPARATES_FROM, Report, validate

__all__ = ["NOT_SHOWN", "SEPARATES_FROM", "BadData", "Report", "validate"]
