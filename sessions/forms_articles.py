"""What the care team may write for the assistant."""

from django import forms

from sessions.services.assistant.articles import (
    BODY_LENGTH,
    MOST_QUESTIONS,
    QUESTION_LENGTH,
    SOURCE_LENGTH,
    TITLE_LENGTH,
    Wording,
)


class ArticleForm(forms.Form):
    """One version of an article."""

    title = forms.CharField(label="Title", max_length=TITLE_LENGTH)
    exercise_code = forms.ChoiceField(label="About", required=False)
    body = forms.CharField(
        label="What patients are told",
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Short sentences: they are quoted word for word, never above a patient's plan.",
    )
    questions = forms.CharField(
        label="How patients ask for it",
        required=False,
        max_length=MOST_QUESTIONS * (QUESTION_LENGTH + 1),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"One question a line, at most {MOST_QUESTIONS}.",
    )
    source = forms.CharField(
        label="Source", required=False, max_length=SOURCE_LENGTH, help_text="Where it is written, and when."
    )

    def __init__(self, *args: object, exercises: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["exercise_code"].choices = [("", "Any exercise"), *exercises]  # type: ignore[attr-defined]

    def wording(self) -> Wording:
        """The cleaned words."""
        data = self.cleaned_data
        return Wording(data["title"], data["body"], tuple(data["questions"].splitlines()), data["source"])


class CorrectionForm(forms.Form):
    """A better answer to what a patient asked."""

    question = forms.CharField(
        label="When a patient asks",
        max_length=QUESTION_LENGTH,
        help_text="Take out names and everything that only this patient would say: it is kept.",
    )
    answer = forms.CharField(
        label="Answer this",
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Say it as you would say it to the patient.",
    )
    for_whom = forms.ChoiceField(
        label="For whom",
        choices=[
            ("patient", "This patient, from now on"),
            ("everybody", "Every patient, once a colleague approves it"),
        ],
        initial="patient",
        widget=forms.RadioSelect,
    )


class PersonAnswerForm(forms.Form):
    """What a person of the care team answers in the thread."""

    text = forms.CharField(
        label="Answer the patient",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It shows in the patient's conversation and in their messages, with your name.",
    )
