"""What can go wrong with a session, as nouns with their data. No HTTP in here."""

from uuid import UUID

from clinic.errors import Conflict, Forbidden, Invalid, NotFound


class SessionNotFound(NotFound):
    words = "We could not find that session."


class SetNotFound(NotFound):
    words = "We could not find that set."


class RecordingNotFound(NotFound):
    words = "We could not find that recording."


class JobNotFound(NotFound):
    words = "We could not find that job."


class BoutNotFound(NotFound):
    words = "We could not find that stretch of walking."


class NotWatchable(Forbidden):
    words = "The patient has not agreed to be watched live."


class NothingToDoToday(Conflict):
    words = "There is no exercise planned for today."


class ExerciseOnHold(Conflict):
    words = "Your therapist wants to talk to you before you exercise again."


class SessionIsOver(Conflict):
    words = "This session has ended."


class SetIsOver(Conflict):
    words = "This set has ended."


class SetNotDone(Conflict):
    words = "You have not done this set yet. Do it first, then say how it was."


class AnswerOutOfRange(Invalid):
    words = "Tap one of the answers: it is a whole number from 0 to 10."

    def __init__(self, value: object = None) -> None:
        super().__init__()
        self.value = value


class AnswerTooLate(Conflict):
    words = "This set is too long ago to answer for. Write to your therapist instead."


class RecordingTakenOver(Conflict):
    words = "This set goes on in another window."


class RecordingIsOver(Conflict):
    words = "This recording has ended."


class RecordingNotReady(Conflict):
    words = "This recording is still being received, or there is nothing in it."


class ReasonMissing(Invalid):
    words = "Say why, so that the record explains itself."


class HeaderChanged(Conflict):
    words = "The camera picture has changed its shape. Finish this set and start another."


class VideoRefused(Invalid):
    """An uploaded file that we will not analyse; ``words`` tell the person why and what to do."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class MovementUploadRefused(Invalid):
    """Sensor files that we will not take; ``words`` tell why, the refs where they are already."""

    def __init__(
        self, code: str, words: str, *, recording_ref: UUID | None = None, job_ref: UUID | None = None
    ) -> None:
        super().__init__(words)
        self.code = code
        self.recording_ref = recording_ref
        self.job_ref = job_ref


class ColumnsNotAsked(Conflict):
    words = "These files do not wait for anybody to name their columns."


class RequestNotFound(NotFound):
    words = "We could not find that request for a test."


class DeviceNotFound(NotFound):
    words = "We could not find that sensor."


class DeviceNotKnown(Forbidden):
    words = "This key is not known here."


class TooManyDevices(Invalid):
    words = "There are twenty sensors already. Take the key of an old one back first."


class ClockTooFarOff(Invalid):
    words = (
        "The sensor's clock is wrong: the samples are from the future or more than 60 days old. "
        "Set its clock, then send them again."
    )


class MotionConsentMissing(Forbidden):
    words = "The patient has not agreed to send movement. They can allow it under “My record”."


class BatchChanged(Conflict):
    words = "This key was used for another batch. Make a new key for each batch."


class SetOfAnotherPatient(NotFound):
    words = "That exercise set is not one of this sensor's patient."
