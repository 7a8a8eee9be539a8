"""The clinic's settings, for its admins."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clinic.forms import ClinicForm
from clinic.models import Clinic, Role
from clinic.services import update_clinic
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest


@require_role(Role.CLINIC_ADMIN)
@require_http_methods(["GET", "POST"])
def clinic_settings(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Name, time zone, emergency number, idle minutes."""
    clinic = Clinic.objects.get(pk=request.clinic.pk)
    form = ClinicForm(request.POST or None, instance=clinic)
    if request.method == "POST" and form.is_valid():
        update_clinic(clinic, **{name: form.cleaned_data[name] for name in form.changed_data})
        messages.success(request, "Saved.")
        return redirect("clinic:settings", clinic_slug)
    return render(request, "clinic/settings.html", {"form": form})
