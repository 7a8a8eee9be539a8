"""Conversations as the care team reads them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership, Role
from patients.models import Alert, Patient
from patients.selectors import check_patient_access, patients_for
from sessions.assistant_errors import ConversationNotFound
from sessions.models import Conversation, Turn
from sessions.rehab_bot.privacy import redact
from sessions.selectors.assistant.intent_words import intent_words
from sessions.selectors.assistant.plan import plan_of
from sessions.selectors.assistant.turn_input import names_of

SOURCE_WORDS = {
    "exercise": "exercise",
    "plan": "plan",
    "rule": "house rule",
    "app": "help",
    "article": "article",
    "correction": "corrected answer",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a patient's words; `is_heard` when a rule rests on it."""

    text: str
    is_heard: bool = False


@dataclass(frozen=True, slots=True)
class SaidSentence:
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewedFlag:
    """A flag that was heard in a turn, with the rule behind it."""

    words: str
    severity: str
    rule: str
    citation: str


@dataclass(frozen=True, slots=True)
class ViewedTurn:
    """One turn with what lies behind it: `asked` is the question before an answer, for a correction."""

    turn: Turn
    pieces: tuple[Piece, ...]
    sentences: tuple[SaidSentence, ...]
    flags: tuple[ViewedFlag, ...]
    dropped: tuple[tuple[str, int], ...]
    asked: str = ""

    @property
    def understood(self) -> str:
        """As what the words were understood; empty for a turn without an answer of ours."""
        return intent_words(self.turn.intent) if self.turn.intent else ""

    @property
    def exercise_words(self) -> str:
        return self.turn.exercise_code.replace("_", " ").lower()

    @property
    def is_correctable(self) -> bool:
        return self.turn.author == Turn.Author.ASSISTANT and self.turn.answered_by in ("embedded", "model")


def access_conversation(membership: Membership, ref: UUID | str, *, purpose: str) -> Conversation:
    """Open a conversation of a patient whom this person treats; the look is audited.

    Raises ConversationNotFound for a stranger and for the patient, NotOnCareTeam for a colleague.
    """
    conversation = _by_ref(ref)
    if conversation is None or membership.role == Role.PATIENT:
        raise ConversationNotFound
    patient = check_patient_access(membership, conversation.patient.ref, purpose=purpose)
    record(
        "view",
        patient=patient.pk,
        object_type="sessions.Conversation",
        object_ref=conversation.ref,
        purpose=purpose,
    )
    return conversation


def _by_ref(ref: UUID | str) -> Conversation | None:
    try:
        wanted = UUID(str(ref))
    except ValueError:
        return None
    return Conversation.objects.select_related("patient__clinic", "held_by").filter(ref=wanted).first()


def conversations_of(patient: Patient) -> QuerySet[Conversation]:
    """The newest first, each with how much was asked, how often danger was heard, and the first question."""
    asked = Q(turns__author=Turn.Author.PATIENT)
    return (
        Conversation.objects.filter(patient=patient)
        .select_related("held_by")
        .annotate(
            asked_count=Count("turns", filter=asked),
            alert_count=Count("turns__alert", distinct=True),
            unhelpful_count=Count("turns", filter=Q(turns__was_helpful=False)),
            last_at=Max("turns__at"),
        )
        .order_by("-last_turn_at", "-pk")
    )


def viewed_turns(conversation: Conversation) -> tuple[ViewedTurn, ...]:
    """Every turn in order, in one query."""
    viewed: list[ViewedTurn] = []
    question = ""
    for turn in conversation.turns.select_related("membership", "alert", "provider").order_by("number"):
        if turn.author == Turn.Author.PATIENT:
            question = turn.text
        viewed.append(_viewed(turn, asked=question))
    return tuple(viewed)


def without_names(conversation: Conversation, words: str) -> str:
    """Words of a conversation without what names a person: a correction for everybody outlives it."""
    exercises = [one.name for one in plan_of(conversation.patient).exercises]
    return redact(words, names=names_of(conversation), keep=exercises)


