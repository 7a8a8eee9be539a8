"""Programme questions, asked of the whole graph, and what became of each.

A line is `{"id", "messages" or "question", "plan": ["clamshell", …], "expect": {"passages": [ref, …]}}`: any
of the passages is right; the last message is the question, the others are said before it.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from patients.red_flags import Severity, StopAnswer, answer_stop, emergency_number, screen_pain
from patients.red_flags.heard_hits import heard_hits
from patients.red_flags.hearing import Heard, HeardFlag
from sessions.rehab_bot.evaluation.plans import plan_of
from sessions.rehab_bot.evaluation.suite import question_files
from sessions.rehab_bot.evaluation.support import is_supported, quoted_doses
from sessions.rehab_bot.evaluation.vignettes import TURNS_HEARD, Listen
from sessions.rehab_bot.graph import Ports, answer_turn
from sessions.rehab_bot.pain_said import pain_said
from sessions.rehab_bot.passages import build_passages
from sessions.rehab_bot.readability import reading_grade
from sessions.rehab_bot.types import Answer, Asked, Plan, Said, TurnInput, WalkAct, WalkState

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from sessions.rehab_bot.retrieval import Library
    from sessions.rehab_bot.types import Passage

COUNTRY = "GB"
REFUSALS = frozenset({"rule:diagnosis", "rule:injection", "rule:medicine", "rule:other_people"})
NOTHING = Heard(severity=None, flags=(), needs_asking=())


@dataclass(frozen=True, slots=True)
class Asking:
    """All that is asked: how turns are heard, how passages are searched, and the model, if any."""

    listen: Listen
    library: "Callable[[Sequence[Passage]], Library]"
    model: "BaseChatModel | None" = None
    timeout_s: float = 20.0

    @property
    def ports(self) -> Ports:
        return Ports(library=self.library, walk=_walk, model=self.model, timeout_s=self.timeout_s)


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question: what was said, the plan's exercises, and the passages that answer it."""

    id: str
    messages: tuple[str, ...]
    plan: tuple[str, ...]
    passages: frozenset[str]

    @property
    def wants_refusal(self) -> bool:
        return not self.passages.isdisjoint(REFUSALS)


def shipped_questions() -> tuple[QuestionLine, ...]:
    """Every line of the shipped files; ids carry the file's name."""
    return tuple(
        _parse(path.stem, json.loads(row))
        for path in question_files()
        for row in path.read_text("utf-8").splitlines()
        if row.strip()
    )


def _parse(name: str, data: Mapping[str, Any]) -> QuestionLine:
    return QuestionLine(
        f"{name}:{data['id']}",
        tuple(data.get("messages") or [data["question"]]),
        tuple(data["plan"]),
        frozenset(data["expect"]["passages"]),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question came to. `ms`: of the last answer; `grade`: its school grade."""

    right: bool
    refused: bool
    wants_refusal: bool
    sentences: int
    unsupported: int
    doses: int
    doses_right: int
    unsafe: int
    grade: float
    ms: float
    escalated: bool
    by_model: bool
    fell_back: bool
    tokens_in: int = 0
    tokens_out: int = 0


def ask(line: QuestionLine, asking: Asking) -> Outcome:
    """Say the line's messages one after the other, and judge the answer to the last."""
    plan = plan_of(line.plan)
    said: list[Said] = []
    left_open: Asked | None = None
    for place in range(len(line.messages)):
        turn = turn_of(line.messages[: place + 1], plan, asking.listen, earlier=said, asked=left_open)
        began = time.perf_counter()
        answer = answer_turn(turn, asking.ports)
        ms = (time.perf_counter() - began) * 1000
        said += [Said("patient", turn.text), Said("assistant", answer.text)]
        left_open = answer.asked
    return judge(line, turn, answer, ms=ms)


def turn_of(
    messages: Sequence[str],
    plan: Plan,
    listen: Listen,
    *,
    earlier: Sequence[Said] = (),
    asked: Asked | None = None,
) -> TurnInput:
    """The newest message as the services hand it to the graph: heard first, with what that raised."""
    flags = tuple(listen(messages[-TURNS_HEARD:]))
    pain = pain_said(messages[-1])
    return TurnInput(
        text=messages[-1],
        plan=plan,
        heard=replace(NOTHING, severity=_worst(flags), flags=flags),
        escalation=stop_answer(flags),
        pain_hit=None if pain is None else screen_pain(pain, moment="after", usual=None),
        earlier=tuple(earlier),
        asked=asked,
        emergency_number=emergency_number(COUNTRY),
        names=("Paul",),
    )


def _worst(flags: Sequence[HeardFlag]) -> Severity | None:
    return max((flag.severity for flag in flags), key=lambda one: one.rank, default=None)


def stop_answer(flags: Sequence[HeardFlag]) -> StopAnswer | None:
    """The spine's fixed words where the flags are an emergency or for the same day."""
    hits = sorted(heard_hits(flags), key=lambda hit: -hit.severity.rank)
    if not hits or hits[0].severity.rank < Severity.SAME_DAY.rank:
        return None
    return answer_stop(hits, number=emergency_number(COUNTRY))


def judge(line: QuestionLine, turn: TurnInput, answer: Answer, *, ms: float) -> Outcome:
    """Hold an answer against the line, the plan and the passages."""
    passages = {passage.ref: passage for passage in build_passages(turn.plan, turn.articles)}
    sources = {ref for sentence in answer.sentences for ref in sentence.sources}
    # The spine's fixed words rest on no passage.
    told = () if answer.node == "escalate" else answer.sentences
    # What the patient has said so far may be said back to them.
    asked = " ".join((*(one.text for one in turn.earlier if one.author == "patient"), turn.text))
    supported = [is_supported(each, passages, plan=turn.plan, question=asked) for each in told]
    doses = [dose for sentence in told for dose in quoted_doses(sentence, turn.plan)]
    return Outcome(
        right=not sources.isdisjoint(line.passages),
        refused=not sources.isdisjoint(REFUSALS),
        wants_refusal=line.wants_refusal,
        sentences=len(supported),
        unsupported=supported.count(False),
        doses=len(doses),
        doses_right=sum(dose.is_right for dose in doses),
        unsafe=len(dangers_in(answer, turn, passages)),
        grade=round(reading_grade(answer.text), 2),
        ms=round(ms, 1),
        escalated=answer.node == "escalate",
        by_model=answer.answered_by == "model",
        fell_back=bool(answer.fell_back),
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
    )


def dangers_in(answer: Answer, turn: TurnInput, passages: "Mapping[str, Passage]") -> tuple[str, ...]:
    """What is wrong with an answer by the eye that trusts no check of the graph; sentences that stand in a
    passage word for word, and those that say what is not in the plan, are left out: it knows single words
    only ("push through your feet").
    """
    from sessions.rehab_bot.suite.hostile import unsafe

    quoted = " ".join(passage.text for passage in passages.values())
    own = tuple(
        sentence
        for sentence in answer.sentences
        if sentence.text not in quoted and not sentence.text.endswith("is not in your plan.")
    )
    if answer.sentences and not own:
        return ()
    return unsafe(replace(answer, sentences=own), turn)


def _walk(act: WalkAct, value: int | None) -> WalkState:
    """Nobody walks through a session here; what is asked for is only that it can be begun."""
    return WalkState()
