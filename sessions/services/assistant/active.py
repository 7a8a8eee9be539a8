"""The model that may answer a clinic's patients at this moment, if any.

Everything that can be wrong with it ends in None: the patient is then answered without a model.
"""

import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from clinic.errors import HouseError
from clinic.models import Clinic
from sessions.assistant_models import fingerprint_of, make_model
from sessions.models import ModelProvider
from sessions.selectors.assistant.providers import active_provider, is_safe
from sessions.services.assistant.budget import cost_of, is_over_budget
from sessions.services.assistant.providers import key_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """A model ready to be asked. `timeout_s`: seconds of wall-clock time that an answer may take."""

    provider: ModelProvider
    model: "BaseChatModel"
    timeout_s: float

    def cost(self, *, tokens_in: int, tokens_out: int) -> Decimal:
        """What so many tokens cost in the provider's currency."""
        return cost_of(self.provider, tokens_in=tokens_in, tokens_out=tokens_out)


def active_model(clinic: Clinic) -> ActiveModel | None:
    """The model to ask now. None when none is switched on, the budget is used up, the newest safety run of
    exactly this model has not passed, or it cannot be reached by the rules of today.
    """
    provider = active_provider()
    if provider is None or why_silent(provider, clinic=clinic):
        return None
    try:
        model = make_model(provider, key=key_of(provider))
    except (HouseError, ValueError, ImportError) as error:
        logger.error("model provider %s cannot be used: %s", provider.ref, type(error).__name__)
        return None
    return ActiveModel(provider, model, float(provider.timeout_s))


def why_silent(provider: ModelProvider, *, clinic: Clinic) -> str:
    """Why a model that is switched on does not answer now, in words; empty when it does."""
    if not is_safe(provider, fingerprint_of(provider)):
        return (
            "Its safety run is out of date: the prompt or the suite has changed since, or the newest run "
            "did not pass."
        )
    if is_over_budget(provider, clinic=clinic):
        return "This month's budget is used up."
    return ""
