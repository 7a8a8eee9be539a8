from sessions.models.device import Device, DeviceBatch
from sessions.models.exercise_set import ExerciseSet
from sessions.models.job import Job, VideoUpload
from sessions.models.movement import MovementDay, MovementMeasure, TimedTest, WalkingBout
from sessions.models.movement_alarm import ColumnMapping, MovementAlarm, MovementSettings
from sessions.models.movement_request import MovementRequest
from sessions.models.movement_upload import MovementUpload, MovementUploadFile
from sessions.models.recording import Recording, RecordingSegment
from sessions.models.repetition import Repetition
from sessions.models.session import TherapySession
from sessions.models.set_adjustment import SetAdjustment

__all__ = [
    "ColumnMapping",
    "Device",
    "DeviceBatch",
    "ExerciseSet",
    "Job",
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
    "SetAdjustment",
    "TherapySession",
    "TimedTest",
    "VideoUpload",
    "WalkingBout",
]
