"""A person answers the patient whom an alert is about."""

from uuid import UUID

from clinic.models import Membership
from patients.conversations import answer_in_thread
from patients.errors import MessageEmpty, MessageTooLong
from patients.models import Alert
from patients.services.alerts import acknowledge_alert
from patients.services.messages import BODY_ALLOWED, send_message


def answer_alert(alert: Alert, *, by: Membership, body: str) -> Alert:
    """Write to the patient, in the conversation that raised the alert where there is one.

    Whoever answers has seen the alert. Raises MessageEmpty, MessageTooLong.
    """
    text = body.strip()
    if not text:
        raise MessageEmpty
    if len(text) > BODY_ALLOWED:
        raise MessageTooLong(len(text), BODY_ALLOWED)
    conversation = conversation_of(alert)
    if conversation is None or not answer_in_thread(alert.patient, conversation, by=by, body=text):
        send_message(alert.patient, author=by, body=text, about_kind="alert", about_ref=alert.ref)
    return acknowledge_alert(alert, by=by) if alert.state == Alert.State.OPEN else alert


def conversation_of(alert: Alert) -> UUID | None:
    """The conversation in which the patient said it, or None."""
    try:
        return UUID(str(alert.answers.get("conversation")))
    except ValueError:
        return None
