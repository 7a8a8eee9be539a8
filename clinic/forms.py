"""What people may enter on the house's pages."""

from datetime import date
from zoneinfo import available_timezones

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from clinic.audit.patients import directory
from clinic.audit.recording import Action
from clinic.audit.selectors import AuditFilter
from clinic.audit.words import action_words
from clinic.models import Clinic, Role
from clinic.selectors import members


class InviteForm(forms.Form):
    """Whom to invite, as what. Patients are invited from their record, which then gets the login."""

    display_name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(
        label="Role", choices=[(role.value, role.label) for role in Role if role != Role.PATIENT]
    )


class JoinForm(forms.Form):
    """The password of a newcomer."""

    password = forms.CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. Three words that only you would put together work well.",
    )
    again = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", "The two passwords are not the same.")
        return cleaned


class ClinicForm(forms.ModelForm):
    """The settings that a clinic's admin may change."""

    time_zone = forms.ChoiceField(
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
    )

    class Meta:
        model = Clinic
        fields = ["name", "time_zone", "country", "emergency_number", "phone", "idle_logoff_minutes"]
        help_texts = {
            "emergency_number": "Patients see this number when an answer sounds dangerous.",
            "idle_logoff_minutes": "From 2 to 120. Somebody who does nothing for this long is signed out.",
        }

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError("Use two letters, such as GB.")
        return country

    def clean_emergency_number(self) -> str:
        number: str = self.cleaned_data["emergency_number"].strip()
        if not all(one.isdigit() or one in "+ " for one in number):
            raise forms.ValidationError("Use digits only, such as 999.")
        return number


# A day whose midnight exists in every time zone.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(9000, 1, 1))]


class AuditFilterForm(forms.Form):
    """Which lines of the audit trail to show. Anything unreadable is left out rather than refused."""

    patient = forms.CharField(label="Patient", required=False, max_length=100)
    person = forms.ChoiceField(label="Person", required=False)
    action = forms.ChoiceField(label="Action", required=False)
    from_day = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=DAYS
    )
    to_day = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}), validators=DAYS
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        people = [(str(member.ref), member.display_name) for member in members()]
        self.fields["person"].choices = [("", "Anybody"), *people]  # type: ignore[attr-defined]
        actions = [(one.value, action_words(one).capitalize()) for one in Action]
        self.fields["action"].choices = [("", "Anything"), *actions]  # type: ignore[attr-defined]

    def wanted(self) -> AuditFilter:
        """The filter; a patient that nobody knows shows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        text = (asked.get("patient") or "").strip()
        return AuditFilter(
            patients=tuple(directory().find(text)) if text else None,
            member=asked.get("person") or None,
            action=asked.get("action") or "",
            from_day=asked.get("from_day"),
            to_day=asked.get("to_day"),
        )
