"""One call of a chat model, kept short: redacted, retried, with a way back, and never waited for too long.

A model that hangs keeps its thread until its own connection gives up: Python cannot end a thread. The number
of such threads is bounded; when all are taken, no model is asked.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from sessions.rehab_bot.citing import TEXT_MOST
from sessions.rehab_bot.privacy import detectors
from sessions.rehab_bot.prompt import Prompt
from sessions.rehab_bot.tracing import no_tracing

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from sessions.rehab_bot.embedded import EmbeddedChat

CALLS_AT_ONCE = 8
RETRIES = 1
FIRST_WAIT_S = 0.2
CHUNKS_MOST = 20_000
STEPS_MOST = 40
TOKENS_MOST = 10_000_000

_places = threading.BoundedSemaphore(CALLS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Reply:
    """How a call ended: `failed` is "", "timeout", "busy", "too_long" or "model_error"."""

    failed: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    model_ms: int = 0


@dataclass
class _Call:
    """What the calling thread and the waiting one share. `pieces` are (id of the message, text)."""

    pieces: "SimpleQueue[tuple[str, str] | None]" = field(default_factory=SimpleQueue)
    is_given_up: threading.Event = field(default_factory=threading.Event)
    failed: str = ""
    tokens: dict[str, tuple[int, int]] = field(default_factory=dict)

    def reply(self, began: float, failed: str = "") -> Reply:
        counts = list(self.tokens.values())
        return Reply(
            failed or self.failed,
            sum(each[0] for each in counts),
            sum(each[1] for each in counts),
            round((time.monotonic() - began) * 1000),
        )


def ask_model(
    model: "BaseChatModel",
    prompt: Prompt,
    *,
    embedded: "EmbeddedChat",
    names: tuple[str, ...],
    keep: tuple[str, ...],
    timeout_s: float,
    on_text: Callable[[str, str], None],
) -> Reply:
    """Ask `model` in a thread of its own; what it writes goes to `on_text(message id, text)` in this thread.

    Another message id is another try. Returns after `timeout_s` seconds at the latest. Raises nothing that
    the model raises; when it fails for good, `failed` says "model_error".
    """
    began = time.monotonic()
    if not _places.acquire(blocking=False):
        return Reply("busy")
    call = _Call()
    work = (call, model, prompt, embedded, names, keep)
    threading.Thread(target=_run, args=work, name="rehab-bot-call", daemon=True).start()
    try:
        while True:
            left = began + timeout_s - time.monotonic()
            try:
                piece = call.pieces.get(timeout=max(0.0, left))
            except Empty:
                return call.reply(began, "timeout")
            if piece is None:
                return call.reply(began)
            on_text(*piece)
            if time.monotonic() - began > timeout_s:
                return call.reply(began, "timeout")
    finally:
        call.is_given_up.set()


def _run(
    call: _Call,
    model: "BaseChatModel",
    prompt: Prompt,
    embedded: "EmbeddedChat",
    names: tuple[str, ...],
    keep: tuple[str, ...],
) -> None:
    try:
        with no_tracing():
            pieces = stream_text(
                model, prompt, embedded=embedded, names=names, keep=keep, watchers=[_watcher(call)]
            )
            _read(call, pieces)
        if embedded.was_asked:
            call.failed = call.failed or "model_error"
    # Whatever a provider's library raises, the patient gets the deterministic answer; its words may hold
    # the patient's, so they are not kept.
    except _GivenUp:
        call.failed = call.failed or "timeout"
    except Exception:
        call.failed = "model_error"
    finally:
        call.pieces.put(None)
        _places.release()


def _read(call: _Call, stream: Iterator["BaseMessage"]) -> None:
    for message in stream:
        key = str(message.id or "")
        _count_tokens(call, key, message)
        if text := _text_of(message):
            call.pieces.put((key, text[: TEXT_MOST + 1]))


class _GivenUp(BaseException):
    """Raised inside the model's own stream: nothing else ends one that has no end.

    No Exception, so that nobody on the way catches it, tries again or logs it.
    """


def _watcher(call: _Call) -> "BaseCallbackHandler":
    from langchain_core.callbacks import BaseCallbackHandler

    class Watcher(BaseCallbackHandler):
        raise_error = True
        run_inline = True
        length = 0
        count = 0

        def on_llm_new_token(self, token: str | list[Any], **kwargs: Any) -> None:
            self.length += len(token)
            self.count += 1
            if self.length > TEXT_MOST or self.count > CHUNKS_MOST:
                call.failed = "too_long"
            if call.failed or call.is_given_up.is_set():
                raise _GivenUp

    return Watcher()


def _text_of(message: "BaseMessage") -> str:
    """The plain text; tool calls, pictures and thoughts are no answer."""
    content = message.content
    if isinstance(content, str):
        return content
    parts = (
        block if isinstance(block, str) else block.get("text") if block.get("type") == "text" else ""
        for block in content
        if isinstance(block, str | dict)
    )
    return "".join(part for part in parts if isinstance(part, str))


def _count_tokens(call: _Call, key: str, message: "BaseMessage") -> None:
    usage = getattr(message, "usage_metadata", None)
    if not isinstance(usage, dict):
        return
    counts = tuple(_whole(usage.get(name)) for name in ("input_tokens", "output_tokens"))
    before = call.tokens.get(key, (0, 0))
    call.tokens[key] = (max(before[0], counts[0]), max(before[1], counts[1]))


def _whole(value: object) -> int:
    return min(max(0, value), TOKENS_MOST) if isinstance(value, int) else 0


def stream_text(
    model: "BaseChatModel",
    prompt: Prompt,
    *,
    embedded: "EmbeddedChat",
    names: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    watchers: Sequence["BaseCallbackHandler"] = (),
) -> Iterator["BaseMessage"]:
    """The messages that `model` writes, in pieces when it streams; those of the way back are left out."""
    from langchain.agents import create_agent
    from langchain_core.messages import AIMessage, AIMessageChunk

    agent = create_agent(
        model, tools=[], system_prompt=prompt.system, middleware=_middleware(embedded, names, keep)
    )
    pieces = agent.stream(
        {"messages": _messages(prompt)},
        config={"recursion_limit": STEPS_MOST, "callbacks": list(watchers)},
        stream_mode="messages",
    )
    is_way_back = model is not embedded
    for message, _ in pieces:
        if isinstance(message, AIMessage | AIMessageChunk) and not (is_way_back and embedded.was_asked):
            yield message


def _middleware(embedded: "EmbeddedChat", names: tuple[str, ...], keep: tuple[str, ...]) -> list[Any]:
    """The prompt is redacted already; the library looks at the question once more, also for card numbers."""
    from langchain.agents.middleware import ModelFallbackMiddleware, ModelRetryMiddleware, PIIMiddleware

    ours = [
        PIIMiddleware(f"known_{kind}", detector=_matches(f"known_{kind}", find))
        for kind, find in detectors(names, keep=keep).items()
    ]
    theirs = [PIIMiddleware(kind) for kind in ("email", "credit_card", "ip", "mac_address")]
    return [
        *ours,
        *theirs,
        ModelFallbackMiddleware(embedded),
        ModelRetryMiddleware(
            max_retries=RETRIES,
            on_failure="error",
            initial_delay=FIRST_WAIT_S,
            jitter=False,
        ),
    ]


def _matches(
    kind: str, find: Callable[[str], list[tuple[int, int, str]]]
) -> Callable[[str], list[dict[str, Any]]]:
    def detect(text: str) -> list[dict[str, Any]]:
        return [
            {"type": kind, "value": words, "start": start, "end": end} for start, end, words in find(text)
        ]

    return detect


def _messages(prompt: Prompt) -> list["BaseMessage"]:
    from langchain_core.messages import AIMessage, HumanMessage

    return [HumanMessage(text) if author == "patient" else AIMessage(text) for author, text in prompt.turns]
