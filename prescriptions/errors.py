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


class DecisionNotFound(NotFound):
    def __init__(self, asked: UUID | str) -> None:
        super().__init__("We could not find that proposal.")
        self.asked = asked


class ProposalGone(Conflict):
    """It was decided, replaced or overtaken by a change of the plan meanwhile; the words say by whom."""

    def __init__(self, ref: UUID, words: str) -> None:
        super().__init__(words)
        self.ref = ref


class OutsideBounds(Invalid):
    """A therapist asks for more than the safety rules allow: possible, with a tick, and it is logged."""

    def __init__(self) -> None:
        words = "This goes beyond what the safety rules allow now. Tick the box if you want it all the same."
        super().__init__(words, fields={"beyond_mask": words})


class ReasonMissing(Invalid):
    def __init__(self) -> None:
        words = "Say why in a few words."
        super().__init__(words, fields={"reason": words})


class UndoImpossible(Conflict):
    def __init__(self, ref: UUID, words: str) -> None:
        super().__init__(words)
        self.ref = ref


class BoundsRefused(Invalid):
    """The limits of a dose do not fit together. `fields` says which."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("Please check the limits.", fields=faults)
        self.faults = faults


class ProtocolFaults(Invalid):
    """A protocol that cannot be followed, with every fault in plain words."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("This protocol cannot be followed yet: " + " ".join(faults))
        self.faults = faults


FIELD_WORDS = {
    "sets": "Sets",
    "repetitions": "Repetitions",
    "hold_s": "Hold, in seconds",
    "rest_s": "Rest, in seconds",
    "days_per_week": "Days a week",
}
