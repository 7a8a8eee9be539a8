"""Ports for turns that are tried without the sentence encoder: words alone find passages and intents."""

from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from sessions.rehab_bot import intents
from sessions.rehab_bot.citing import sentences_of
from sessions.rehab_bot.graph import Ports
from sessions.rehab_bot.retrieval import Library
from sessions.rehab_bot.suite.hostile import Scripted, Streaming, texts_of
from sessions.rehab_bot.types import Passage


def library(passages: Sequence[Passage]) -> Library:
    return Library(passages, None)


def make_ports(**changes: Any) -> Ports:
    values: dict[str, Any] = {"library": library, "timeout_s": 5}
    return Ports(**(values | changes))


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading intents without loading the encoder."""
    monkeypatch.setattr(intents, "encoder_or_none", lambda: None)


def quote(messages: Sequence[BaseMessage]) -> str:
    """What an honest model writes: two sentences of each text that it was given, all of a dose."""
    lines = []
    for line in texts_of(messages):
        ref, _, text = line.partition("] ")
        sentences = sentences_of(text.partition(": ")[2])
        lines += [f"{each} {ref}]" for each in (sentences if ref.endswith(":dose") else sentences[:2])]
    return "\n".join(lines)


def honest() -> Scripted:
    return Scripted(say=quote)


def honest_streaming() -> Streaming:
    return Streaming(say=quote, size=11)
