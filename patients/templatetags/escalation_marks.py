"""The running clock of an alert, and how many alerts wait."""

from django import template
from django.db import DatabaseError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.models import Membership
from clinic.tenancy.scope import current_clinic_id
from patients.alert_clock import AlertClock
from patients.selectors.escalations import open_alert_count

register = template.Library()

RUNNING = '<pl-clock class="state state--{} nowrap" role="timer" due="{}" now="{}" soon="{}">{}</pl-clock>'


@register.filter
def as_clock(clock: AlertClock | None) -> SafeString:
    """The clock's words; a script keeps them running from the server's time."""
    if clock is None:
        return SafeString("")
    if not clock.is_running:
        return format_html('<span class="state state--not-scored nowrap">{}</span>', clock.words.capitalize())
    due, now = clock.due.isoformat(), clock.now.isoformat()
    return format_html(RUNNING, clock.level, due, now, clock.soon_s, clock.words)


@register.simple_tag
def waiting_alerts(membership: Membership) -> int:
    """How many alerts of this person's patients are open; 0 on a page that may not ask the database."""
    if current_clinic_id() is None:
        return 0
    try:
        return open_alert_count(membership)
    except DatabaseError:
        # The page may be the one that tells of a database in trouble.
        return 0
