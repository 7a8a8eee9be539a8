"""All signed notes of a patient as one file, to hand over or to keep."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models.membership import STAFF_ROLES
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.forms_file import DaysForm
from notes.note_pdf import pdf_of_file
from notes.selectors.printed import signed_file_of, signed_notes_of
from notes.services.drafts import NOTE
from patients.models import Patient
from patients.selectors import access_patient, check_patient_access

FILES = Pace(most=10, in_s=600)


@never_cache
@require_GET
@require_role(*STAFF_ROLES)
def notes_file(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """How many notes there are, and of which days they are wanted."""
    patient = access_patient(request.membership, ref, purpose="notes as one file")
    return _page(request, patient, DaysForm())


@never_cache
@require_GET
@require_role(*STAFF_ROLES)
def notes_pdf(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The file. Audited as an export of each note in it; its name names nobody."""
    patient = check_patient_access(request.membership, ref, purpose="notes as one file")
    form = DaysForm(request.GET)
    if not form.is_valid():
        return _page(request, patient, form)
    count_sent(request.user.pk, "notes_pdf", FILES)
    days = form.cleaned_data
    try:
        file, notes = signed_file_of(patient, since=days["since"], until=days["until"])
    except Invalid as error:
        form.add_error(None, error.words)
        return _page(request, patient, form)
    content = pdf_of_file(file)
    record(
        "export",
        patient=patient.pk,
        object_type=NOTE,
        purpose="all signed notes, pdf",
        detail={"notes": [str(one.ref) for one in notes]},
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="notes-{patient.ref}.pdf"'
    return response


def _page(request: ClinicRequest, patient: Patient, form: DaysForm) -> HttpResponse:
    return render(
        request,
        "notes/notes_file.html",
        {"patient": patient, "form": form, "signed": signed_notes_of(patient)},
        status=400 if form.errors else 200,
    )


file_patterns = [
    path("patients/<uuid:ref>/notes/file/", notes_file, name="notes_file"),
    path("patients/<uuid:ref>/notes/signed.pdf", notes_pdf, name="notes_pdf"),
]
