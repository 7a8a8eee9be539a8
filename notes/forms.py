"""What people enter on the pages of notes, beside the text itself."""

from datetime import date
from typing import Any

from django import forms

from clinic.models import Membership
from notes.models import NoteTemplate
from notes.services.phrases import TEXT_LENGTH
from notes.services.red_flags import FlagsAnswer
from notes.services.signing import REASON_LENGTH
from notes.services.templates import TITLE_LENGTH


class NewNoteForm(forms.Form):
    """With which headings a note begins, and of which day it is."""

    template = forms.ModelChoiceField(
        queryset=NoteTemplate.objects.none(),
        to_field_name="ref",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose how the note begins.", "invalid_choice": "Choose one of these."},
    )
    occurred_on = forms.DateField(
        label="Day of the visit", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, templates: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]
        self.fields["occurred_on"].initial = today
        self.fields["occurred_on"].widget.attrs["max"] = today.isoformat()


class SignForm(forms.Form):
    """The revision that was looked at, and who signs with an assistant."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    cosigner = forms.ModelChoiceField(
        queryset=Membership.objects.none(),
        to_field_name="ref",
        required=False,
        label="Therapist who signs with you",
        empty_label="Choose…",
    )

    flags = forms.ChoiceField(
        required=False, choices=[("raise", "Raise an alert now"), ("dealt_with", "Dealt with already")]
    )
    dealt_with = forms.CharField(required=False, max_length=2000)

    def flags_answer(self) -> FlagsAnswer | None:
        """What was said of the note's red flags; None while a word is missing. Call after `is_valid`."""
        chosen, done = self.cleaned_data["flags"], self.cleaned_data["dealt_with"].strip()
        if chosen == "raise":
            return FlagsAnswer()
        return FlagsAnswer(done) if chosen == "dealt_with" and done else None

    def __init__(self, *args: Any, cosigners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cosigner"].queryset = cosigners  # type: ignore[attr-defined]
        self.fields["cosigner"].label_from_instance = lambda one: one.display_name  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done that the record should explain."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, so that the record explains itself."},
    )


class PhraseForm(forms.Form):
    """A short form and its text; the rules are the service's."""

    short = forms.CharField(
        label="Short form",
        max_length=25,
        help_text="Typed after a dot in a note, such as .slr",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    text = forms.CharField(
        label="Text", max_length=TEXT_LENGTH, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class TemplateForm(forms.Form):
    """A template but for its sections, which are rows of their own."""

    title = forms.CharField(label="Name", max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label="Kind", choices=NoteTemplate.Kind.choices)


class DictationForm(forms.Form):
    """Whether a clinic's notes may be dictated."""

    dictation_allowed = forms.BooleanField(required=False, label="Let people dictate their notes")
