"""From a draft and perhaps a model to verified sentences, and from those to the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessions.rehab_bot.citing import Cited, Reader, read_answer
from sessions.rehab_bot.composing import Draft
from sessions.rehab_bot.forbidden import in_danger
from sessions.rehab_bot.intents import OF_DOSE, OF_ONE_EXERCISE, OVERVIEW, UNCLEAR, Intent
from sessions.rehab_bot.prompt import STOCK, WRITE, known_names, words_to_keep, write_prompt
from sessions.rehab_bot.quantities import DOSE_UNITS, read_quantities
from sessions.rehab_bot.types import Answer, Dropped, Found, Passage, Sentence, SentencePort, TurnInput
from sessions.rehab_bot.verify import Evidence, count_dropped, judge, judge_own

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

SENTENCES_MOST = 8
SORRY = (Sentence("I cannot answer this now."), Sentence(WRITE))
# Questions about the programme. Pain, refusals, rules and small talk are answered with fixed words only.
MODEL_INTENTS = OF_ONE_EXERCISE | {
    "first", "today", "minutes", "left", "next", "schedule", "note", OVERVIEW, UNCLEAR
}  # fmt: skip


@dataclass
class Spoken:
    """What may be shown of a model's answer so far, and how its call ended."""

    sentences: list[Sentence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    answered_by: str = "embedded"
    fell_back: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    model_ms: int = 0
    heard: list[str] = field(default_factory=list)


def speak(
    turn: TurnInput,
    intent: Intent,
    draft: Draft,
    found: Sequence[Found],
    passages: Sequence[Passage],
    *,
    model: "BaseChatModel | None",
    timeout_s: float,
    on_sentence: SentencePort | None,
) -> Spoken:
    """The verified sentences of `model`, or of the embedded responder when no model may answer this."""
    quoted = _to_quote(draft, found, passages)
    if model is None or not quoted or not may_model_answer(turn, intent, draft):
        return _speak_embedded(turn, intent, draft, passages, on_sentence)
    from sessions.rehab_bot.calling import ask_model
    from sessions.rehab_bot.embedded import EmbeddedChat

    listener = _Listener(Evidence(turn, quoted, intent.exercise_code), on_sentence)
    reply = ask_model(
        model,
        write_prompt(turn, quoted),
        embedded=EmbeddedChat.of_draft(draft),
        names=known_names(turn),
        keep=words_to_keep(turn),
        timeout_s=timeout_s,
        on_text=listener.hear_text,
    )
    listener.close(is_whole=not reply.failed)
    spoken = listener.spoken
    spoken.answered_by = "model"
    spoken.fell_back = reply.failed
    spoken.tokens_in, spoken.tokens_out, spoken.model_ms = reply.tokens_in, reply.tokens_out, reply.model_ms
    spoken.heard = list(dict.fromkeys(listener.evidence.heard_in_answer))
    return spoken


def _to_quote(draft: Draft, found: Sequence[Found], passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """What a model may quote: what was found, and what the deterministic answer rests on."""
    refs = {ref for sentence in draft.sentences for ref in sentence.sources}
    rests_on = (passage for passage in passages if passage.ref in refs)
    return tuple({each.ref: each for each in (*rests_on, *(one.passage for one in found))}.values())


def may_model_answer(turn: TurnInput, intent: Intent, draft: Draft) -> bool:
    """Only a question about the programme, in a calm moment, goes to a model."""
    if in_danger(turn) or draft.asked is not None or intent.is_again or not turn.plan.exercises:
        return False
    return intent.code in MODEL_INTENTS and intent.pain is None


def _speak_embedded(
    turn: TurnInput,
    intent: Intent,
    draft: Draft,
    passages: Sequence[Passage],
    on_sentence: SentencePort | None,
) -> Spoken:
    """The draft, as a chat model says it, read and judged as any other answer."""
    from langchain_core.messages import HumanMessage

    from sessions.rehab_bot.embedded import EmbeddedChat

    written = EmbeddedChat.of_draft(draft).invoke([HumanMessage("")], config={"callbacks": []})
    spoken = Spoken()
    evidence = Evidence(turn, tuple(passages), intent.exercise_code)
    for cited in read_answer(str(written.content)):
        _keep(judge_own(Sentence(cited.text, cited.refs), evidence), spoken, on_sentence)
    return spoken


class _Listener:
    """Reads a model's answer as it comes, judges each sentence once it is complete, and passes it on."""

    def __init__(self, evidence: Evidence, on_sentence: SentencePort | None) -> None:
        self.evidence = evidence
        self.on_sentence = on_sentence
        self.spoken = Spoken()
        self._reader = Reader()
        self._message = ""

    def hear_text(self, message: str, text: str) -> None:
        """Another message is another try of the model: what the last one left unfinished is no sentence."""
        if message != self._message:
            self._message, self._reader = message, Reader()
        self._judge(self._reader.feed(text))

    def close(self, *, is_whole: bool) -> None:
        """What is left counts only when the model came to its end."""
        if is_whole:
            self._judge(self._reader.close())

    def _judge(self, sentences: Sequence[Cited]) -> None:
        for cited in sentences:
            if len(self.spoken.sentences) >= SENTENCES_MOST:
                self.spoken.dropped.append(Dropped("too_many"))
            else:
                _keep(judge(cited, self.evidence), self.spoken, self.on_sentence)


def _keep(judged: Sentence | Dropped, spoken: Spoken, on_sentence: SentencePort | None) -> None:
    if isinstance(judged, Dropped):
        spoken.dropped.append(judged)
    elif all(judged.text != each.text for each in spoken.sentences):
        spoken.sentences.append(judged)
        if on_sentence is not None:
            on_sentence(judged)


def finish(
    turn: TurnInput,
    intent: Intent,
    draft: Draft,
    spoken: Spoken,
    passages: Sequence[Passage],
    *,
    on_sentence: SentencePort | None,
) -> Answer:
    """The answer. When a model's sentences do not answer, the draft follows, and `fell_back` says why.

    What was passed on already stays; without a listener the draft stands alone.
    """
    sentences, answered_by, fell_back = tuple(spoken.sentences), spoken.answered_by, spoken.fell_back
    dropped = list(spoken.dropped)
    if answered_by == "model":
        fell_back = fell_back or why_not_enough(spoken, intent, draft)
    if fell_back:
        shown = sentences if on_sentence is not None else ()
        stand_in = _speak_embedded(turn, intent, draft, passages, None)
        dropped += stand_in.dropped
        more = [each for each in stand_in.sentences if all(each.text != said.text for said in shown)]
        if on_sentence is not None:
            for each in more:
                on_sentence(each)
        sentences, answered_by = (*shown, *more), "embedded"
    if not sentences:
        sentences, fell_back = SORRY, fell_back or "nothing_left"
    return _answer(turn, intent, draft, sentences, spoken, dropped, answered_by, fell_back)


def why_not_enough(spoken: Spoken, intent: Intent, draft: Draft) -> str:
    """Why what is left of a model's answer does not answer: "red_flag_in_answer", "nothing_left",
    "unknown" or "incomplete"; "" when it does.

    The draft says what an answer must rest on: one of its passages, and the dose where that was asked.
    """
    if spoken.heard:
        return "red_flag_in_answer"
    kept = [each for each in spoken.sentences if each.text not in STOCK]
    if not kept:
        return "nothing_left" if spoken.dropped or not spoken.sentences else "unknown"
    is_dose = intent.code in OF_DOSE
    key_refs = {ref for sentence in draft.sentences for ref in sentence.sources}
    if not is_dose:
        key_refs = {ref for ref in key_refs if not ref.endswith(":dose")} or key_refs
    if key_refs and not key_refs & {ref for sentence in kept for ref in sentence.sources}:
        return "incomplete"
    wanted = _doses(draft.sentences[:1]) if is_dose else frozenset()
    return "" if wanted <= _doses(kept) else "incomplete"


def _doses(sentences: Sequence[Sentence]) -> frozenset[object]:
    return frozenset(
        quantity
        for sentence in sentences
        for quantity in read_quantities(sentence.text)
        if quantity.unit in DOSE_UNITS
    )


def answer_by_rules(
    turn: TurnInput, intent: Intent, draft: Draft, passages: Sequence[Passage], *, node: str
) -> Answer:
    """A draft that asks back, judged as every answer is."""
    spoken = _speak_embedded(turn, intent, draft, passages, None)
    sentences = tuple(spoken.sentences) or SORRY
    return _answer(turn, intent, draft, sentences, spoken, spoken.dropped, "rules", "", node=node)


def _answer(
    turn: TurnInput,
    intent: Intent,
    draft: Draft,
    sentences: tuple[Sentence, ...],
    spoken: Spoken,
    dropped: Sequence[Dropped],
    answered_by: str,
    fell_back: str,
    *,
    node: str = "verify",
) -> Answer:
    return Answer(
        sentences,
        node=node,
        intent=intent.code,
        answered_by=answered_by,
        quick_replies=draft.quick_replies,
        links=draft.links,
        exercise_code=intent.exercise_code,
        asked=draft.asked,
        walk=turn.walk,
        dropped=count_dropped(dropped),
        fell_back=fell_back,
        tokens_in=spoken.tokens_in,
        tokens_out=spoken.tokens_out,
        model_ms=spoken.model_ms,
        numbers={"heard_in_answer": spoken.heard} if spoken.heard else {},
    )
