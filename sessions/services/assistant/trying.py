"""One short question to a model, to see whether it answers at all. No patient's word is in it."""

import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass

from clinic.audit import Action, record
from clinic.errors import HouseError
from sessions.assistant_models import make_model
from sessions.models import ModelProvider
from sessions.rehab_bot.tracing import no_tracing
from sessions.services.assistant.providers import OBJECT, key_of

QUESTION = "Reply with the single word: ready"
LONGEST_S = 10.0
# Of the libraries' error names; their texts may hold the address or parts of the key.
WORDS = (
    (("authentication", "permission", "unauthorized"), "The key was refused."),
    (("notfound",), "The address answers, but knows no model of this name."),
    (("ratelimit",), "The provider says: too many requests, or no credit left."),
    (("timeout",), "No answer came in time."),
    (("connection", "connect", "protocol"), "Nothing answers there, or its answer is not allowed: {why}"),
    (("badrequest", "unprocessable"), "The address answers, but does not accept the request."),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether an answer came, in words for the admin; `ms` is how long it took."""

    worked: bool
    words: str
    ms: int = 0


def try_provider(provider: ModelProvider, *, longest_s: float = LONGEST_S) -> Tried:
    """Ask once. Never raises for what the other side does; its words are shown to nobody."""
    began = time.monotonic()
    try:
        model = make_model(provider, key=key_of(provider), timeout_s=min(longest_s, provider.timeout_s))
        tried = _ask(model, began, longest_s)
    except HouseError as error:
        tried = Tried(False, error.words)
    except (ValueError, ImportError):
        tried = Tried(False, "This model cannot be set up with what was entered.")
    record(
        Action.CHANGE,
        object_type=OBJECT,
        object_ref=provider.ref,
        purpose="test connection",
        detail={"worked": tried.worked},
    )
    return tried


def _ask(model: object, began: float, longest_s: float) -> Tried:
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        answer = pool.submit(_invoke, model).result(timeout=longest_s)
    except TookTooLong:
        return Tried(False, "No answer came in time.")
    except Exception as error:
        # Whatever a provider's library raises ends in words; its own text may name the key.
        return Tried(False, words_of(error))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    ms = round((time.monotonic() - began) * 1000)
    if not answer.strip():
        return Tried(False, "An answer came, but it is empty.", ms)
    return Tried(True, f"It answers, after {ms / 1000:.1f} seconds.", ms)


def _invoke(model: object) -> str:
    with no_tracing():
        return str(model.invoke(QUESTION).text)  # type: ignore[attr-defined]


def words_of(error: BaseException) -> str:
    """What went wrong, by the kind of error and of what caused it; only our own refusals are quoted."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 8:
        chain.append(current)
        current = current.__cause__ or current.__context__
    names = " ".join(type(one).__name__.lower() for one in chain)
    why = next((str(one) for one in chain if type(one).__name__ == "UnsupportedProtocol"), "")
    for kinds, words in WORDS:
        if any(kind in names for kind in kinds):
            return words.format(why=why or "check the address.")
    return "It did not answer as a model does."
