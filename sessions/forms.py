"""What people may type about sessions."""

from typing import Any

from django import forms

from prescriptions.selectors import current_versions
from sessions.effort import LEAST, MOST
from sessions.models import TherapySession

PATIENT_MODES = [
    (TherapySession.Mode.CAMERA, "Camera", "We count for you and tell you how you move. No video is kept."),
    (
        TherapySession.Mode.SENSOR,
        "Phone as sensor",
        "Your phone goes into your pocket or a strap, counts for you and says how you move.",
    ),
    (TherapySession.Mode.TAP, "Count by tapping", "You tap once for each one you do."),
    (
        TherapySession.Mode.SAMPLE,
        "Play a sample motion",
        "A made-up figure does it for you, to try things out.",
    ),
]
SIDES = [("both", "Both"), ("left", "Left"), ("right", "Right")]


class StartForm(forms.Form):
    """Pain before, how to count, and the consent that the camera or the sensor needs."""

    pain = forms.IntegerField(min_value=0, max_value=10, error_messages={"required": "Tap a face."})
    mode = forms.ChoiceField(choices=[(value, label) for value, label, _ in PATIENT_MODES])
    camera_consent = forms.BooleanField(required=False)
    motion_consent = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, has_camera_consent: bool, has_motion_consent: bool, can_sense: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_camera_consent = has_camera_consent
        self.has_motion_consent = has_motion_consent
        self.can_sense = can_sense
        self.modes = [mode for mode in PATIENT_MODES if can_sense or mode[0] != TherapySession.Mode.SENSOR]
        self.fields["mode"].choices = [(value, label) for value, label, _ in self.modes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        needs = cleaned.get("mode") == TherapySession.Mode.CAMERA and not self.has_camera_consent
        if needs and not cleaned.get("camera_consent"):
            self.add_error("camera_consent", "Tick this to use the camera, or choose to count by tapping.")
        senses = cleaned.get("mode") == TherapySession.Mode.SENSOR and not self.has_motion_consent
        if senses and not cleaned.get("motion_consent"):
            self.add_error("motion_consent", "Tick this to use the phone, or choose to count by tapping.")
        return cleaned


class PainAfterForm(forms.Form):
    """The pain after the session, and how hard its last set was, which may be left out."""

    pain = forms.IntegerField(min_value=0, max_value=10, error_messages={"required": "Tap a face."})
    effort = forms.IntegerField(min_value=LEAST, max_value=MOST, required=False)


class AnswerForm(forms.Form):
    """How hard a set was and whether it hurt, 0 to 10. Either may be left out."""

    effort = forms.IntegerField(min_value=LEAST, max_value=MOST, required=False)
    pain = forms.IntegerField(min_value=LEAST, max_value=MOST, required=False)

    @property
    def answers(self) -> dict[str, int | None]:
        return {name: self.cleaned_data.get(name) for name in ("effort", "pain")}

    @property
    def is_answered(self) -> bool:
        return any(value is not None for value in self.answers.values())


class FinishSetForm(AnswerForm):
    """A set is done: by a button of the page, or by its script."""

    count = forms.IntegerField(min_value=0, max_value=999, required=False)
    skipped = forms.BooleanField(required=False)


class TapForm(forms.Form):
    count = forms.IntegerField(min_value=0, max_value=999)


class CommentForm(forms.Form):
    body = forms.CharField(
        label="Comment to the patient",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write something first."},
    )


class VideoForm(forms.Form):
    """Which exercise a film shows, from where, and the film."""

    exercise = forms.ChoiceField(label="Exercise")
    side = forms.ChoiceField(label="Side", choices=SIDES)
    video = forms.FileField(label="Film of one set", error_messages={"required": "Choose a film."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(version.ref): version for version in current_versions()}
        self.fields["exercise"].choices = [  # type: ignore[attr-defined]
            (f"{ref}:{view}", f"{version.spec['name']}, {view.replace('_', ' ')} view")
            for ref, version in self.versions.items()
            for view in version.spec["views"]
        ]

    def clean_side(self) -> str:
        return str(self.cleaned_data["side"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("exercise")
        if chosen:
            ref, _, view = chosen.partition(":")
            version = self.versions[ref]
            sides = version.spec["sides"]
            cleaned["version"], cleaned["view"] = version, view
            if cleaned.get("side") not in sides:
                words = (
                    "This exercise uses both sides."
                    if sides == ["both"]
                    else "Choose the left or the right side."
                )
                self.add_error("side", words)
        return cleaned
