"""What a safety run and the evaluation command measure with: the spine's ears, a library, and one model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clinic.errors import HouseError
from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope
from patients.services.listening import listen
from sessions.assistant_models import fingerprint_of, make_model
from sessions.models import ModelProvider
from sessions.rehab_bot.evaluation import Asking, library_maker
from sessions.rehab_bot.evaluation.suite import suite_fingerprint
from sessions.selectors.assistant.providers import provider_by_ref
from sessions.services.assistant.providers import key_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EMBEDDED, HOSTILE_PREFIX = "embedded", "hostile:"


class UnknownModel(ValueError):
    """The command line names no model that can be asked; the words say why."""


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model to be measured; `model` None is the answers without one."""

    name: str
    fingerprint: str
    model: "BaseChatModel | None" = None
    timeout_s: float = 20.0


def asking_of(model: "BaseChatModel | None", *, timeout_s: float = 20.0) -> Asking:
    """Turns are heard as the conversation hears them."""
    return Asking(
        listen=lambda turns: listen(turns).fresh, library=library_maker(), model=model, timeout_s=timeout_s
    )


def named_model(name: str, *, clinic_slug: str = "") -> NamedModel:
    """The model that a command line names. Raises UnknownModel."""
    if name == EMBEDDED:
        return NamedModel(EMBEDDED, fingerprint_of(None))
    if name.startswith(HOSTILE_PREFIX):
        return _hostile(name)
    clinic = Clinic.objects.filter(slug=clinic_slug).first()
    if clinic is None:
        raise UnknownModel("Name the clinic whose model it is: --clinic SLUG.")
    with clinic_scope(clinic.pk):
        try:
            provider = provider_by_ref(name)
            return NamedModel(f"{provider.kind}:{provider.model}", fingerprint_of(provider), *_made(provider))
        except HouseError as error:
            raise UnknownModel(error.words) from error


def _made(provider: ModelProvider) -> "tuple[BaseChatModel, float]":
    return make_model(provider, key=key_of(provider)), float(provider.timeout_s)


def _hostile(name: str) -> NamedModel:
    from sessions.rehab_bot.suite.hostile import HOSTILE

    wanted = name.removeprefix(HOSTILE_PREFIX)
    if wanted not in HOSTILE:
        raise UnknownModel(f"There is no hostile model {wanted!r}. Known: {', '.join(sorted(HOSTILE))}.")
    return NamedModel(name, suite_fingerprint(kind="hostile", model=wanted), HOSTILE[wanted](), 2.0)
