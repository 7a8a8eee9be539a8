"""One turn: triage → escalate | clarify | walk through | retrieve → answer → verify.

The graph keeps nothing between turns and writes nothing: it is given a turn and its ports, and answers. The
spine has listened before; what it raised is only worded here, never decided again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from sessions.rehab_bot.answering import Spoken, answer_by_rules, finish, speak
from sessions.rehab_bot.asking import escalation_answer, held_answer, screening_answer
from sessions.rehab_bot.composing import Draft, compose
from sessions.rehab_bot.intents import Intent, read_intent
from sessions.rehab_bot.passages import build_passages
from sessions.rehab_bot.tracing import no_tracing
from sessions.rehab_bot.types import (
    Answer,
    Found,
    Passage,
    Sentence,
    SentencePort,
    TurnInput,
    WalkAct,
    WalkPort,
)
from sessions.rehab_bot.walk_words import walk_words
from sessions.rehab_bot.walking import OVER, WalkSaid, read_walk

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langgraph.runtime import Runtime

    from sessions.rehab_bot.retrieval import Library

PASSAGES_MOST = 6
START_WALK = "walk"


@dataclass(frozen=True)
class Ports:
    """What a turn may reach. `model` is None where only the embedded responder answers; `on_sentence` is
    given every verified sentence as soon as it stands: it is never taken back. `timeout_s` is for the model.
    """

    library: "Callable[[Sequence[Passage]], Library]"
    walk: WalkPort | None = None
    on_sentence: SentencePort | None = None
    model: "BaseChatModel | None" = None
    timeout_s: float = 20


class State(TypedDict, total=False):
    turn: TurnInput
    walk_said: WalkSaid
    intent: Intent
    passages: tuple[Passage, ...]
    found: tuple[Found, ...]
    draft: Draft
    spoken: Spoken
    answer: Answer


def answer_turn(turn: TurnInput, ports: Ports) -> Answer:
    """What to tell the patient. Every sentence of the answer was verified or is fixed text of ours.

    Raises only what the ports raise; a model that fails, hangs or lies is answered for by the embedded one.
    """
    with no_tracing():
        state = _graph().invoke(
            {"turn": turn}, context=ports, config={"callbacks": [], "recursion_limit": 12}
        )
    answer: Answer = state["answer"]
    return answer


@cache
def _graph() -> Any:
    """The compiled graph, built once. Its library takes most of a second to load: not on import."""
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(State, context_schema=Ports)
    for name, node in (
        ("triage", triage),
        ("escalate", escalate),
        ("clarify", clarify),
        ("walk_through", walk_through),
        ("retrieve", retrieve),
        ("answer", answer),
        ("verify", verify),
    ):
        graph.add_node(name, node)
    graph.add_edge(START, "triage")
    graph.add_conditional_edges("triage", next_node)
    graph.add_edge("retrieve", "answer")
    graph.add_edge("answer", "verify")
    for name in ("escalate", "clarify", "walk_through", "verify"):
        graph.add_edge(name, END)
    return graph.compile()


def triage(state: State, runtime: "Runtime[Ports]") -> State:
    """Read what is wanted. Danger, a hold and open questions come before any reading."""
    turn = state["turn"]
    if is_danger(turn) or turn.screening:
        return {}
    said = read_walk(turn.text, turn.walk) if runtime.context.walk else None
    if said is not None:
        return {"walk_said": said}
    intent = read_intent(turn)
    if intent.code == START_WALK and runtime.context.walk and turn.plan.exercises:
        return {"walk_said": WalkSaid(WalkAct.START), "intent": intent}
    return {"intent": intent}


def is_danger(turn: TurnInput) -> bool:
    """Whether the spine's fixed text is the whole answer."""
    return turn.escalation is not None or turn.is_held


def next_node(state: State) -> Literal["escalate", "clarify", "walk_through", "retrieve"]:
    turn = state["turn"]
    if is_danger(turn):
        return "escalate"
    if turn.screening:
        return "clarify"
    if "walk_said" in state:
        return "walk_through"
    return "clarify" if state["intent"].is_ambiguous else "retrieve"


def escalate(state: State) -> State:
    turn = state["turn"]
    return {"answer": escalation_answer(turn.escalation) if turn.escalation else held_answer(turn)}


def clarify(state: State) -> State:
    """Ask back: the questions that settle a danger, else which exercise is meant."""
    turn = state["turn"]
    if turn.screening:
        return {"answer": screening_answer(turn)}
    draft = compose(turn, state["intent"], ())
    return {"answer": answer_by_rules(turn, state["intent"], draft, passages_of(turn), node="clarify")}


def walk_through(state: State, runtime: "Runtime[Ports]") -> State:
    """Do what was said, once, and tell where the walk-through stands now."""
    turn, said, walk = state["turn"], state["walk_said"], runtime.context.walk
    if walk is None:
        raise ValueError("a walk-through needs its port")
    now = walk(said.act, said.value)
    words = walk_words(now, turn.plan)
    told = words.sentences
    if turn.pain_hit and turn.pain_hit.action not in " ".join(each.text for each in told):
        told = (Sentence(turn.pain_hit.action), *told)
    done = Answer(
        told,
        node="walk_through",
        intent="walk",
        answered_by="rules",
        quick_replies=words.quick_replies,
        links=words.links,
        exercise_code=now.exercise_code if now.waiting_for != OVER else "",
        walk=now,
    )
    return {"answer": done}


def passages_of(turn: TurnInput) -> tuple[Passage, ...]:
    """All that may be quoted in this turn."""
    return build_passages(turn.plan, turn.articles, pages=dict(turn.pages))


def retrieve(state: State, runtime: "Runtime[Ports]") -> State:
    """The passages of this patient that fit best; none where none is over the floor."""
    turn, intent = state["turn"], state["intent"]
    passages = passages_of(turn)
    library = runtime.context.library(passages)
    found = library.search(turn.text, exercise_code=intent.exercise_code, k=PASSAGES_MOST)
    return {"passages": passages, "found": tuple(found)}


def answer(state: State, runtime: "Runtime[Ports]") -> State:
    """Let the model speak, or the embedded responder where none is asked; each sentence is judged at once."""
    turn, intent, found = state["turn"], state["intent"], state["found"]
    draft = compose(turn, intent, found)
    ports = runtime.context
    spoken = speak(
        turn,
        intent,
        draft,
        found,
        state["passages"],
        model=ports.model,
        timeout_s=ports.timeout_s,
        on_sentence=ports.on_sentence,
    )
    return {"draft": draft, "spoken": spoken}


def verify(state: State, runtime: "Runtime[Ports]") -> State:
    """Let the deterministic answer stand in where what is left of the model's does not answer."""
    done = finish(
        state["turn"],
        state["intent"],
        state["draft"],
        state["spoken"],
        state["passages"],
        on_sentence=runtime.context.on_sentence,
    )
    return {"answer": done}
