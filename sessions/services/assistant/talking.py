"""A patient says something: it is kept, danger in it is told, and then it is answered."""

from clinic.errors import Forbidden
from clinic.models import Membership
from patients.models import Patient
from patients.red_flags.hearing import hear
from patients.services.listening import WORDS_KEPT, storable
from sessions.assistant_errors import AssistantIsOff, NothingSaid, TurnTooLong
from sessions.models import Conversation, Turn
from sessions.selectors.assistant.settings import is_assistant_on
from sessions.services.assistant.answering import late_answers
from sessions.services.assistant.exchanges import answer_exchange, answer_late
from sessions.services.assistant.threads import conversation_of, open_again
from sessions.services.assistant.turns import store_words

# Longer words are not taken, but danger is heard in so many parts of them; they overlap, so that no
# sentence of danger is cut in two.
MOST_PARTS = 10
OVERLAP = 500


def say(patient: Patient, *, text: str, by: Membership, after: int | None = None) -> Turn:
    """Keep what the patient says, tell a person of danger in it, and answer: the assistant's turn.

    The turn is READY, or WAITING when a worker asks the clinic's model. `after` is the number of the newest
    turn that the page showed: sent twice from it, the same words are one turn. Words in which danger is heard
    are never refused. Raises Forbidden, NothingSaid, TurnTooLong, AssistantIsOff; RuntimeError inside a
    transaction.
    """
    if by.pk != patient.membership_id:
        raise Forbidden
    words = storable(text).strip()
    if not words:
        raise NothingSaid
    words = _accepted(words)
    exchange = store_words(open_again(conversation_of(patient)), text=words, by=by, after=after)
    if not exchange.is_new:
        return exchange.reply
    return answer_exchange(exchange.said, exchange.reply)


def _accepted(words: str) -> str:
    """The words, or of too long ones the part in which danger is heard."""
    is_too_long, is_off = len(words) > WORDS_KEPT, not is_assistant_on()
    if not (is_too_long or is_off):
        return words
    step = WORDS_KEPT - OVERLAP
    starts = range(0, min(len(words), step * MOST_PARTS), step)
    for part in (words[start : start + WORDS_KEPT] for start in starts):
        if hear([part]).flags:
            return part
    if is_off:
        raise AssistantIsOff
    raise TurnTooLong(len(words), WORDS_KEPT)


def settle_waiting(conversation: Conversation) -> Conversation:
    """What a page does before it shows a conversation: answers that waited for too long are given without
    the model, and a conversation whose alert was closed is open again.
    """
    for reply in late_answers(conversation):
        answer_late(reply)
    return open_again(conversation)
