"""The clinic's choices about MotionTrend, for its admins."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clinic.models import Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from sessions import services
from sessions.selectors.movement.alarm_rates import rate_choices, rates_shown
from sessions.services.movement.settings import movement_settings


class MovementSettingsForm(forms.Form):
    """How easily the alarm speaks, and what it takes for granted."""

    false_alarms_per_26_weeks = forms.TypedChoiceField(
        coerce=float,
        label="False alarms we accept",
        help_text="Over all measures of one patient together. Fewer false alarms mean that smaller changes "
        "are told later, or not at all.",
    )
    expected_recovery = forms.BooleanField(
        required=False,
        label="Expect a recovery to go on",
        help_text="A day is judged against the recovery so far. Switch this off where patients are not "
        "expected to improve.",
    )

    def __init__(self, *args: object, chosen: float, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["false_alarms_per_26_weeks"].choices = rate_choices(chosen)  # type: ignore[attr-defined]


@require_role(Role.CLINIC_ADMIN)
@require_http_methods(["GET", "POST"])
def movement_settings_page(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Choose the false-alarm rate, with what it means for this clinic in words."""
    stored = movement_settings()
    chosen = stored.false_alarms_per_26_weeks
    initial = {"false_alarms_per_26_weeks": chosen, "expected_recovery": stored.expected_recovery}
    form = MovementSettingsForm(request.POST or None, initial=initial, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        services.update_movement_settings(**form.cleaned_data)
        messages.success(request, "Saved. The next measured day is judged by it.")
        return redirect("sessions:movement_settings", clinic_slug)
    return render(
        request,
        "sessions/movement_settings/settings.html",
        {"form": form, "rates": rates_shown(), "chosen": chosen},
    )
