from sessions.models.exercise_set import ExerciseSet
from sessions.models.job import Job, VideoUpload
from sessions.models.recording import Recording, RecordingSegment
from sessions.models.repetition import Repetition
from sessions.models.session import TherapySession

__all__ = [
    "ExerciseSet",
    "Job",
    "Recording",
    "RecordingSegment",
    "Repetition",
    "TherapySession",
    "VideoUpload",
]