def _viewed(turn: Turn, *, asked: str) -> ViewedTurn:
    heard = turn.heard.get("flags", ()) if turn.author == Turn.Author.PATIENT else ()
    quotes = [quote["text"] for flag in heard for quote in flag.get("words", ())]
    return ViewedTurn(
        turn=turn,
        pieces=pieces_of(turn.text, quotes),
        sentences=tuple(
            SaidSentence(each["text"], tuple(dict.fromkeys(source_words(ref) for ref in each["sources"])))
            for each in turn.sentences
        ),
        flags=tuple(_flag(flag) for flag in heard),
        dropped=tuple((code.replace("_", " "), count) for code, count in turn.dropped.items()),
        asked=asked,
    )


def _flag(heard: dict[str, Any]) -> ViewedFlag:
    return ViewedFlag(
        words=str(heard["flag"]).replace("_", " ").capitalize(),
        severity=str(heard["severity"]),
        rule=f"{heard['rule_id']}, version {heard['rule_version']}",
        citation=str(heard.get("source", "")),
    )


def pieces_of(text: str, quotes: list[str]) -> tuple[Piece, ...]:
    """The text cut at what was heard; joined again, the pieces are the text."""
    heard = [False] * len(text)
    for quote in filter(None, quotes):
        at = text.find(quote)
        for index in range(at, at + len(quote)) if at >= 0 else ():
            heard[index] = True
    pieces: list[Piece] = []
    begin = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or heard[index] != heard[begin]:
            pieces.append(Piece(text[begin:index], heard[begin]))
            begin = index
    return tuple(pieces)


def source_words(ref: str) -> str:
    """ "exercise: clamshell, how" for "exercise:clamshell:how"."""
    kind, _, rest = ref.partition(":")
    if kind in ("article", "correction"):
        return SOURCE_WORDS[kind]
    return f"{SOURCE_WORDS.get(kind, kind)}: {rest.replace(':', ', ').replace('_', ' ')}"


@dataclass(frozen=True, slots=True)
class AskedMost:
    """One thing that patients ask: how often, of how many patients, and how often the answer failed them."""

    intent: str
    exercise_code: str
    times: int
    patients: int
    unhelpful: int
    fell_back: int
    newest: UUID

    @property
    def words(self) -> str:
        return intent_words(self.intent)

    @property
    def exercise_words(self) -> str:
        return self.exercise_code.replace("_", " ").capitalize()


def asked_most(membership: Membership, *, days: int) -> list[AskedMost]:
    """What this person's patients asked lately: what failed them first, then the most frequent."""
    since = timezone.now() - timedelta(days=days)
    answers = Turn.objects.filter(
        author=Turn.Author.ASSISTANT,
        at__gte=since,
        conversation__patient__in=patients_for(membership),
    ).exclude(intent="")
    rows = answers.values("intent", "exercise_code").annotate(
        times=Count("pk"),
        patients=Count("conversation__patient", distinct=True),
        unhelpful=Count("pk", filter=Q(was_helpful=False)),
        fell_back=Count("pk", filter=~Q(fell_back="")),
        newest_turn=Max("pk"),
    )
    found = list(rows)
    refs = dict(
        Turn.objects.filter(pk__in=[row["newest_turn"] for row in found]).values_list(
            "pk", "conversation__ref"
        )
    )
    most = [
        AskedMost(
            intent=row["intent"],
            exercise_code=row["exercise_code"],
            times=row["times"],
            patients=row["patients"],
            unhelpful=row["unhelpful"],
            fell_back=row["fell_back"],
            newest=refs[row["newest_turn"]],
        )
        for row in found
    ]
    return sorted(most, key=lambda each: (-each.unhelpful, -each.times, each.intent, each.exercise_code))


def open_held(patient: Patient) -> Conversation | None:
    """The conversation that is held for this patient, or None."""
    return (
        Conversation.objects.filter(patient=patient, ended_at=None, held_by__isnull=False)
        .exclude(held_by__state=Alert.State.CLOSED)
        .first()
    )
