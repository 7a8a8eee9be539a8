"""How far MotionTrend's numbers lie from a reference, measured on people. No web framework."""

from sessions.motion_trend.validation.errors import BadData
from sessions.motion_trend.validation.report import Report, validate
from sessions.motion_trend.validation.words import as_text

__all__ = ["BadData", "Report", "as_text", "validate"]
