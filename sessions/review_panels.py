"""Where other apps put their part of a session's review, so that `sessions` need not import them.

An app registers a panel in `ready()`: a template and a selector. The selector gets the request and the
session and answers the template's context, or None when there is nothing to show. The newest session of a
patient's page shows them too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from patients.panels import ShownPanel
from sessions.models import TherapySession

ReviewSelector = Callable[[HttpRequest, TherapySession], dict[str, Any] | None]


@dataclass(frozen=True)
class ReviewPanel:
    name: str
    template: str
    selector: ReviewSelector
    order: int = 50


_panels: dict[str, ReviewPanel] = {}


def register(name: str, *, template: str, selector: ReviewSelector, order: int = 50) -> None:
    """Add a panel; the same name replaces it."""
    _panels[name] = ReviewPanel(name=name, template=template, selector=selector, order=order)


def panels_for(request: HttpRequest, session: TherapySession) -> list[ShownPanel]:
    """The panels that have something to show about a session, in order."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda one: (one.order, one.name)):
        context = panel.selector(request, session)
        if context is not None:
            shown.append(ShownPanel(name=panel.name, template=panel.template, context=context))
    return shown
