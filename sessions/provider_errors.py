"""What can go wrong with a model provider and its safety runs, as nouns with their words. No HTTP in here."""

from clinic.errors import Conflict, Invalid, NotFound


class ProviderNotFound(NotFound):
    words = "We could not find that model."


class SafetyRunNotFound(NotFound):
    words = "We could not find that safety run."


class ProviderRetired(Conflict):
    words = "This model was retired. Add it anew to use it again."


class ProviderAnswers(Conflict):
    words = (
        "This model answers patients. Switch it off before you change which model it is, or where it is "
        "called."
    )


class ProviderNotSafe(Conflict):
    words = (
        "This model may not answer patients: the newest safety run of exactly this model, address and prompt "
        "has not passed."
    )


class ProviderNotActive(Conflict):
    words = "This model does not answer patients."


class ReasonMissing(Invalid):
    words = "Say in a few words why."

    def __init__(self) -> None:
        super().__init__(fields={"reason": self.words})


class SafetyRunUnderWay(Conflict):
    words = "A safety run is under way. Wait for it, or stop it."


class SafetyRunOver(Conflict):
    words = "This safety run is over."
