"""Processes that answer load what a turn needs when they start, in the background, where it is wanted."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from clinic.config import warming
from patients.red_flags.hearing import hear
from sessions.models import ModelProvider
from sessions.rehab_bot.encoder import load_encoder
from sessions.rehab_bot.evaluation.plans import plan_of
from sessions.rehab_bot.graph import Ports, answer_turn
from sessions.rehab_bot.types import TurnInput
from sessions.services.assistant import warming as parts
from sessions.services.assistant.answering import library_of
from tests.sessions.assistant.conftest import Chat

SAID = "and how many wall slides"


def test_once_warm_only_the_patients_own_words_are_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(parts.load_parts()) == ["encoder", "hearing", "graph"]
    encoder, encoded = load_encoder(), []
    encode = encoder._encode_batch
    monkeypatch.setattr(encoder, "_encode_batch", lambda texts: (encoded.extend(texts), encode(texts))[1])
    turn = TurnInput(SAID, plan_of(("wall_slide", "lunge")), hear([SAID]))
    assert answer_turn(turn, Ports(library=library_of)).sentences
    assert 0 < len(encoded) <= 3


async def start_and_stop() -> list[str]:
    """What the application answers to a server that starts and ends."""
    sent: list[str] = []
    asked = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(asked)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    from clinic.config.asgi import application

    await application({"type": "lifespan"}, receive, send)
    return sent


def test_a_server_warms_up_once_it_has_started(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(warming, "warm_up_soon", lambda: begun.append("warm"))
    assert asyncio.run(start_and_stop()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert begun == ["warm"]


def run_warm_up(monkeypatch: pytest.MonkeyPatch, **options: Any) -> list[str]:
    """The parts that a warm-up loads here."""
    loaded: list[str] = []

    def load_parts() -> Iterator[str]:
        loaded.append("one")
        yield "one"
        raise OSError("a path that nobody should read in a log")

    monkeypatch.setattr(parts, "load_parts", load_parts)
    thread = warming.warm_up_soon(wait_s=0, **options)
    if thread is not None:
        thread.join(timeout=10)
    return loaded


def test_a_warm_up_that_fails_is_told_by_its_class(
    monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.WARM_UP = True
    with caplog.at_level(logging.INFO, logger="clinic.config.warming"):
        assert run_warm_up(monkeypatch) == ["one"]
    assert [record.getMessage() for record in caplog.records] == ["the assistant was not warmed up: OSError"]


def test_where_it_is_not_wanted_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    assert settings.WARM_UP is False
    assert run_warm_up(monkeypatch) == []
    settings.WARM_UP = True
    assert run_warm_up(monkeypatch, only_if=lambda: False) == []


@pytest.mark.parametrize(("queues", "warms"), [("urgent,default", True), ("video", False)])
def test_only_workers_of_the_queue_that_answers_warm_up(
    monkeypatch: pytest.MonkeyPatch, queues: str, *, warms: bool
) -> None:
    from clinic.config.celery import app

    taken = {name: app.amqp.queues[name] for name in queues.split(",")}
    begun: list[Any] = []
    monkeypatch.setattr(app.amqp.queues, "_consume_from", taken)
    monkeypatch.setattr(warming, "warm_up_soon", lambda only_if: begun.append(only_if))
    warming.warm_worker()
    assert begun == ([parts.is_model_switched_on] if warms else [])


def test_a_worker_has_turns_to_answer_once_a_clinic_switches_a_model_on(chat: Chat) -> None:
    assert parts.is_model_switched_on() is False
    with chat.scope:
        made = ModelProvider.objects.create(
            kind="ollama", model="small", state="draft", price_in=1, price_out=2, made_by=chat.ward.people.ada
        )
    assert parts.is_model_switched_on() is False
    with chat.scope:
        ModelProvider.objects.filter(pk=made.pk).update(state="active")
    assert parts.is_model_switched_on() is True
