"""How well PostureGuard counts and judges, measured on people. No web framework."""

from sessions.posture_guard.validation.errors import BadData
from sessions.posture_guard.validation.report import SEPARATES_FROM, Report, validate
from sessions.posture_guard.validation.storing import NOT_SHOWN, store
from sessions.posture_guard.validation.words import as_text

__all__ = ["NOT_SHOWN", "SEPARATES_FROM", "BadData", "Report", "as_text", "store", "validate"]
