"""What the patient's chat shows: the thread, what may be answered next, and who knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from patients.models import Alert, Patient
from patients.red_flags import emergency_number
from prescriptions.selectors import PlannedExercise, TodayPlan, today_plan
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import WalkState
from sessions.rehab_bot.walking import OVER, PAIN, READY
from sessions.selectors.assistant.chat_replies import Reply, replies_to, suggestions
from sessions.selectors.assistant.chat_sources import Source, sources_of, titles_of
from sessions.selectors.assistant.conversation import open_conversation, thread_of
from sessions.selectors.assistant.walk import walk_of

SHOWN_TURNS = 40
MOST_SHOWN_TURNS = 400
LONG_AFTER = timedelta(hours=1)
WALK_THROUGH = "walk_through"
ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn as the page draws it. `version` changes whenever what is shown of it does.

    `says_when`: it comes long after the one before. `danger` are the fixed words of an escalation, of which
    `turn.alert` tells who has seen it.
    """

    turn: Turn
    version: str
    paragraphs: tuple[str, ...]
    sources: tuple[Source, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    figure: PlannedExercise | None = None
    danger: Mapping[str, Any] | None = None
    asks_helpful: bool = False
    thanks: bool = False
    says_when: bool = False


@dataclass(frozen=True, slots=True)
class WalkCard:
    """Where the patient is in the walk-through, and the planned exercise that it is about, if any."""

    state: WalkState
    exercise: PlannedExercise | None

    @property
    def set_words(self) -> str:
        """The set without the exercise's name, which stands above it."""
        name = f"{self.exercise.name}, " if self.exercise else ""
        words = self.state.set_words.replace(name, "", 1) if name else self.state.set_words
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class ChatPage:
    """All that the page and its thread show. `held_by` is the open alert that holds the conversation."""

    conversation: Conversation | None
    turns: tuple[ShownTurn, ...]
    earlier: int
    last_number: int
    held_by: Alert | None
    is_waiting: bool
    asks_pain: bool
    replies: tuple[Reply, ...]
    walk: WalkCard | None
    suggestions: tuple[Reply, ...]
    about: PlannedExercise | None
    emergency_number: str
    has_plan: bool


def chat_page(patient: Patient, *, about: str = "", most: int = SHOWN_TURNS) -> ChatPage:
    """The open conversation as its patient sees it, at most `most` of its newest turns.

    `about`: the code of an exercise to ask about; one that is not in the plan counts as none.
    """
    conversation = open_conversation(patient)
    newest = list(_newest(conversation, most=most)) if conversation else []
    plan = today_plan(patient)
    exercises = {one.code: one for one in plan.exercises} if plan else {}
    walk = _walk_card(conversation, exercises)
    last = newest[-1] if newest else None
    held_by = _holding(conversation)
    asks_pain = held_by is None and _asks_pain(conversation, walk)
    return ChatPage(
        conversation=conversation,
        turns=_shown(newest, exercises=exercises, walking=walk is not None),
        earlier=newest[0].number - 1 if newest else 0,
        last_number=last.number if last else 0,
        held_by=held_by,
        is_waiting=last is not None and last.state == Turn.State.WAITING,
        asks_pain=asks_pain,
        replies=() if held_by or asks_pain or last is None else replies_to(last),
        walk=None if held_by else walk,
        suggestions=_suggested(plan, exercises.get(about)) if last is None or about in exercises else (),
        about=exercises.get(about),
        emergency_number=_emergency_number(patient),
        has_plan=bool(exercises),
    )


def own_turn(patient: Patient, ref: Any) -> Turn | None:
    """An answer of the assistant in the patient's open conversation; None for any other reference."""
    conversation = open_conversation(patient)
    if conversation is None:
        return None
    return thread_of(conversation).filter(ref=ref, author=Turn.Author.ASSISTANT).first()


def _newest(conversation: Conversation, *, most: int) -> list[Turn]:
    turns: QuerySet[Turn] = thread_of(conversation).select_related("membership", "alert__acknowledged_by")
    return list(turns.order_by("-number")[:most])[::-1]


def _holding(conversation: Conversation | None) -> Alert | None:
    alert = conversation.held_by if conversation else None
    return alert if alert is not None and alert.is_open else None


def _emergency_number(patient: Patient) -> str:
    clinic = patient.clinic
    return emergency_number(clinic.country, clinic_number=clinic.emergency_number)


def _asks_pain(conversation: Conversation | None, walk: WalkCard | None) -> bool:
    if walk is not None:
        return walk.state.waiting_for in (READY, PAIN)
    return conversation is not None and conversation.asked.get("kind") == "pain"


def _walk_card(
    conversation: Conversation | None, exercises: Mapping[str, PlannedExercise]
) -> WalkCard | None:
    state = walk_of(conversation) if conversation else None
    if state is None or state.waiting_for == OVER:
        return None
    return WalkCard(state, exercises.get(state.exercise_code))


def _suggested(plan: TodayPlan | None, about: PlannedExercise | None) -> tuple[Reply, ...]:
    return suggestions(plan.exercises if plan else (), left=plan.left if plan else (), about=about)


def _shown(
    turns: Sequence[Turn], *, exercises: Mapping[str, PlannedExercise], walking: bool
) -> tuple[ShownTurn, ...]:
    titles = titles_of(ref for turn in turns for ref in _refs(turn))
    shown: list[ShownTurn] = []
    drawn, before = "", None
    for turn in turns:
        sources = sources_of(_refs(turn), exercises=exercises, titles=titles)
        figure = None if walking else _figure(turn, sources, exercises)
        figure = figure if figure and figure.code != drawn else None
        drawn = figure.code if figure else drawn
        drawn_turn = _shown_turn(turn, sources=sources, figure=figure, is_newest=turn is turns[-1])
        shown.append(replace(drawn_turn, says_when=before is None or turn.at - before.at > LONG_AFTER))
        before = turn
    return tuple(shown)


def _shown_turn(
    turn: Turn, *, sources: tuple[Source, ...], figure: PlannedExercise | None, is_newest: bool
) -> ShownTurn:
    return ShownTurn(
        turn=turn,
        version=_version(turn, figure, is_newest=is_newest),
        paragraphs=_paragraphs(turn),
        sources=sources,
        links=_own_links(turn, figure),
        figure=figure,
        danger=_danger(turn),
        asks_helpful=is_newest and _may_help(turn) and turn.was_helpful is None,
        thanks=is_newest and turn.was_helpful is not None,
    )


def _danger(turn: Turn) -> Mapping[str, Any] | None:
    """The fixed words that were shown when the patient had to stop."""
    if turn.node != ESCALATE or turn.alert is None:
        return None
    shown: Mapping[str, Any] | None = turn.alert.answers.get("shown")
    return shown


def _version(turn: Turn, figure: PlannedExercise | None, *, is_newest: bool) -> str:
    alert = turn.alert.state if turn.alert else ""
    drawn = figure.code if figure else ""
    parts = (turn.state, len(turn.sentences), len(turn.text), turn.was_helpful, alert, drawn, is_newest)
    return ".".join(str(part) for part in parts)


def _paragraphs(turn: Turn) -> tuple[str, ...]:
    if turn.author != Turn.Author.ASSISTANT or not turn.sentences:
        return tuple(line for line in turn.text.splitlines() if line.strip())
    return tuple(sentence["text"] for sentence in turn.sentences)


def _refs(turn: Turn) -> list[str]:
    return [ref for sentence in turn.sentences for ref in sentence.get("sources", ())]


def _figure(
    turn: Turn, sources: Sequence[Source], exercises: Mapping[str, PlannedExercise]
) -> PlannedExercise | None:
    shown = any(source.is_shown_by_figure for source in sources)
    return exercises.get(turn.exercise_code) if shown else None


def _may_help(turn: Turn) -> bool:
    """Answers that quote something may have missed the question; fixed words and questions back may not."""
    is_answer = turn.author == Turn.Author.ASSISTANT and turn.state == Turn.State.READY
    return is_answer and turn.node != WALK_THROUGH and bool(_refs(turn))


def _own_links(turn: Turn, figure: PlannedExercise | None) -> tuple[tuple[str, str], ...]:
    """Links to pages of this site. A movement that is drawn needs none."""
    if turn.node == WALK_THROUGH:
        return ()
    there = str(figure.prescribed.ref) if figure else None
    return tuple((label, url) for label, url in turn.links if _is_ours(url) and not (there and there in url))


def _is_ours(url: str) -> bool:
    """A path, and no host hidden in it."""
    return url.startswith("/") and not url.startswith(("//", "/\\"))
