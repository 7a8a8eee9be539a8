"""Words go when their time is over; what was heard, and what became of it, stays."""

from datetime import date, timedelta

from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import Alert
from patients.services import close_alert
from sessions import tasks
from sessions.models import AssistantSettings, Conversation, Turn
from sessions.services import assistant
from tests.sessions.assistant.conftest import Chat

CLOT = "my left calf is swollen and hot since last night"


def expire(chat: Chat) -> None:
    with chat.scope:
        Conversation.objects.update(keep_until=timezone.now().date() - timedelta(days=2))


def delete(chat: Chat) -> int:
    with chat.scope:
        return assistant.delete_old_conversations()


def test_words_are_kept_as_long_as_the_clinic_says(chat: Chat) -> None:
    with chat.scope:
        AssistantSettings.objects.create(keep_days=30)
    chat.say("how many squats?")
    conversation = chat.conversation
    assert conversation.keep_until - conversation.last_turn_at.date() in (
        timedelta(days=30),
        timedelta(days=31),
    )
    assert delete(chat) == 0


def test_old_words_go_and_their_frame_stays(chat: Chat) -> None:
    chat.say("how many squats?")
    expire(chat)
    assert (delete(chat), delete(chat)) == (1, 0)
    with chat.scope:
        turns = list(Turn.objects.order_by("number"))
        conversation = Conversation.objects.get()
    assert [(turn.text, turn.sentences, turn.links) for turn in turns] == [("", [], [])] * 2
    assert turns[1].intent and conversation.words_deleted_at and conversation.ended_at


def test_flags_and_alerts_outlive_the_words(chat: Chat) -> None:
    chat.say(CLOT)
    expire(chat)
    assert delete(chat) == 0, "an open alert keeps its words"
    with chat.scope:
        close_alert(Alert.objects.get(), by=chat.ward.people.nora, outcome="Seen.", lift_hold=True)
    assert delete(chat) == 1
    with chat.scope:
        said = Turn.objects.order_by("number").first()
        assert Alert.objects.get().answers["words"] == CLOT
    assert said is not None
    assert (said.text, said.heard["flags"][0]["flag"], said.heard["flags"][0]["words"]) == ("", "dvt_pe", [])
    assert "my left calf" not in str(said.heard)


def test_the_other_clinic_keeps_its_words(chat: Chat) -> None:
    chat.say("how many squats?")
    expire(chat)
    ward = chat.ward
    with clinic_scope(ward.sid.clinic_id):
        assistant.say(ward.sid, text="how many squats?", by=ward.people.sid)
    tasks.delete_old_conversations(clinic_id=ward.sid.clinic_id)
    with chat.scope:
        assert Turn.objects.exclude(text="").count() == 2
    tasks.delete_old_conversations(clinic_id=ward.paul.clinic_id)
    with clinic_scope(ward.sid.clinic_id):
        assert Turn.objects.exclude(text="").count() == 2


def test_the_last_day_counts_where_the_patient_lives(chat: Chat) -> None:
    chat.say("how many squats?")
    with chat.scope:
        Conversation.objects.update(keep_until=date(2026, 1, 10))
        assert assistant.delete_old_conversations(today=date(2026, 1, 10)) == 0
        assert assistant.delete_old_conversations(today=date(2026, 1, 11)) == 1
