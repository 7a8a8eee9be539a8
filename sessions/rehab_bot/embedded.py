"""The deterministic responder as a chat model of LangChain, so that the graph runs alike with any model."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr

from sessions.rehab_bot.citing import write_lines
from sessions.rehab_bot.composing import Draft, compose
from sessions.rehab_bot.intents import Intent
from sessions.rehab_bot.types import Found, TurnInput


class EmbeddedChat(BaseChatModel):
    """Answers with `lines`, one cited sentence each, whatever the messages say: they were read before, as a
    turn, by `read_intent` and `compose`. Loads nothing, calls nobody, needs no key.
    """

    lines: str
    _times_asked: int = PrivateAttr(default=0)

    @classmethod
    def of_draft(cls, draft: Draft) -> "EmbeddedChat":
        return cls(lines=write_lines(draft.sentences))

    @classmethod
    def of_turn(cls, turn: TurnInput, intent: Intent, found: Sequence[Found]) -> "EmbeddedChat":
        return cls.of_draft(compose(turn, intent, found))

    @property
    def was_asked(self) -> bool:
        return self._times_asked > 0

    @property
    def _llm_type(self) -> str:
        return "rehab-bot-embedded"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self._times_asked += 1
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=self.lines))])
