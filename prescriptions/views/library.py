"""The clinic's exercise library and programmes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Conflict, Invalid
from clinic.models import Role
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from prescriptions import selectors, services
from prescriptions.dose import Dose, dose_in_words
from prescriptions.forms import ExerciseVersionForm, ProgrammeForm
from prescriptions.models import ExerciseVersion
from prescriptions.movement import figure as moving_figure
from prescriptions.quantity_words import VIEW_TITLES, quantity_words

EVERYBODY = (*STAFF_ROLES, Role.PATIENT)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def exercises(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    versions = list(selectors.current_versions())
    region = request.GET.get("region", "")
    regions = sorted({str(version.spec.get("body_region", "")) for version in versions})
    shown = [version for version in versions if not region or version.spec.get("body_region") == region]
    return render(
        request,
        "prescriptions/exercises.html",
        {
            "cards": [(version, selectors.caution_of(version.spec)) for version in shown],
            "regions": regions,
            "region": region,
            "total": len(versions),
        },
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def exercise(request: ClinicRequest, clinic_slug: str, code: str) -> HttpResponse:
    found = selectors.exercise_with_code(code)
    versions = list(selectors.versions_of(found))
    version = _asked_version(versions, request.GET.get("version", ""))
    return render(
        request,
        "prescriptions/exercise.html",
        {
            "exercise": found,
            "version": version,
            "versions": versions,
            "is_newest": version.pk == versions[0].pk,
            "views": _views(version),
            "caution": selectors.caution_of(version.spec),
        },
    )


def _asked_version(versions: list[ExerciseVersion], number: str) -> ExerciseVersion:
    asked = next((version for version in versions if str(version.number) == number), None)
    if asked is None and number:
        raise Http404
    return asked or versions[0]


def _views(version: ExerciseVersion) -> list[dict[str, Any]]:
    """Each camera view with what it can judge."""
    criteria: list[Mapping[str, Any]] = version.spec.get("criteria", [])
    return [
        {
            "title": VIEW_TITLES.get(name, name),
            "camera": view.get("camera", ""),
            "is_default": view.get("default", False),
            "judges": view.get("judges", []),
            "target": view.get("primary", {}).get("target_deg"),
            "quantity": quantity_words(str(view.get("primary", {}).get("quantity", ""))),
            **_rules_in(name, criteria),
        }
        for name, view in version.spec.get("views", {}).items()
    ]


def _rules_in(view: str, criteria: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The rules that hold in a view, and each of their sources once."""
    there = [criterion for criterion in criteria if view in criterion.get("views", ())]
    sources = dict.fromkeys(str(criterion.get("source", "")) for criterion in there)
    return {"criteria": there, "sources": [source for source in sources if source]}


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST)
def edit_exercise(request: ClinicRequest, clinic_slug: str, code: str) -> HttpResponse:
    found = selectors.exercise_with_code(code)
    version = selectors.current_version_of(found)
    form = ExerciseVersionForm(request.POST or None, spec=version.spec)
    if request.method == "POST" and form.is_valid():
        try:
            new = services.write_exercise_version(
                found, form.new_spec(), by=request.membership, change_note=form.cleaned_data["change_note"]
            )
        except Invalid as error:
            form.add_error(None, error.words)
        else:
            messages.success(
                request, f"Version {new.number} is saved. Plans keep theirs until you change them."
            )
            return redirect("prescriptions:exercise", clinic_slug, code)
    return render(
        request,
        "prescriptions/edit_exercise.html",
        {"exercise": found, "version": version, "form": form},
        status=400 if form.errors else 200,
    )


@require_POST
@require_role(Role.THERAPIST)
def sign_exercise(request: ClinicRequest, clinic_slug: str, code: str) -> HttpResponse:
    version = selectors.current_version_of(selectors.exercise_with_code(code))
    if str(version.number) != request.POST.get("version"):
        raise Conflict("There is a newer version. Read it first, then sign it.")
    services.sign_exercise_version(version, by=request.membership)
    messages.success(request, f"You have signed version {version.number}.")
    return redirect("prescriptions:exercise", clinic_slug, code)


@require_GET
@cache_control(private=True, max_age=86400)
@require_role(*EVERYBODY)
def figure(request: ClinicRequest, clinic_slug: str, code: str) -> HttpResponse:
    """The keyframes of the moving figure; the same for every clinic, so the browser may keep them.

    ``?side=left`` or ``right`` draws the side that works.
    """
    try:
        frames = moving_figure.keyframes(code, side=request.GET.get("side", "both"))
    except (KeyError, ValueError) as error:
        raise Http404 from error
    return JsonResponse(frames)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def programmes(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    specs = {version.exercise.code: version.spec for version in selectors.current_versions()}
    shown = [
        (template, [_line(item, specs[item["code"]]) for item in template.items if item["code"] in specs])
        for template in selectors.active_templates()
    ]
    return render(request, "prescriptions/programmes.html", {"programmes": shown})


def _line(item: Mapping[str, Any], spec: Mapping[str, Any]) -> tuple[str, str]:
    return str(spec.get("name", item["code"])), dose_in_words(Dose.of(item), spec)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST)
def new_programme(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """A programme made of ticked exercises, each with the ordinary dose; doses are set per patient."""
    versions = list(selectors.current_versions())
    form = ProgrammeForm(request.POST or None)
    ticked = set(request.POST.getlist("exercise"))
    chosen = [version for version in versions if version.exercise.code in ticked]
    if request.method == "POST" and form.is_valid():
        try:
            _write_programme(request, form, chosen)
        except (Invalid, Conflict) as error:
            form.add_error(None, error.words)
        else:
            return redirect("prescriptions:programmes", clinic_slug)
    context = {"form": form, "versions": versions, "ticked": ticked, "few": selectors.FEW_EXERCISES}
    return render(request, "prescriptions/new_programme.html", context, status=400 if form.errors else 200)


def _write_programme(request: ClinicRequest, form: ProgrammeForm, chosen: list[ExerciseVersion]) -> None:
    if not 0 < len(chosen) <= selectors.FEW_EXERCISES:
        raise Invalid(f"Tick from 1 to {selectors.FEW_EXERCISES} exercises.")
    services.write_template(
        name=form.cleaned_data["name"],
        description=form.cleaned_data["description"],
        items=[(version.exercise.code, Dose()) for version in chosen],
        by=request.membership,
    )
    messages.success(request, "The programme is saved.")


@require_POST
@require_role(Role.THERAPIST)
def retire_programme(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    services.retire_template(selectors.template_with_ref(ref))
    messages.success(request, "The programme is no longer offered.")
    return redirect("prescriptions:programmes", clinic_slug)
