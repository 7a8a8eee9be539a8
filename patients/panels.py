"""Where other apps put their part of a patient's page, so that `patients` need not import them.

An app registers a panel in `ready()`: a place, a template and a selector. The selector gets the request and
the patient and answers the template's context, or None when there is nothing to show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from patients.models import Patient

PanelSelector = Callable[[HttpRequest, Patient], dict[str, Any] | None]


class Place(StrEnum):
    TODAY = "today"
    PATIENT_PLAN = "patient_plan"
    PATIENT_TREND = "patient_trend"
    PATIENT_ACTIONS = "patient_actions"


@dataclass(frozen=True)
class Panel:
    place: Place
    name: str
    template: str
    selector: PanelSelector
    order: int = 50


@dataclass(frozen=True)
class ShownPanel:
    name: str
    template: str
    context: dict[str, Any]


_panels: dict[tuple[Place, str], Panel] = {}


def register(
    place: Place | str, name: str, *, template: str, selector: PanelSelector, order: int = 50
) -> None:
    """Add a panel; the same name in the same place replaces it."""
    panel = Panel(place=Place(place), name=name, template=template, selector=selector, order=order)
    _panels[panel.place, name] = panel


def panels_for(place: Place, request: HttpRequest, patient: Patient) -> list[ShownPanel]:
    """The panels of one place that have something to show, in order."""
    there = sorted(
        (panel for panel in _panels.values() if panel.place == place), key=lambda p: (p.order, p.name)
    )
    shown = []
    for panel in there:
        context = panel.selector(request, patient)
        if context is not None:
            shown.append(ShownPanel(name=panel.name, template=panel.template, context=context))
    return shown
