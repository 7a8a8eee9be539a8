"""What people may answer, and what therapists may ask."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from patients.models import QuestionnaireRequest
from patients.questionnaires import MOST_ACTIVITIES, activity_link, shipped_questionnaire
from patients.services import Given
from patients.services.questionnaires import ACTIVITY_LETTERS, RHYTHMS

SCALE = [(value, str(value)) for value in range(11)]
OFF_SCALE = "Choose one of the numbers."
RHYTHM_WORDS = {0: "Once", 1: "Every week"}
DEFAULT_WEEKS = 4


def scale_field(label: str) -> forms.TypedChoiceField:
    """0 to 10, which may be left out."""
    return forms.TypedChoiceField(
        label=label,
        choices=SCALE,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": OFF_SCALE},
    )


class QuestionsForm(forms.Form):
    """The questions of one request: a field for each link id, and the free words."""

    asked = forms.UUIDField(widget=forms.HiddenInput)
    due_on = forms.DateField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, request: QuestionnaireRequest, with_change: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"asked": request.ref, "due_on": request.due_on}, **kwargs)
        asks = shipped_questionnaire()
        self.pain_links = [item.link_id for item in asks.pain.items]
        self.activity_links = [activity_link(place) for place in range(len(request.activities))]
        for item in asks.pain.items:
            self.fields[item.link_id] = scale_field(item.text)
        for link, activity in zip(self.activity_links, request.activities, strict=True):
            self.fields[link] = scale_field(str(activity))
        if with_change:
            self.fields[asks.change.link_id] = forms.TypedChoiceField(
                label=asks.change.text,
                choices=[("", "Choose"), *asks.change.choices],
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": "Choose one of the lines."},
            )
        self.fields["words"] = forms.CharField(
            label=asks.words.text,
            max_length=asks.words.most_letters,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
        )

    @property
    def pains(self) -> list[BoundField]:
        return [self[link] for link in self.pain_links]

    @property
    def functions(self) -> list[BoundField]:
        return [self[link] for link in self.activity_links]

    @property
    def change(self) -> BoundField | None:
        link = shipped_questionnaire().change.link_id
        return self[link] if link in self.fields else None

    def given(self) -> Given:
        """The valid data; call after `is_valid`."""
        links = [name for name in self.fields if name not in ("asked", "due_on", "words")]
        return Given(
            asked=self.cleaned_data["asked"],
            due_on=self.cleaned_data["due_on"],
            answers={link: self.cleaned_data[link] for link in links},
            words=self.cleaned_data["words"],
        )


def rhythm_words(weeks: int) -> str:
    """ "Once", "Every week", "Every 4 weeks"."""
    return RHYTHM_WORDS.get(weeks, f"Every {weeks} weeks")


class AskForm(forms.Form):
    """Which activities, and how often. Nothing typed here is lost when it is refused."""

    every_weeks = forms.TypedChoiceField(
        label="How often",
        choices=[(weeks, rhythm_words(weeks)) for weeks in RHYTHMS],
        coerce=int,
        initial=DEFAULT_WEEKS,
        error_messages={"invalid_choice": "Choose how often to ask."},
    )

    def __init__(self, data: Any = None, *, activities: Sequence[str] = ()) -> None:
        super().__init__(data)
        for place in range(MOST_ACTIVITIES):
            self.fields[f"activity_{place + 1}"] = forms.CharField(
                label=f"Activity {place + 1}",
                max_length=ACTIVITY_LETTERS,
                required=False,
                initial=activities[place] if place < len(activities) else "",
            )

    @property
    def activity_fields(self) -> list[BoundField]:
        return [self[f"activity_{place + 1}"] for place in range(MOST_ACTIVITIES)]

    def activities(self) -> list[str]:
        """The valid data; call after `is_valid`."""
        return [self.cleaned_data[f"activity_{place + 1}"] for place in range(MOST_ACTIVITIES)]
