"""What people may enter on the annotation pages."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from notes.annotating.files import MOST_BYTES
from notes.clini_note_extractor import LONGEST_NOTE
from notes.label_words import ASSERTIONS, LABELS
from notes.models import ProjectMember
from notes.services.annotation.projects import staff_who_can_join

LONGEST_GUIDELINE = 60_000


class ProjectForm(forms.Form):
    """A project: what it is for and what its annotators read."""

    title = forms.CharField(label="Title", max_length=120)
    purpose = forms.CharField(
        label="Purpose", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    preannotate = forms.BooleanField(
        label="Show what the extractor finds, to accept or reject",
        required=False,
        help_text="Faster, but people lean towards what they are shown. Applies to documents begun later.",
    )
    guideline = forms.CharField(
        label="Guideline",
        max_length=LONGEST_GUIDELINE,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        help_text="Lines that begin with # are headings, with - points of a list; **two stars** make words "
        "bold. A changed guideline gets a new version.",
    )


class MemberForm(forms.Form):
    """Who gets which part."""

    member = forms.ChoiceField(label="Colleague")
    part = forms.ChoiceField(label="Part", choices=ProjectMember.Part.choices)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.people = {str(one.ref): one for one in staff_who_can_join()}
        choices = [(ref, one.display_name) for ref, one in self.people.items()]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]


class PasteForm(forms.Form):
    """One text, typed or pasted."""

    text = forms.CharField(
        label="Text", max_length=LONGEST_NOTE, strip=False, widget=forms.Textarea(attrs={"rows": 10})
    )


class FileForm(forms.Form):
    """A file of texts."""

    file = forms.FileField(
        label="File",
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.jsonl,.conll"}),
        help_text="One text as .txt; many as .jsonl (id, text and, if annotated already, entities) or "
        ".conll. Up to 2,000 texts of 200,000 characters.",
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(f"The file has more than {MOST_BYTES // 1_000_000} MB. Divide it.")
        return file


class SpanForm(forms.Form):
    """A span by its words, for pages without a script."""

    words = forms.CharField(label="Words, exactly as in the text", max_length=400, strip=False)
    occurrence = forms.IntegerField(label="Which time they occur", min_value=1, max_value=10_000, initial=1)
    label = forms.ChoiceField(
        label="Label", choices=[(code, f"{one.key}  {one.name}") for code, one in LABELS.items()]
    )
    assertion = forms.ChoiceField(
        label="Is it so?", choices=[(code, one.name) for code, one in ASSERTIONS.items()]
    )


class DataSetForm(forms.Form):
    """A remark with a new data set."""

    note = forms.CharField(label="Remark", required=False, max_length=300)
