"""Gait from one worn sensor: walking bouts, steps and their measures, each with a band or a reason."""

from sessions.motion_trend.gait.analysis import analyse_gait, analyse_stream
from sessions.motion_trend.gait.settings import SETTINGS, GaitSettings

__all__ = ["SETTINGS", "GaitSettings", "analyse_gait", "analyse_stream"]
