"""What a model's answers cost, and whether the month's budget is used up."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils import timezone

from clinic.models import Clinic
from sessions.models import ModelProvider, Turn

MILLION = Decimal(1_000_000)
CENTS = Decimal("0.000001")


def cost_of(provider: ModelProvider, *, tokens_in: int, tokens_out: int) -> Decimal:
    """The price of one answer in the provider's currency, to a millionth."""
    sent, back = max(tokens_in, 0), max(tokens_out, 0)
    return ((provider.price_in * sent + provider.price_out * back) / MILLION).quantize(CENTS)


def month_began(clinic: Clinic, *, now: datetime | None = None) -> datetime:
    """The first moment of this month where the clinic is."""
    here = (now or timezone.now()).astimezone(ZoneInfo(clinic.time_zone))
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def spent_this_month(provider: ModelProvider, *, clinic: Clinic) -> Decimal:
    """What patients' answers by this model have cost since the month began; safety runs are not counted."""
    turns = Turn.objects.filter(provider=provider, at__gte=month_began(clinic))
    return turns.aggregate(spent=Sum("cost"))["spent"] or Decimal(0)


def is_over_budget(provider: ModelProvider, *, clinic: Clinic) -> bool:
    """Whether the month's budget is used up; without a budget never."""
    return bool(
        provider.monthly_budget and spent_this_month(provider, clinic=clinic) >= provider.monthly_budget
    )
