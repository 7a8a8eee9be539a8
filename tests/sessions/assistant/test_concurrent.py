"""Two tabs, two workers: every turn has its number, every set is done once, danger is told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from clinic.tenancy.scope import clinic_scope
from patients.models import Alert
from sessions.models import Conversation, Turn
from sessions.services import assistant
from tests.factories.patients import Ward
from tests.factories.sessions import make_clinic_floor
from tests.sessions.assistant.conftest import Chat

AT_ONCE = 4


@pytest.fixture
def ward(transactional_db: None) -> Ward:
    return make_clinic_floor(codes=("squat", "bridge"), sets=2, repetitions=10)


def together(ward: Ward, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in several threads that begin at the same moment; answers what each answered or raised."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        try:
            with clinic_scope(ward.paul.clinic_id):
                barrier.wait(timeout=30)
                return act(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_the_same_words_from_a_hasty_hand_are_one_turn(chat: Chat, ward: Ward) -> None:
    replies = together(
        ward, lambda _: assistant.say(ward.paul, text="how many squats?", by=ward.people.paul, after=0)
    )
    assert len({reply.pk for reply in replies}) == 1
    assert [(turn.number, turn.author) for turn in chat.turns()] == [(1, "patient"), (2, "assistant")]


def test_different_words_at_once_each_get_their_answer(chat: Chat, ward: Ward) -> None:
    together(ward, lambda number: assistant.say(ward.paul, text=f"hello {number}", by=ward.people.paul))
    turns = chat.turns()
    assert [turn.number for turn in turns] == list(range(1, 2 * AT_ONCE + 1))
    assert {turn.state for turn in turns} == {"ready"}
    with chat.scope:
        assert Conversation.objects.count() == 1


def test_danger_at_once_is_told_and_holds(chat: Chat, ward: Ward) -> None:
    words = "my left calf is swollen and hot since last night"
    told = together(
        ward, lambda number: assistant.say(ward.paul, text=f"{words} {number}", by=ward.people.paul)
    )
    assert [getattr(each, "node", each) for each in told] == ["escalate"] * AT_ONCE
    with chat.scope:
        assert Turn.objects.filter(node="escalate").count() == AT_ONCE
        assert Alert.objects.exists()
    assert chat.conversation.held_by is not None


def test_a_tap_sent_by_four_at_once_does_one_set(chat: Chat, ward: Ward) -> None:
    chat.walk("Walk me through my exercises", "Pain 1")
    number = chat.newest_number()
    together(ward, lambda _: assistant.say(ward.paul, text="Done", by=ward.people.paul, after=number))
    with chat.scope:
        states = list(chat.session().sets.order_by("order").values_list("state", flat=True))
    assert states.count("planned") == 3
