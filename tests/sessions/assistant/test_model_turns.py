"""With a language model: the worker answers sentence by sentence; without the worker the page is answered."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from sessions import tasks
from sessions.models import ModelProvider, Turn
from sessions.services import assistant
from sessions.services.assistant.active import ActiveModel
from tests.sessions.assistant.conftest import Chat

QUESTION = "how do I do the squat?"
CLOT = "my left calf is swollen and hot since last night"
ANSWER = "Bend your knees as if to sit down. [exercise:squat:how]"
INVENTED = "Do 50 squats every hour. [exercise:squat:dose]"


@pytest.fixture
def provider(chat: Chat) -> ModelProvider:
    with chat.scope:
        return ModelProvider.objects.create(
            kind="ollama",
            model="small",
            state="active",
            price_in=1,
            price_out=2,
            made_by=chat.ward.people.ada,
        )


@pytest.fixture
def queued(provider: ModelProvider, django_capture_on_commit_callbacks: Any) -> Any:
    """The clinic has a model that may answer; what would be sent to workers is kept here."""
    sent: list[tuple[str, dict[str, Any]]] = []
    with (
        patch("sessions.services.assistant.exchanges.why_silent", return_value=""),
        patch(
            "sessions.services.queueing.current_app.send_task",
            side_effect=lambda name, kwargs, **_: sent.append((name, kwargs)),
        ),
        django_capture_on_commit_callbacks(execute=True),
    ):
        yield sent


def work(chat: Chat, provider: ModelProvider, *answers: str) -> Turn:
    """Let the worker answer the newest turn with what a model says."""
    model = GenericFakeChatModel(messages=iter(AIMessage(answer) for answer in answers))
    active = ActiveModel(provider, model, 5.0)
    newest = chat.turns()[-1]
    with patch("sessions.services.assistant.answering.active_model", return_value=active):
        tasks.answer_turn(clinic_id=newest.clinic_id, turn_id=newest.pk)
    return chat.turns()[-1]


def test_a_question_waits_for_the_model_and_danger_never_does(chat: Chat, queued: list[Any]) -> None:
    assert chat.say(QUESTION).state == "waiting"
    assert chat.say(CLOT).node == "escalate"


def test_pain_and_the_walk_are_answered_here(chat: Chat, queued: list[Any]) -> None:
    assert chat.walk("Walk me through my exercises").state == "ready"
    assert chat.walk("Pain 2").state == "ready"
    assert chat.walk("Stop").state == "ready"
    assert chat.say("my knee hurts 3 after the squats").state == "ready"


def test_the_worker_is_told_ids_alone(
    chat: Chat, provider: ModelProvider, django_capture_on_commit_callbacks: Any
) -> None:
    with (
        patch("sessions.services.assistant.exchanges.why_silent", return_value=""),
        patch("sessions.services.queueing.current_app.send_task") as send,
        django_capture_on_commit_callbacks(execute=True),
    ):
        reply = chat.say(QUESTION)
    assert send.call_args.args == ("sessions.answer_turn",)
    assert send.call_args.kwargs["kwargs"] == {"clinic_id": reply.clinic_id, "turn_id": reply.pk}


def test_a_verified_answer_of_the_model_is_kept_with_what_it_cost(
    chat: Chat, provider: ModelProvider, queued: list[Any]
) -> None:
    chat.say(QUESTION)
    steps = chat_steps(chat)
    reply = work(chat, provider, *([steps] * 3))
    assert reply.fell_back == ""
    assert (reply.state, reply.answered_by, reply.provider_id) == ("ready", "model", provider.pk)
    assert reply.cost >= Decimal(0)


def test_a_model_that_still_writes_says_nothing_beside_danger(
    chat: Chat, provider: ModelProvider, queued: list[Any]
) -> None:
    chat.say(QUESTION)
    steps = chat_steps(chat)
    waiting = chat.turns()[-1]
    chat.say(CLOT)
    model = GenericFakeChatModel(messages=iter([AIMessage(steps)] * 3))
    with patch(
        "sessions.services.assistant.answering.active_model", return_value=ActiveModel(provider, model, 5.0)
    ):
        tasks.answer_turn(clinic_id=waiting.clinic_id, turn_id=waiting.pk)
    late = next(turn for turn in chat.turns() if turn.pk == waiting.pk)
    assert (late.node, late.provider_id) == ("held", None)
    assert late.text == "Do not exercise until your care team says so."


def chat_steps(chat: Chat) -> str:
    """The exercise's own instructions, as a model that obeys would quote them."""
    from sessions.selectors.assistant import plan_of

    with chat.scope:
        squat = plan_of(chat.ward.paul).exercise("squat")
    assert squat is not None
    return "\n".join(f"{line} [exercise:squat:how]" for line in squat.instructions)


def test_what_a_model_invents_is_not_shown(chat: Chat, provider: ModelProvider, queued: list[Any]) -> None:
    chat.say(QUESTION)
    reply = work(chat, provider, *([INVENTED] * 3))
    assert reply.state == "ready"
    assert "50" not in reply.text
    assert reply.dropped


def test_a_task_that_runs_twice_changes_nothing(
    chat: Chat, provider: ModelProvider, queued: list[Any]
) -> None:
    chat.say(QUESTION)
    first = work(chat, provider, *([chat_steps(chat)] * 3))
    again = work(chat, provider, *([INVENTED] * 3))
    assert (again.text, again.updated_at) == (first.text, first.updated_at)


def test_when_no_worker_comes_the_page_is_answered_all_the_same(
    chat: Chat, provider: ModelProvider, queued: list[Any]
) -> None:
    chat.say(QUESTION)
    with chat.scope:
        Turn.objects.update(at=timezone.now() - timedelta(seconds=31))
        assistant.settle_waiting(chat.conversation)
    reply = chat.turns()[-1]
    assert (reply.state, reply.answered_by, reply.fell_back) == ("ready", "embedded", "too_late")


def test_every_sentence_is_told_to_the_page_by_its_ref_alone(
    chat: Chat, provider: ModelProvider, queued: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    chat.say(QUESTION)
    told: list[tuple[str, dict[str, Any]]] = []
    with (
        patch("sessions.events.send_now", side_effect=lambda group, message: told.append((group, message))),
        django_capture_on_commit_callbacks(execute=True),
    ):
        reply = work(chat, provider, *([chat_steps(chat)] * 3))
    ours = [message["event"] for _, message in told if message["event"]["type"] == "assistant.turn"]
    assert len(ours) >= 2
    assert {event["ref"] for event in ours} == {str(reply.ref)}
    assert {key for event in ours for key in event} == {"v", "type", "clinic", "ref", "at"}
    assert {group for group, _ in told} == {f"clinic.{reply.clinic_id}.patient.{chat.ward.paul.ref}"}


def test_a_late_worker_leaves_the_newer_question_open(
    chat: Chat, provider: ModelProvider, queued: Any
) -> None:
    late = chat.say(QUESTION)
    chat.say("my knee is hot, how many squats do I do?")
    model = GenericFakeChatModel(messages=iter([AIMessage(ANSWER)]))
    active = ActiveModel(provider, model, 5.0)
    with patch("sessions.services.assistant.answering.active_model", return_value=active):
        tasks.answer_turn(clinic_id=late.clinic_id, turn_id=late.pk)
    assert chat.turns()[1].state == "ready"
    assert chat.conversation.asked["kind"] == "screen"
