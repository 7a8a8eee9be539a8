"""Alerts as work: the queue of a therapist's open ones, and what each rests on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.alert_clock import AlertClock, clock_of, minutes_to_acknowledge
from patients.models import Alert, ExerciseHold, PainReport
from patients.red_flags import shipped_rules
from patients.red_flags.flag_words import FlagWords, words_of_flag
from patients.selectors.access import patients_for
from patients.selectors.record import WORST_FIRST, asked_questions

MOST_ROWS = 200
CLOSED_DAYS = 7
MEASURED_DAYS = 30
SHOWS = {"open": "All open", "new": "Not seen", "seen": "Seen", "closed": "Closed, last 7 days"}
SOURCES = {
    "assistant": "Assistant",
    "message": "Message",
    "questionnaire": "Questionnaire",
    "stop": "Stop button",
    "pain": "Pain answer",
    "note": "Note",
    "movement": "Movement",
    "other": "Other",
}
SAID_BY = {"reader": "second reader", "rules": "rule", "ticked": "ticked by the patient"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the patient's words; `is_heard` where a rule or the reader took notice."""

    words: str
    is_heard: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What raised an alert: a flag in plain words, and where it comes from."""

    flag: FlagWords
    severity: str
    rule_id: str
    version: int
    by: str
    citation: str


@dataclass(frozen=True)
class Escalation:
    """One alert with its words."""

    alert: Alert
    said: tuple[tuple[Piece, ...], ...]
    asked: tuple[str, ...]
    flags: tuple[FlagWords, ...]
    source: str
    clock: AlertClock
    minutes: int | None
    holds: bool = False

    @property
    def source_words(self) -> str:
        return SOURCES[self.source]


@dataclass(frozen=True)
class Chip:
    code: str
    title: str
    count: int
    address: str


@dataclass(frozen=True)
class EscalationQuery:
    """What the page asks for; an unknown value means no filter."""

    show: str = "open"
    severity: str = ""
    source: str = ""

    @classmethod
    def of(cls, *, show: str, severity: str, source: str) -> "EscalationQuery":
        return cls(
            show=show if show in SHOWS else "open",
            severity=severity if severity in Alert.Severity.values else "",
            source=source if source in SOURCES else "",
        )

    def as_address(self, **changed: str) -> str:
        """The query of an address, with these filters changed; they are codes and tell of nobody."""
        return urlencode({"show": self.show, "severity": self.severity, "source": self.source} | changed)


@dataclass(frozen=True)
class Queue:
    rows: tuple[Escalation, ...]
    asked: EscalationQuery
    shows: tuple[Chip, ...]
    severities: tuple[Chip, ...]
    sources: tuple[Chip, ...]
    waiting: int
    overdue: int
    found: int


@dataclass(frozen=True)
class AnswerTimes:
    """How alerts of the last 30 days were seen to; `median_minutes` is None without any that was seen."""

    severity: str
    raised: int
    open: int
    overdue: int
    seen: int
    in_time: int
    median_minutes: int | None


def queue_of(membership: Membership, asked: EscalationQuery, *, at: datetime | None = None) -> Queue:
    """The alerts of this person's patients, the worst and oldest first. Audited with every patient shown."""
    now = at or timezone.now()
    closed_since = now - timedelta(days=CLOSED_DAYS)
    alerts = list(_alerts_of(membership, closed_since=closed_since))
    shown = [alert for alert in alerts if _fits_show(alert, asked.show)]
    by_severity = [alert for alert in shown if asked.severity in ("", alert.severity)]
    found = [alert for alert in by_severity if asked.source in ("", source_of(alert))]
    if asked.show == "closed":
        found.sort(key=lambda alert: alert.closed_at or now, reverse=True)
    held = _held(found[:MOST_ROWS])
    rows = tuple(escalation(one, now=now, holds=one.patient_id in held) for one in found[:MOST_ROWS])
    record(
        "list",
        patients={row.alert.patient_id for row in rows},
        object_type="patients.Alert",
        purpose="escalations",
        detail={"show": asked.show, "rows": len(rows)},
    )
    return Queue(
        rows=rows,
        asked=asked,
        shows=tuple(
            Chip(code, title, sum(_fits_show(alert, code) for alert in alerts), f"?show={code}")
            for code, title in SHOWS.items()
        ),
        severities=_chips("severity", dict(Alert.Severity.choices), [one.severity for one in shown], asked),
        sources=_chips("source", SOURCES, [source_of(alert) for alert in by_severity], asked),
        waiting=sum(alert.state == Alert.State.OPEN for alert in alerts),
        overdue=sum(alert.state == Alert.State.OPEN and alert.due_at < now for alert in alerts),
        found=len(found),
    )


