"""What can go wrong with prescriptions, as nouns with data."""

from uuid import UUID

from clinic.errors import Conflict, Invalid, NotFound


class ExerciseNotFound(NotFound):
    def __init__(self, asked: UUID | str) -> None:
        super().__init__("We could not find that exercise.")
        self.asked = asked


class PrescriptionNotFound(NotFound):
    def __init__(self, asked: UUID | str) -> None:
        super().__init__("We could not find that plan.")
        self.asked = asked


class TemplateNotFound(NotFound):
    def __init__(self, asked: UUID | str) -> None:
        super().__init__("We could not find that programme.")
        self.asked = asked


class DoseOutOfRange(Invalid):
    """A number of the dose is outside what can be prescribed."""

    def __init__(self, field: str, asked: object, least: int, most: int) -> None:
        words = f"{FIELD_WORDS[field]}: from {least} to {most}."
        super().__init__(words, fields={field: words})
        self.field, self.asked, self.least, self.most = field, asked, least, most


class SideNotPossible(Invalid):
    def __init__(self, side: str, possible: tuple[str, ...]) -> None:
        words = "This exercise cannot be done on that side."
        super().__init__(words, fields={"side": words})
        self.side, self.possible = side, possible


class TextTooLong(Invalid):
    def __init__(self, field: str, length: int, most: int) -> None:
        words = f"This is too long. {most} letters are the most."
        super().__init__(words, fields={field: words})
        self.field, self.length, self.most = field, length, most


class TooManyExercises(Invalid):
    """More than four exercises lower adherence: it needs a tick."""

    def __init__(self, count: int, limit: int) -> None:
        words = f"{count} exercises. With more than {limit}, people do less. Tick the box to go on."
        super().__init__(words, fields={"more_than_four": words})
        self.count, self.limit = count, limit


class PlanEmpty(Invalid):
    def __init__(self) -> None:
        super().__init__("A plan needs at least one exercise.")


class PlanEnded(Conflict):
    def __init__(self, ref: UUID) -> None:
        super().__init__("This plan has ended.")
        self.ref = ref


class ExerciseAlreadyInPlan(Conflict):
    def __init__(self, code: str) -> None:
        super().__init__("This exercise is in the plan already. Change its dose instead.")
        self.code = code


class RulesRefused(Invalid):
    """The new rules of an exercise do not fit together."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"These rules do not fit together: {reason}")
        self.reason = reason


class AlreadySigned(Conflict):
    def __init__(self, ref: UUID) -> None:
        super().__init__("This version is signed already.")
        self.ref = ref


class TemplateNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__("There is a programme with this name already.")
        self.name = name


FIELD_WORDS = {
    "sets": "Sets",
    "repetitions": "Repetitions",
    "hold_s": "Hold, in seconds",
    "rest_s": "Rest, in seconds",
    "days_per_week": "Days a week",
}
