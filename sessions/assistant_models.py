"""A provider's row as a chat model of LangChain, reached through the guarded client only.

LangChain and the providers' libraries are loaded when a model is made: pages and the embedded answers need
none of them. Nothing is taken from the environment, so that no key of the server goes to a clinic's host.
"""

from typing import TYPE_CHECKING, Any

from sessions.assistant_addresses import check_form, guarded_client, refusing_client
from sessions.models import ModelProvider

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Kind = ModelProvider.Kind
USUAL_ADDRESSES = {
    Kind.OPENAI: "https://api.openai.com/v1",
    Kind.ANTHROPIC: "https://api.anthropic.com",
    Kind.OLLAMA: "http://localhost:11434",
}
# Some endpoints in a clinic's own house ask for no key; the libraries then look for one in the environment.
NO_KEY = "none"
MOST_TOKENS = 400


def address_of(provider: ModelProvider) -> str:
    """Where it is called: the stored address, else the usual one of its kind, else an empty text."""
    return provider.base_url or USUAL_ADDRESSES.get(Kind(provider.kind), "")


def make_model(provider: ModelProvider, *, key: str, timeout_s: float | None = None) -> "BaseChatModel":
    """A chat model that asks `provider`. Its retries are the graph's own. Raises AddressNotAllowed."""
    from langchain.chat_models import init_chat_model

    check_form(address_of(provider))
    timeout = float(timeout_s or provider.timeout_s)
    made: BaseChatModel = init_chat_model(
        provider.model,
        model_provider=provider.kind,
        temperature=0,
        **_ARGUMENTS[Kind(provider.kind)](provider, key or NO_KEY, timeout),
    )
    if provider.kind == Kind.ANTHROPIC:
        _guard_anthropic(made, timeout)
    return made


def _openai(provider: ModelProvider, key: str, timeout_s: float) -> dict[str, Any]:
    return {"base_url": address_of(provider), **_openai_clients(key, timeout_s)}


def _azure(provider: ModelProvider, key: str, timeout_s: float) -> dict[str, Any]:
    return {
        "azure_endpoint": address_of(provider),
        "azure_deployment": provider.model,
        "api_version": provider.api_version,
        **_openai_clients(key, timeout_s),
    }


def _openai_clients(key: str, timeout_s: float) -> dict[str, Any]:
    import openai

    return {
        "api_key": key,
        "max_retries": 0,
        "timeout": timeout_s,
        "max_tokens": MOST_TOKENS,
        "http_client": openai.DefaultHttpxClient(**guarded_client(_library_of(openai), timeout_s=timeout_s)),
        "http_async_client": openai.DefaultAsyncHttpxClient(**refusing_client(_library_of(openai))),
    }


def _anthropic(provider: ModelProvider, key: str, timeout_s: float) -> dict[str, Any]:
    return {
        "base_url": address_of(provider),
        "api_key": key,
        "max_retries": 0,
        "timeout": timeout_s,
        "max_tokens": MOST_TOKENS,
    }


def _guard_anthropic(model: Any, timeout_s: float) -> None:
    """Its wrapper takes no client of ours, but keeps the ones it has made under these two names."""
    import anthropic

    given = model._client_params
    library = _library_of(anthropic)
    client = anthropic.DefaultHttpxClient(**guarded_client(library, timeout_s=timeout_s))
    other = anthropic.DefaultAsyncHttpxClient(**refusing_client(library))
    model.__dict__["_client"] = anthropic.Anthropic(**given, http_client=client)
    model.__dict__["_async_client"] = anthropic.AsyncAnthropic(**given, http_client=other)


def _ollama(provider: ModelProvider, key: str, timeout_s: float) -> dict[str, Any]:
    import sys

    import ollama

    library = sys.modules[ollama.Client.__module__].httpx
    return {
        "base_url": address_of(provider),
        "num_predict": MOST_TOKENS,
        "client_kwargs": {"headers": {"authorization": f"Bearer {key}"}},
        "sync_client_kwargs": guarded_client(library, timeout_s=timeout_s),
        "async_client_kwargs": refusing_client(library),
    }


def _library_of(package: Any) -> Any:
    """The HTTP library on which a provider's package stands."""
    import importlib

    base = next(
        kind
        for kind in package.DefaultHttpxClient.__mro__
        if kind.__module__.partition(".")[0].startswith("httpx")
    )
    return importlib.import_module(base.__module__.partition(".")[0])


_ARGUMENTS = {Kind.OPENAI: _openai, Kind.AZURE: _azure, Kind.ANTHROPIC: _anthropic, Kind.OLLAMA: _ollama}


def identity_of(provider: ModelProvider | None) -> dict[str, str]:
    """What makes this model this one; empty without an external model. The key, prices and times do not."""
    if provider is None:
        return {}
    return {
        "kind": provider.kind,
        "model": provider.model,
        "address": address_of(provider),
        "api_version": provider.api_version,
    }


def fingerprint_of(provider: ModelProvider | None) -> str:
    """SHA-256 over the model, its address, the prompt, the checks and the suite; another one needs a new run.

    Leaves the key, prices and times out.
    """
    from sessions.rehab_bot.evaluation.suite import suite_fingerprint

    if provider is None:
        return suite_fingerprint(kind="embedded", model="")
    told = identity_of(provider)
    return suite_fingerprint(
        kind=told["kind"], model=told["model"], base_url=told["address"], api_version=told["api_version"]
    )
