"""How the assistant is used and what it costs, by week. No word of a conversation is read."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, FloatField, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from clinic.models import Clinic
from sessions.models import Turn

WEEKS_SHOWN = 12
# Intents that are answered by saying what the assistant cannot do.
REFUSED = ("diagnosis", "injection", "medicine", "other_people")
COLUMNS = ("week from", "answers", "escalations", "asked a model", "answered by the model", "fell back",
           "fallback rate", "refusals", "answers with dropped sentences", "p50 ms", "p95 ms", "model p50 ms",
           "model p95 ms", "tokens in", "tokens out", "cost")  # fmt: skip


class Quantile(Aggregate):
    """The continuous quantile `share` (0 to 1) of a column, by PostgreSQL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: str, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), **extra)


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A week, or all of them together. Times in milliseconds, None where nothing was measured."""

    week: date | None
    answers: int
    escalations: int
    asked: int
    by_model: int
    fell_back: int
    refusals: int
    dropped: int
    p50_ms: float | None
    p95_ms: float | None
    model_p50_ms: float | None
    model_p95_ms: float | None
    tokens_in: int
    tokens_out: int
    cost: Decimal

    @property
    def fallback_rate(self) -> float | None:
        """Of the turns that asked a model, the share that was answered without it."""
        return self.fell_back / self.asked if self.asked else None

    @property
    def fallback_percent(self) -> float | None:
        return None if self.fallback_rate is None else 100 * self.fallback_rate


def usage_by_week(clinic: Clinic, *, weeks: int = WEEKS_SHOWN) -> list[UsageRow]:
    """The newest week first, weeks without an answer left out; weeks begin on Monday where the clinic is."""
    zone = ZoneInfo(clinic.time_zone)
    rows = _answers(zone, weeks).annotate(week=TruncWeek("at", tzinfo=zone)).values("week").order_by("-week")
    return [_row(dict(found), found["week"].date()) for found in rows.annotate(**_columns())]


def usage_together(clinic: Clinic, *, weeks: int = WEEKS_SHOWN) -> UsageRow:
    """The same weeks as one row."""
    return _row(_answers(ZoneInfo(clinic.time_zone), weeks).aggregate(**_columns()), None)


def usage_as_csv(rows: Sequence[UsageRow]) -> str:
    """With a heading; one row a week. Costs are in the currency of whoever was asked."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_cells(row))
    return out.getvalue()


def _answers(zone: ZoneInfo, weeks: int) -> QuerySet[Turn]:
    today = timezone.now().astimezone(zone)
    monday = today.date() - timedelta(days=today.weekday(), weeks=weeks - 1)
    since = datetime(monday.year, monday.month, monday.day, tzinfo=zone)
    ready = Turn.objects.filter(author=Turn.Author.ASSISTANT, state=Turn.State.READY)
    return ready.filter(at__gte=since).order_by()


def _columns() -> dict[str, Any]:
    asked = Q(provider__isnull=False)
    return {
        "answers": Count("pk"),
        "escalations": Count("pk", filter=Q(node="escalate")),
        "asked": Count("pk", filter=asked),
        "by_model": Count("pk", filter=Q(answered_by="model")),
        "fell_back": Count("pk", filter=asked & ~Q(fell_back="")),
        "refusals": Count("pk", filter=Q(intent__in=REFUSED)),
        "dropped": Count("pk", filter=~Q(dropped={})),
        "p50_ms": Quantile("answer_ms", share=0.5),
        "p95_ms": Quantile("answer_ms", share=0.95),
        "model_p50_ms": Quantile("model_ms", share=0.5, filter=asked),
        "model_p95_ms": Quantile("model_ms", share=0.95, filter=asked),
        "tokens_in": Sum("tokens_in", default=0),
        "tokens_out": Sum("tokens_out", default=0),
        "cost": Sum("cost", default=Decimal(0)),
    }


def _row(found: Mapping[str, Any], week: date | None) -> UsageRow:
    values = {name: found[name] for name in UsageRow.__slots__ if name != "week"}
    return UsageRow(week=week, **values)


def _cells(row: UsageRow) -> list[object]:
    rate = row.fallback_rate
    times = (row.p50_ms, row.p95_ms, row.model_p50_ms, row.model_p95_ms)
    return [
        row.week.isoformat() if row.week else "all",
        row.answers,
        row.escalations,
        row.asked,
        row.by_model,
        row.fell_back,
        "" if rate is None else round(rate, 4),
        row.refusals,
        row.dropped,
        *("" if value is None else round(value) for value in times),
        row.tokens_in,
        row.tokens_out,
        row.cost,
    ]
