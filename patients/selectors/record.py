"""Named reads of one patient's record."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from clinic.models import Membership, Role
from patients.local_time import local_day
from patients.models import (
    Alert,
    AttentionReason,
    CareTeamMember,
    Consent,
    DaySummary,
    EpisodeOfCare,
    ExerciseHold,
    Message,
    Patient,
    TimelineEntry,
)
from patients.red_flags import NONE_OF_THESE, shipped_rules

WORST_FIRST = Case(
    When(severity="emergency", then=Value(0)),
    When(severity="same_day", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def active_episode(patient: Patient) -> EpisodeOfCare | None:
    """The problem treated now; the newest when there are several."""
    episodes = EpisodeOfCare.objects.filter(patient=patient, status=EpisodeOfCare.Status.ACTIVE)
    return episodes.order_by("-created_at").first()


def care_team_of(patient: Patient) -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.filter(patient=patient).select_related("membership").order_by("created_at")


def colleagues_not_on_team(patient: Patient) -> QuerySet[Membership]:
    """Staff who could be added to the care team."""
    on_team = CareTeamMember.objects.filter(patient=patient).values("membership_id")
    staff = Membership.objects.filter(is_active=True).exclude(role=Role.PATIENT)
    return staff.exclude(pk__in=on_team).order_by("display_name")


def open_alerts_of(patient: Patient) -> QuerySet[Alert]:
    """Alerts that nobody has closed, the worst first."""
    alerts = Alert.objects.filter(patient=patient).exclude(state=Alert.State.CLOSED)
    return alerts.select_related("acknowledged_by").order_by(WORST_FIRST, "raised_at")


def alerts_of(patient: Patient) -> QuerySet[Alert]:
    return (
        Alert.objects.filter(patient=patient)
        .select_related("acknowledged_by", "closed_by")
        .order_by("-raised_at")
    )


def asked_questions(alert: Alert) -> list[str]:
    """What the patient ticked in the Stop form, in plain words; empty for an alert from elsewhere."""
    ticked = list(alert.answers.get("ticked", ()))
    known = {question.id: question.text for question in shipped_rules().questions}
    return [known.get(tick, tick) for tick in ticked if tick != NONE_OF_THESE]


def open_hold(patient: Patient) -> ExerciseHold | None:
    """The hold on exercise that a therapist has not lifted, or None."""
    holds = ExerciseHold.objects.filter(patient=patient, lifted_at=None)
    return holds.select_related("alert").first()


def standing_reasons(patient: Patient) -> QuerySet[AttentionReason]:
    """The visible parts of the patient's score, the heaviest first."""
    return AttentionReason.objects.filter(patient=patient, resolved_at=None).order_by("-weight", "code")


def timeline_of(
    patient: Patient, *, kinds: tuple[str, ...] = (), before: datetime | None = None
) -> QuerySet[TimelineEntry]:
    """What happened, newest first; `kinds` empty means all."""
    entries = TimelineEntry.objects.filter(patient=patient).select_related("by").order_by("-at", "-id")
    if kinds:
        entries = entries.filter(kind__in=kinds)
    return entries.filter(at__lt=before) if before else entries


def messages_of(patient: Patient) -> QuerySet[Message]:
    return Message.objects.filter(patient=patient).select_related("author").order_by("created_at")


def last_unread_for_patient(patient: Patient) -> Message | None:
    """The newest line from the care team that the patient has not seen."""
    lines = Message.objects.filter(patient=patient, from_patient=False, read_at=None)
    return lines.select_related("author").order_by("-created_at").first()


def consents_of(patient: Patient) -> dict[str, Consent]:
    """Consents in force, by kind."""
    return {consent.kind: consent for consent in Consent.objects.filter(patient=patient, withdrawn_at=None)}


def has_consent(patient: Patient, kind: str) -> bool:
    """Whether the patient allows `kind` ("camera", "live_view", "video") now."""
    return Consent.objects.filter(patient=patient, kind=kind, withdrawn_at=None).exists()


@dataclass(frozen=True)
class WeekDay:
    """One day of the week strip."""

    day: date
    letter: str
    state: str
    words: str
    is_today: bool = False


@dataclass(frozen=True)
class Week:
    days: tuple[WeekDay, ...]
    done: int
    planned: int
    weeks_in_a_row: int


STREAK_WEEKS = 26


def week_of(patient: Patient, *, at: datetime | None = None) -> Week:
    """This week on the patient's calendar, Monday first, and how many full weeks there are in a row."""
    today = local_day(patient, at=at or timezone.now())
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=STREAK_WEEKS)
    done = set(
        DaySummary.objects.filter(patient=patient, day__gte=first, sessions_done__gt=0).values_list(
            "day", flat=True
        )
    )
    days = tuple(_week_day(monday + timedelta(days=n), today=today, done=done) for n in range(7))
    return Week(
        days=days,
        done=sum(1 for day in days if day.state == "done"),
        planned=patient.planned_days_per_week,
        weeks_in_a_row=_weeks_in_a_row(done, monday=monday, planned=patient.planned_days_per_week),
    )


def _week_day(day: date, *, today: date, done: set[date]) -> WeekDay:
    name = day.strftime("%A")
    if day in done:
        return WeekDay(day, name[0], "done", f"{name}: done", is_today=day == today)
    if day == today:
        return WeekDay(day, name[0], "today", f"{name}: today", is_today=True)
    if day < today:
        return WeekDay(day, name[0], "rest", f"{name}: rest day")
    return WeekDay(day, name[0], "to-come", f"{name}: to come")


def _weeks_in_a_row(done: set[date], *, monday: date, planned: int) -> int:
    """Full weeks before this one in which the plan was met; this week counts as soon as it is met."""
    if not planned:
        return 0
    row = 1 if _days_in_week(done, monday) >= planned else 0
    week = monday - timedelta(weeks=1)
    while _days_in_week(done, week) >= planned:
        row, week = row + 1, week - timedelta(weeks=1)
    return row


def _days_in_week(done: set[date], monday: date) -> int:
    return sum(1 for n in range(7) if monday + timedelta(days=n) in done)