def _alerts_of(membership: Membership, *, closed_since: datetime) -> QuerySet[Alert]:
    mine = Alert.objects.filter(patient__in=patients_for(membership).values("pk"))
    lately = mine.exclude(state=Alert.State.CLOSED, closed_at__lt=closed_since)
    named = lately.select_related("patient__clinic", "acknowledged_by", "closed_by")
    return named.order_by(WORST_FIRST, "raised_at")


def _held(alerts: Sequence[Alert]) -> frozenset[int]:
    """Which of these patients may not exercise now."""
    ids = {alert.patient_id for alert in alerts}
    holds = ExerciseHold.objects.filter(patient_id__in=ids, lifted_at=None)
    return frozenset(holds.values_list("patient_id", flat=True))


def _fits_show(alert: Alert, show: str) -> bool:
    if show == "open":
        return alert.is_open
    wanted = {"new": Alert.State.OPEN, "seen": Alert.State.ACKNOWLEDGED, "closed": Alert.State.CLOSED}
    return alert.state == wanted[show]


def _chips(
    name: str, titles: dict[str, str], codes: Sequence[str], asked: EscalationQuery
) -> tuple[Chip, ...]:
    counts = Counter(codes)
    named = [(code, title, counts[code]) for code, title in titles.items() if counts[code]]
    every = [("", "Any", len(codes)), *named]
    return tuple(Chip(code, title, n, "?" + asked.as_address(**{name: code})) for code, title, n in every)


def open_alert_count(membership: Membership) -> int:
    """How many alerts of this person's patients nobody has closed."""
    mine = Alert.objects.filter(patient__in=patients_for(membership).values("pk"))
    return mine.exclude(state=Alert.State.CLOSED).count()


def escalation(alert: Alert, *, now: datetime, holds: bool = False) -> Escalation:
    """An alert as the queue and its own page show it; `holds` where the patient's exercise is on hold."""
    return Escalation(
        alert=alert,
        said=said_in(alert),
        asked=tuple(asked_questions(alert)),
        flags=tuple(line.flag for line in rule_lines(alert)),
        source=source_of(alert),
        clock=clock_of(alert, now=now),
        minutes=minutes_to_acknowledge(alert),
        holds=holds,
    )


def source_of(alert: Alert) -> str:
    """Where the words or the answer came from; alerts of earlier releases tell it by what they hold."""
    named = alert.answers.get("source")
    if named in SOURCES:
        return str(named)
    if alert.rule_id == "movement_alarm":
        return "movement"
    if "value" in alert.answers:
        return "questionnaire" if alert.answers.get("moment") == PainReport.Moment.QUESTIONS else "pain"
    return "stop" if "ticked" in alert.answers and named is None else "other"


def said_in(alert: Alert) -> tuple[tuple[Piece, ...], ...]:
    """The exact words, turn by turn, cut where something was heard."""
    turns = alert.answers.get("said")
    if not turns:
        words = str(alert.answers.get("words") or "")
        return ((Piece(words, is_heard=False),),) if words else ()
    return tuple(_pieces(str(turn["words"]), turn["marks"]) for turn in turns if turn["words"])


