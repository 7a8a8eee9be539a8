"""Small drawings of the caseload, each made in one go: a template loop over a thousand marks is slow."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from patients.selectors.caseload import Dot
from patients.sparkline import Sparkline

register = template.Library()

NOTHING_YET = (
    '<span class="muted text-small">–<span class="visually-hidden"> {}: not enough yet</span></span>'
)
SPARK = (
    '<svg class="spark" viewBox="0 0 120 32" role="img" aria-label="{what} {words}">'
    "<title>{what} {words}</title>"
    '<path class="spark__floor" d="M4 28H116"/><polyline class="spark__line" points="{points}"/>'
    '<circle class="spark__last" cx="{x}" cy="{y}" r="3"/></svg> <span class="caseload__now">{last}</span>'
)


@register.filter
def as_dots(dots: Sequence[Dot]) -> SafeString:
    """One small mark per day, with its words on hover."""
    marks = (("done" if dot.state == "done" else "rest", dot.words) for dot in dots)
    return format_html_join("", '<span class="dots__dot dots__dot--{}" title="{}"></span>', marks)


@register.filter
def as_spark(line: Sparkline | None, what: str) -> SafeString:
    """A small line with its last value; a dash while there are too few values."""
    if line is None:
        return format_html(NOTHING_YET, what)
    return format_html(
        SPARK,
        what=what,
        words=line.words,
        points=line.points,
        x=str(line.last_x),
        y=str(line.last_y),
        last=line.last_value,
    )
