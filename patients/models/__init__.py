"""Who we treat, and what must not be missed about them."""

from patients.models.alert import Alert
from patients.models.attention import AttentionReason
from patients.models.care_team import CareTeamMember
from patients.models.consent import Consent
from patients.models.day_summary import DaySummary
from patients.models.episode import EpisodeOfCare
from patients.models.exercise_hold import ExerciseHold
from patients.models.message import Message
from patients.models.pain_report import PainReport
from patients.models.patient import NameKeyField, Patient, name_key
from patients.models.questionnaire import QuestionnaireRequest, QuestionnaireResponse
from patients.models.timeline import TimelineEntry

__all__ = [
    "Alert",
    "AttentionReason",
    "CareTeamMember",
    "Consent",
    "DaySummary",
    "EpisodeOfCare",
    "ExerciseHold",
    "Message",
    "NameKeyField",
    "PainReport",
    "Patient",
    "QuestionnaireRequest",
    "QuestionnaireResponse",
    "TimelineEntry",
    "name_key",
]
