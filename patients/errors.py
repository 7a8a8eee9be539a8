"""What can go wrong with patients, as nouns with data."""

from uuid import UUID

from clinic.errors import Conflict, Forbidden, Invalid, NotFound
from patients.red_flags.types import RedFlagHit


class PatientNotFound(NotFound):
    """No such patient here, or not for this person: the answer is the same."""

    def __init__(self, ref: UUID | str | None = None) -> None:
        super().__init__("We could not find that patient.")
        self.ref = ref


class NotOnCareTeam(Forbidden):
    """A colleague asked who is not on the patient's care team."""

    # `check_patient_access` writes the refusal down with the patient.
    audited = True

    def __init__(self, ref: UUID | str) -> None:
        super().__init__("You are not on this patient's care team. Ask someone who is to add you.")
        self.ref = ref


class AlertNotFound(NotFound):
    def __init__(self, ref: UUID | str) -> None:
        super().__init__("We could not find that alert.")
        self.ref = ref


class AlertAlreadyClosed(Conflict):
    def __init__(self, ref: UUID) -> None:
        super().__init__("This alert is closed already.")
        self.ref = ref


class OutcomeMissing(Invalid):
    def __init__(self) -> None:
        super().__init__("Say what you did.", fields={"outcome": "Say what you did."})


class PainOutOfRange(Invalid):
    def __init__(self, value: object) -> None:
        words = "Pain is a whole number from 0 to 10."
        super().__init__(words, fields={"value": words})
        self.value = value


class MomentUnknown(Invalid):
    def __init__(self, moment: str) -> None:
        super().__init__("Say when you felt this pain.", fields={"moment": "Say when you felt this pain."})
        self.moment = moment


class MessageEmpty(Invalid):
    def __init__(self) -> None:
        super().__init__("Write something first.", fields={"body": "Write something first."})


class MessageTooLong(Invalid):
    def __init__(self, length: int, allowed: int) -> None:
        words = f"This message is too long. {allowed} letters are the most."
        super().__init__(words, fields={"body": words})
        self.length, self.allowed = length, allowed


class AlreadyOnCareTeam(Conflict):
    def __init__(self) -> None:
        super().__init__("This person is on the care team already.")


class LastOnCareTeam(Conflict):
    def __init__(self) -> None:
        super().__init__("Someone must stay on the care team. Add another person first.")


class AlreadyInvited(Conflict):
    def __init__(self) -> None:
        super().__init__("This patient can sign in already.")


class NoHold(Conflict):
    def __init__(self) -> None:
        super().__init__("Exercise is not on hold.")


class TimeZoneUnknown(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(
            "We do not know this time zone.", fields={"time_zone": "We do not know this time zone."}
        )
        self.name = name


class QuestionsNotFound(NotFound):
    """No such questions or answers of this patient."""

    def __init__(self, ref: UUID | str | None = None) -> None:
        super().__init__("We could not find these questions.")
        self.ref = ref


class QuestionsStandAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("This patient is asked already. Take the questions back first, then ask anew.")


class QuestionsNotAsked(Conflict):
    """They were taken back, answered in another window, or are not due yet.

    `hit`: the pain rule that the answers broke, which the therapist was told of.
    """

    def __init__(self, *, hit: RedFlagHit | None = None) -> None:
        super().__init__("These questions are not asked any more.")
        self.hit = hit


class QuestionsAnsweredAlready(Conflict):
    def __init__(self) -> None:
        super().__init__("You have answered these questions already.")


class NothingAnswered(Invalid):
    def __init__(self) -> None:
        super().__init__("Please answer at least one question.")


class AnswerNotOnScale(Invalid):
    def __init__(self, link_id: str) -> None:
        super().__init__("One answer is not on its scale. Please choose it again.")
        self.link_id = link_id


class WordsTooLong(Invalid):
    def __init__(self, length: int, allowed: int) -> None:
        words = f"This text is too long. {allowed} letters are the most."
        super().__init__(words, fields={"words": words})
        self.length, self.allowed = length, allowed


class ActivitiesUnfit(Invalid):
    def __init__(self, words: str) -> None:
        super().__init__(words, fields={"activities": words})


class RhythmUnknown(Invalid):
    def __init__(self, weeks: object) -> None:
        words = "Choose how often to ask."
        super().__init__(words, fields={"every_weeks": words})
        self.weeks = weeks
