from sessions.models.article import Article, ArticleVersion
from sessions.models.assistant import Conversation, Turn
from sessions.models.device import Device, DeviceBatch
from sessions.models.exercise_set import ExerciseSet
from sessions.models.job import Job, VideoUpload
from sessions.models.model_provider import AssistantSettings, ModelProvider, SafetyRun
from sessions.models.movement import MovementDay, MovementMeasure, TimedTest, WalkingBout
from sessions.models.movement_alarm import ColumnMapping, MovementAlarm, MovementSettings
from sessions.models.movement_request import MovementRequest
from sessions.models.movement_upload import MovementUpload, MovementUploadFile
from sessions.models.recording import Recording, RecordingSegment
from sessions.models.repetition import Repetition
from sessions.models.session import TherapySession
from sessions.models.set_adjustment import SetAdjustment

__all__ = [
    "Article",
    "ArticleVersion",
    "AssistantSettings",
    "ColumnMapping",
    "Conversation",
    "Device",
    "DeviceBatch",
    "ExerciseSet",
    "Job",
    "ModelProvider",
    "MovementAlarm",
    "MovementDay",
    "MovementMeasure",
    "MovementRequest",
    "MovementSettings",
    "MovementUpload",
    "MovementUploadFile",
    "Recording",
    "RecordingSegment",
    "Repetition",
    "SafetyRun",
    "SetAdjustment",
    "TherapySession",
    "TimedTest",
    "Turn",
    "VideoUpload",
    "WalkingBout",
]
