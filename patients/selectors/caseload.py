"""The caseload: a therapist's patients, worst first, with a number of queries that does not grow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.alert_clock import AlertClock, clock_of
from patients.attention_rules import sessions_done_of_planned
from patients.local_time import local_day, zone_of
from patients.models import AttentionReason, DaySummary, EpisodeOfCare, PainReport, Patient
from patients.selectors.access import patients_for
from patients.selectors.escalations import most_urgent_of
from patients.selectors.search import find_patients
from patients.sparkline import Sparkline, draw_sparkline

PAGE_ROWS = 50
TREND_DAYS = 28
DOT_DAYS = 14
HIGH_SCORE, MEDIUM_SCORE = 60, 20
SORTS = {
    "attention": ("-attention_score", "family_key", "given_key", "pk"),
    "name": ("family_key", "given_key", "pk"),
    "newest": ("-created_at", "pk"),
}
CHIPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("All", ()),
    "alerts": ("Alerts", ("alert_open", "exercise_hold")),
    "pain": ("Pain", ("pain_high", "pain_rising")),
    "missed": ("Missed sessions", ("missed_sessions",)),
    "form": ("Form", ("form_worsening",)),
    "doses": ("Doses", ("dose_proposal",)),
    "messages": ("Messages", ("new_message",)),
    "questions": ("Questions", ("score_worsened", "questions_overdue")),
    "no_plan": ("No plan", ("no_plan",)),
}


@dataclass(frozen=True)
class Dot:
    """One day of the adherence dots."""

    state: str
    words: str


class Day(NamedTuple):
    """What was done on one day; plain, because a page reads more than a thousand of them."""

    sessions_done: int
    correct_share: float | None


@dataclass(frozen=True)
class CaseloadRow:
    patient: Patient
    reasons: tuple[AttentionReason, ...]
    episode: EpisodeOfCare | None
    pain: Sparkline | None
    form: Sparkline | None
    dots: tuple[Dot, ...]
    done: int
    planned: int
    clock: AlertClock | None = None

    @property
    def level(self) -> str:
        if self.patient.attention_score >= HIGH_SCORE:
            return "high"
        if self.patient.attention_score >= MEDIUM_SCORE:
            return "medium"
        return "low" if self.patient.attention_score else "quiet"

    @property
    def why(self) -> str:
        return "; ".join(reason.words for reason in self.reasons)

    @property
    def foremost(self) -> AttentionReason | None:
        """The reason to act on: an alert waits for an answer whatever else weighs more."""
        alerts = (reason for reason in self.reasons if reason.code == "alert_open")
        return next(alerts, self.reasons[0] if self.reasons else None)


@dataclass(frozen=True)
class Chip:
    code: str
    title: str
    count: int


@dataclass(frozen=True)
class Caseload:
    rows: tuple[CaseloadRow, ...]
    quiet: tuple[CaseloadRow, ...]
    chips: tuple[Chip, ...]
    total: int
    needing: int
    found: int
    page: int
    pages: int
    asked: "CaseloadQuery"


@dataclass(frozen=True)
class CaseloadQuery:
    """What the page asks for; unknown values fall back to the default."""

    chip: str = "all"
    sort: str = "attention"
    search: str = ""
    page: int = 1

    @classmethod
    def of(cls, *, chip: str, sort: str, search: str, page: str) -> "CaseloadQuery":
        return cls(
            chip=chip if chip in CHIPS else "all",
            sort=sort if sort in SORTS else "attention",
            search=search.strip()[:100],
            page=int(page[:6]) if page.isascii() and page.isdigit() and int(page[:6]) > 0 else 1,
        )


def caseload_of(membership: Membership, asked: CaseloadQuery, *, at: datetime | None = None) -> Caseload:
    """One page of this person's patients. Audited with every patient shown; a search as a search."""
    now = at or timezone.now()
    mine = patients_for(membership)
    counts = _counts(mine)
    found = find_patients(_with_chip(mine, asked.chip), asked.search).order_by(*SORTS[asked.sort])
    matching = found.count() if asked.search or asked.chip != "all" else counts["total"]
    pages = max(1, -(-matching // PAGE_ROWS))
    page = min(asked.page, pages)
    shown = list(found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])
    rows = _rows(shown, now=now)
    record(
        "search" if asked.search else "list",
        patients=[patient.pk for patient in shown],
        object_type="patients.Patient",
        purpose="caseload",
        detail={"chip": asked.chip, "rows": len(shown)},
    )
    fold = asked.sort == "attention" and asked.chip == "all" and not asked.search
    return Caseload(
        rows=tuple(row for row in rows if not fold or row.level != "quiet"),
        quiet=tuple(row for row in rows if fold and row.level == "quiet"),
        chips=tuple(
            Chip(code, title, counts[code] if code != "all" else counts["total"])
            for code, (title, _) in CHIPS.items()
        ),
        total=counts["total"],
        needing=counts["needing"],
        found=matching,
        page=page,
        pages=pages,
        asked=asked,
    )


def _with_chip(patients: QuerySet[Patient], chip: str) -> QuerySet[Patient]:
    codes = CHIPS[chip][1]
    if not codes:
        return patients
    standing = AttentionReason.objects.filter(patient=OuterRef("pk"), resolved_at=None, code__in=codes)
    return patients.filter(Exists(standing))


def _counts(mine: QuerySet[Patient]) -> dict[str, int]:
    """How many patients stand behind each chip."""
    heads = mine.aggregate(
        total=Count("pk"), needing=Count("pk", filter=Q(attention_score__gte=MEDIUM_SCORE))
    )
    standing = AttentionReason.objects.filter(resolved_at=None, patient__in=mine.values("pk"))
    by_chip = standing.aggregate(
        **{
            chip: Count("patient_id", filter=Q(code__in=codes), distinct=True)
            for chip, (_, codes) in CHIPS.items()
            if codes
        }
    )
    return {**by_chip, "total": heads["total"], "needing": heads["needing"]}


def _rows(patients: Sequence[Patient], *, now: datetime) -> list[CaseloadRow]:
    ids = [patient.pk for patient in patients]
    reasons = _reasons(ids)
    episodes = _episodes(ids)
    pains = _pains(ids, since=now - timedelta(days=TREND_DAYS + 1))
    days = _days(ids, since=(now - timedelta(days=TREND_DAYS + 2)).date())
    urgent = most_urgent_of(ids)
    return [
        _row(
            patient,
            reasons[patient.pk],
            episodes.get(patient.pk),
            pains[patient.pk],
            days[patient.pk],
            clock=clock_of(urgent[patient.pk], now=now) if patient.pk in urgent else None,
            now=now,
        )
        for patient in patients
    ]


def _row(
    patient: Patient,
    reasons: list[AttentionReason],
    episode: EpisodeOfCare | None,
    pains: list[tuple[datetime, int]],
    days: dict[date, Day],
    *,
    clock: AlertClock | None,
    now: datetime,
) -> CaseloadRow:
    today = local_day(patient, at=now)
    done_days = frozenset(day for day, summary in days.items() if summary.sessions_done)
    done, planned = sessions_done_of_planned(
        done_days,
        today=today,
        planned_days_per_week=patient.planned_days_per_week,
        plan_started_on=patient.plan_started_on,
    )
    return CaseloadRow(
        patient=patient,
        reasons=tuple(reasons),
        episode=episode,
        pain=_pain_line(patient, pains, today=today),
        form=_form_line(days, today=today),
        dots=_dots(done_days, today=today),
        done=done,
        planned=planned,
        clock=clock,
    )


def _position(day: date, *, today: date) -> float:
    return 1 - (today - day).days / TREND_DAYS


def _pain_line(patient: Patient, pains: list[tuple[datetime, int]], *, today: date) -> Sparkline | None:
    zone = zone_of(patient)
    worst: dict[date, int] = {}
    for at, value in pains:
        day = at.astimezone(zone).date()
        worst[day] = max(value, worst.get(day, 0))
    points = [(_position(day, today=today), float(value)) for day, value in sorted(worst.items())]
    return draw_sparkline(points, least=0, most=10)


def _form_line(days: dict[date, Day], *, today: date) -> Sparkline | None:
    shares = [(day, summary.correct_share) for day, summary in sorted(days.items())]
    points = [(_position(day, today=today), share) for day, share in shares if share is not None]
    return draw_sparkline(points, least=0, most=1, unit=" %", scale=100)


def _dots(done: frozenset[date], *, today: date) -> tuple[Dot, ...]:
    return tuple(
        Dot(state="done", words=f"{words}: done")
        if day in done
        else Dot(state="none", words=f"{words}: no session")
        for day, words in _dot_days(today)
    )


@lru_cache(maxsize=8)
def _dot_days(today: date) -> tuple[tuple[date, str], ...]:
    days = (today - timedelta(days=back) for back in range(DOT_DAYS - 1, -1, -1))
    return tuple((day, f"{day:%a} {day.day} {day:%b}") for day in days)


def _reasons(ids: list[int]) -> dict[int, list[AttentionReason]]:
    grouped: dict[int, list[AttentionReason]] = defaultdict(list)
    standing = AttentionReason.objects.filter(patient_id__in=ids, resolved_at=None)
    for reason in standing.order_by("-weight", "code"):
        grouped[reason.patient_id].append(reason)
    return grouped


def _episodes(ids: list[int]) -> dict[int, EpisodeOfCare]:
    active = EpisodeOfCare.objects.filter(patient_id__in=ids, status=EpisodeOfCare.Status.ACTIVE)
    return {episode.patient_id: episode for episode in active.order_by("created_at")}


def _pains(ids: list[int], *, since: datetime) -> dict[int, list[tuple[datetime, int]]]:
    grouped: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    reports = PainReport.objects.filter(patient_id__in=ids, at__gte=since).order_by("at")
    for patient_id, at, value in reports.values_list("patient_id", "at", "value"):
        grouped[patient_id].append((at, value))
    return grouped


def _days(ids: list[int], *, since: date) -> dict[int, dict[date, Day]]:
    grouped: dict[int, dict[date, Day]] = defaultdict(dict)
    rows = DaySummary.objects.filter(patient_id__in=ids, day__gte=since)
    values = rows.values_list(
        "patient_id", "day", "sessions_done", "repetitions_scored", "repetitions_correct"
    )
    for patient_id, day, sessions, scored, correct in values:
        grouped[patient_id][day] = Day(sessions, correct / scored if scored else None)
    return grouped