def _pieces(words: str, marks: Iterable[Sequence[int]]) -> tuple[Piece, ...]:
    pieces, at = [], 0
    for start, end in sorted((max(0, start), min(end, len(words))) for start, end in marks):
        if end <= max(at, start):
            continue
        pieces += [Piece(words[at:start], is_heard=False)] if start > at else []
        pieces.append(Piece(words[max(at, start) : end], is_heard=True))
        at = end
    return (*pieces, *([Piece(words[at:], is_heard=False)] if at < len(words) else []))


def rule_lines(alert: Alert) -> tuple[RuleLine, ...]:
    """Every flag that raised the alert, once, the worst first: heard, ticked, or the alert's own rule."""
    heard = {line["flag"]: line for line in reversed(alert.answers.get("heard") or [])}
    known = {rule.id: rule for rule in shipped_rules().rules}
    lines = []
    for rule in alert.answers.get("rules") or [{"id": alert.rule_id, "version": alert.rule_version}]:
        flag, source = heard.get(rule["id"]), known.get(rule["id"])
        if flag:
            lines.append(_heard_line(flag))
            continue
        severity = source.severity.value if source else alert.severity
        citation = source.source if source else ""
        by = SAID_BY["ticked"] if alert.answers.get("ticked") else SAID_BY["rules"]
        name = words_of_flag(rule["id"])
        lines.append(RuleLine(name, _say(severity), rule["id"], int(rule["version"]), by, citation))
    return tuple(lines)


def _heard_line(kept: dict[str, str]) -> RuleLine:
    return RuleLine(
        flag=words_of_flag(kept["flag"]),
        severity=_say(kept["severity"]),
        rule_id=kept["rule"],
        version=int(kept["version"]),
        by=SAID_BY.get(kept.get("by", "rules"), SAID_BY["rules"]),
        citation=kept.get("citation", ""),
    )


def _say(severity: str) -> str:
    return str(Alert.Severity(severity).label)


def answer_times(
    membership: Membership | None = None, *, at: datetime | None = None
) -> tuple[AnswerTimes, ...]:
    """By severity, how alerts raised in the last 30 days were seen to. Without a person: the whole clinic's,
    numbers only.
    """
    now = at or timezone.now()
    alerts = Alert.objects.filter(raised_at__gte=now - timedelta(days=MEASURED_DAYS))
    # What a therapist wrote down was seen before it was raised.
    alerts = alerts.exclude(answers__has_key="note")
    if membership is not None:
        alerts = alerts.filter(patient__in=patients_for(membership).values("pk"))
    rows = list(alerts.only("severity", "state", "raised_at", "due_at", "acknowledged_at"))
    severities = (code for code in Alert.Severity.values if any(row.severity == code for row in rows))
    return tuple(_times(code, [row for row in rows if row.severity == code], now=now) for code in severities)


def _times(severity: str, rows: Sequence[Alert], *, now: datetime) -> AnswerTimes:
    minutes = [took for row in rows if (took := minutes_to_acknowledge(row)) is not None]
    return AnswerTimes(
        severity=_say(severity),
        raised=len(rows),
        open=sum(row.is_open for row in rows),
        overdue=sum(row.state == Alert.State.OPEN and row.due_at < now for row in rows),
        seen=len(minutes),
        in_time=sum(bool(row.acknowledged_at and row.acknowledged_at <= row.due_at) for row in rows),
        median_minutes=round(median(minutes)) if minutes else None,
    )


def closed_alerts_of(membership: Membership, *, since: datetime) -> list[Alert]:
    """Alerts of this person's patients that were closed since, the newest first."""
    mine = Alert.objects.filter(patient__in=patients_for(membership).values("pk"))
    closed = mine.filter(state=Alert.State.CLOSED, closed_at__gte=since)
    return list(closed.select_related("patient", "acknowledged_by", "closed_by").order_by("-closed_at"))


def most_urgent_of(patient_ids: Sequence[int]) -> dict[int, Alert]:
    """For each of these patients the open alert that nobody has seen and that is due first."""
    unseen = Alert.objects.filter(patient_id__in=patient_ids, state=Alert.State.OPEN).order_by("-due_at")
    return {alert.patient_id: alert for alert in unseen}
