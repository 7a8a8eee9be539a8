from sessions.services.assistant.answering import answer_waiting
from sessions.services.assistant.retention import delete_old_conversations
from sessions.services.assistant.talking import say, settle_waiting
from sessions.services.assistant.threads import (
    answer_as_person,
    conversation_of,
    end_conversation,
    mark_helpful,
)

__all__ = [
    "answer_as_person",
    "answer_waiting",
    "conversation_of",
    "delete_old_conversations",
    "end_conversation",
    "mark_helpful",
    "say",
    "settle_waiting",
]
