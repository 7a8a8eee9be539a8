"""The therapist's Movement pages: the episode, one day, paper, CSV."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.audit import record
from clinic.errors import NotFound
from clinic.models import Role
from clinic.models.membership import CLINICAL_ROLES, STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors.access import access_patient, check_patient_access
from sessions.models import MovementAlarm, MovementRequest
from sessions.selectors.movement.access import recordings_for
from sessions.selectors.movement.dashboard import WEEKS, Dashboard, dashboard_of
from sessions.selectors.movement.dashboard_export import dashboard_as_csv
from sessions.selectors.movement.day_view import day_view
from sessions.selectors.movement.recording_view import length_words, recording_title, test_view
from sessions.selectors.movement.requests import asked_tests
from sessions.selectors.movement.weeks import compare_weeks
from sessions.views.movement_drawing import draw_days
from sessions.views.movement_rows import (
    bout_rows,
    chart_config,
    comparison_rows,
    day_measures,
    day_remarks,
    days_table,
    shown_chart,
)

DEFAULT_WEEKS = 8
ALL = "all"
RECORDING_ROWS = 15
MOST_RECORDING_ROWS = 300


def asked_weeks(request: HttpRequest, *, default: int | None = DEFAULT_WEEKS) -> int | None:
    """The weeks asked for; anything but 2, 4, 8 or all is the default."""
    asked = request.GET.get("weeks", "")
    if asked == ALL:
        return None
    return int(asked) if asked in {str(weeks) for weeks in WEEKS} else default


def asked_day(text: str | None) -> date | None:
    """A day of this or the last century as YYYY-MM-DD; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def movement(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Walking over the episode: is this person getting better, and how sure are we?"""
    patient = access_patient(request.membership, ref, purpose="movement")
    weeks = asked_weeks(request)
    dashboard = dashboard_of(patient, weeks=weeks)
    compared = compare_weeks(
        dashboard, now=asked_day(request.GET.get("week")), then=asked_day(request.GET.get("with"))
    )
    return render(
        request,
        "sessions/movement/dashboard.html",
        {
            **_charts_shown(dashboard, clinic_slug),
            **_alarms_shown(dashboard.alarms),
            **_recordings_listed(request, patient),
            "patient": patient,
            "dashboard": dashboard,
            "answer": dashboard.answer,
            "config": chart_config(dashboard, day_address=_day_address(clinic_slug, patient)),
            "week_links": _week_links(request, weeks),
            "weeks_asked": request.GET.get("weeks", "")
            if request.GET.get("weeks") in ("2", "4", "8", ALL)
            else "",
            "print_address": _with_weeks(reverse("sessions:movement_print", args=[clinic_slug, ref]), weeks),
            "tests": [test_view(test) for test in dashboard.tests],
            "comparison": compared,
            "comparison_rows": comparison_rows(compared) if compared else [],
            "calendar": draw_days(dashboard),
            "days": days_table(dashboard, day_address=_day_address(clinic_slug, patient)),
            **_ways_in(request, clinic_slug, patient),
            **_tests_asked(request, patient),
        },
    )


def _charts_shown(dashboard: Dashboard, clinic_slug: str) -> dict[str, Any]:
    address = _day_address(clinic_slug, dashboard.patient)
    return {
        group: [shown_chart(chart, dashboard, day_address=address) for chart in charts]
        for group, charts in (
            ("charts", dashboard.charts),
            ("further", dashboard.further),
            ("timed", dashboard.timed),
        )
    }


def _alarms_shown(alarms: tuple[MovementAlarm, ...]) -> dict[str, Any]:
    shown = [alarm_shown(alarm) for alarm in alarms]
    return {
        "open_alarms": [one for one in shown if one["is_open"]],
        "past_alarms": [one for one in shown if not one["is_open"]],
    }


def alarm_shown(alarm: MovementAlarm) -> dict[str, Any]:
    """An alarm as its template reads it; its alert says whether somebody has answered."""
    is_open = alarm.alert.is_open if alarm.alert else alarm.state == MovementAlarm.State.OPEN
    rate = alarm.false_alarms_per_26_weeks
    return {
        "ref": alarm.ref,
        "is_open": is_open,
        "title": f"Suddenly {alarm.get_direction_display().lower()}",
        "reason": alarm.reason,
        "artefacts": _artefacts_not_said(alarm),
        "onset_day": alarm.onset_day,
        "detected_day": alarm.detected_day,
        "alert": alarm.alert,
        "rate_words": f"{rate:g} false {'alarm' if rate == 1 else 'alarms'}",
    }


def _artefacts_not_said(alarm: MovementAlarm) -> list[str]:
    """What else may explain an alarm, where its reason does not say so already."""
    told = [str(one.get("words", "")) if isinstance(one, dict) else str(one) for one in alarm.artefacts]
    return [words for words in told if words and words.rstrip(".") not in alarm.reason]


def _recordings_listed(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    asked = request.GET.get("recordings", "")
    rows = MOST_RECORDING_ROWS if asked == ALL else RECORDING_ROWS
    found = list(recordings_for(patient)[: rows + 1])
    more = len(found) > rows and asked != ALL
    return {
        "recordings": [
            {"recording": one, "title": recording_title(one), "length": length_words(one)}
            for one in found[:rows]
        ],
        "more_recordings": f"?{urlencode({'recordings': ALL})}#recordings" if more else "",
    }


def _week_links(request: HttpRequest, shown: int | None) -> list[dict[str, Any]]:
    kept = {name: request.GET[name] for name in ("week", "with") if asked_day(request.GET.get(name))}
    links = [(str(weeks), f"{weeks} weeks", weeks == shown) for weeks in WEEKS] + [
        (ALL, "All", shown is None)
    ]
    return [
        {
            "weeks": "" if code == ALL else code,
            "words": words,
            "is_shown": is_shown,
            "address": f"?{urlencode({'weeks': code, **kept})}",
        }
        for code, words, is_shown in links
    ]


def _with_weeks(address: str, weeks: int | None) -> str:
    return f"{address}?{urlencode({'weeks': ALL if weeks is None else weeks})}"


def _day_address(clinic_slug: str, patient: Patient) -> str:
    """Of a day's page, with `{day}` where the day goes."""
    address = reverse("sessions:movement_day", args=[clinic_slug, patient.ref, "0000"])
    return f"{address.removesuffix('0000/')}{{day}}/"


def _tests_asked(request: ClinicRequest, patient: Patient) -> dict[str, Any]:
    return {
        "asked": asked_tests(patient),
        "may_ask": request.membership.role == Role.THERAPIST,
        "test_kinds": MovementRequest.Kind.choices,
        "test_paces": MovementRequest.Every.choices,
    }


def _ways_in(request: ClinicRequest, clinic_slug: str, patient: Patient) -> dict[str, Any]:
    may_edit = request.membership.role in CLINICAL_ROLES
    return {
        "may_edit": may_edit,
        "upload_address": _address_or_none("sessions:movement_upload", clinic_slug, patient)
        if may_edit
        else "",
        "devices_address": _address_or_none("sessions:devices", clinic_slug, patient) if may_edit else "",
    }


def _address_or_none(name: str, clinic_slug: str, patient: Patient) -> str:
    try:
        return reverse(name, args=[clinic_slug, patient.ref])
    except NoReverseMatch:
        return ""


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def movement_day(request: ClinicRequest, clinic_slug: str, ref: UUID, day: str) -> HttpResponse:
    """One day: what was measured, and its bouts of walking."""
    shown = asked_day(day)
    if shown is None:
        raise NotFound
    patient = access_patient(request.membership, ref, purpose="movement day")
    view = day_view(patient, shown)
    address = _day_address(clinic_slug, patient)
    return render(
        request,
        "sessions/movement/day.html",
        {
            "patient": patient,
            "day": shown,
            "worn_words": view.worn_words,
            "walking_words": view.walking_words,
            "simulated": view.simulated,
            "previous": address.replace("{day}", view.previous.isoformat()) if view.previous else "",
            "following": address.replace("{day}", view.following.isoformat()) if view.following else "",
            "measures": day_measures(view, clinic_slug),
            "remarks": day_remarks(view),
            "bouts": bout_rows(view.bouts, clinic_slug, by_time_of=patient),
            "bout_total": view.bout_total,
        },
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def movement_print(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The charts on paper, readable without colour. Printing is an act of its own in the audit trail."""
    patient = check_patient_access(request.membership, ref, purpose="print movement")
    weeks = asked_weeks(request)
    dashboard = dashboard_of(patient, weeks=weeks)
    shown = _charts_shown(dashboard, clinic_slug)
    record(
        "print",
        patient=patient.pk,
        object_type="patients.Patient",
        object_ref=patient.ref,
        purpose="movement",
    )
    return render(
        request,
        "sessions/movement/print.html",
        {
            "patient": patient,
            "dashboard": dashboard,
            "answer": dashboard.answer,
            "charts": [one for group in shown.values() for one in group if one["points"]],
            "open_alarms": [one for one in map(alarm_shown, dashboard.alarms) if one["is_open"]],
            "tests": [test_view(test) for test in dashboard.tests],
            "days_words": draw_days(dashboard).words,
            "back": _with_weeks(reverse("sessions:movement", args=[clinic_slug, ref]), weeks),
        },
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def movement_export(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Every daily value with its band and trend as CSV. Audited as an export."""
    patient = check_patient_access(request.membership, ref, purpose="export movement")
    response = HttpResponse(
        dashboard_as_csv(dashboard_of(patient, weeks=None)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="movement-{patient.ref}.csv"'
    record(
        "export",
        patient=patient.pk,
        object_type="patients.Patient",
        object_ref=patient.ref,
        purpose="movement",
    )
    return response
