"""What a patient says before a test with the phone: where it goes, height, shoes, walking aid."""

import re
from typing import Any

from django import forms

from sessions.movement_tests import PLACES

SHORTEST_CM, TALLEST_CM = 50, 250
CM_PER_INCH = 2.54

OTHER = "other"
SHOES = (
    ("walking", "Walking shoes or trainers"),
    ("indoor", "Indoor shoes or slippers"),
    ("smart", "Smart shoes"),
    ("barefoot", "Barefoot or in socks"),
    (OTHER, "Something else"),
)
AIDS = (
    ("none", "None"),
    ("stick", "One stick"),
    ("crutches", "Two sticks or crutches"),
    ("frame", "Frame or rollator"),
    ("person", "Somebody's arm"),
    (OTHER, "Something else"),
)

METRES = re.compile(r"(?P<whole>[0-2])[.,](?P<part>\d{1,2})\s*m?")
CENTIMETRES = re.compile(r"(?P<cm>\d{2,3})(?:[.,]\d)?\s*(?:cm)?")
FEET = re.compile(
    r"(?P<feet>[2-7])\s*(?:ft|feet|foot|')\s*(?:(?P<inches>\d{1,2})(?:[.,]\d)?\s*(?:in|inch|inches|\"|'')?)?"
)


def height_cm_of(text: str) -> int | None:
    """Centimetres from what people write: "168", "1.68 m", "5 ft 6"; None when it cannot be read.

    >>> height_cm_of("5' 6\\""), height_cm_of("1,68"), height_cm_of("tall")
    (168, 168, None)
    """
    plain = text.strip().lower().replace("’", "'").replace("”", '"').replace("″", '"').replace("′", "'")
    if found := METRES.fullmatch(plain):
        cm = int(found["whole"]) * 100 + int(found["part"].ljust(2, "0"))
    elif found := CENTIMETRES.fullmatch(plain):
        cm = int(found["cm"])
    elif found := FEET.fullmatch(plain):
        cm = round((int(found["feet"]) * 12 + int(found["inches"] or 0)) * CM_PER_INCH)
    else:
        return None
    return cm if SHORTEST_CM <= cm <= TALLEST_CM else None


class MovementTestForm(forms.Form):
    """Asks for height and consent only where they are not known yet."""

    height = forms.CharField(max_length=20, required=False)
    shoe = forms.ChoiceField(choices=SHOES, error_messages={"required": "Choose what is on your feet."})
    shoe_other = forms.CharField(max_length=60, required=False)
    aid = forms.ChoiceField(choices=AIDS, error_messages={"required": "Choose your walking aid, or None."})
    aid_other = forms.CharField(max_length=60, required=False)
    placement = forms.ChoiceField(
        choices=[(place.placement, place.name) for place in PLACES],
        error_messages={"required": "Choose where the phone goes."},
    )
    run_up = forms.BooleanField(required=False)
    consent = forms.BooleanField(required=False)

    def __init__(self, *args: Any, asks_height: bool, asks_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_height = asks_height
        self.asks_consent = asks_consent

    def clean_height(self) -> int | None:
        text = str(self.cleaned_data["height"])
        if not self.asks_height:
            return None
        if not text.strip():
            raise forms.ValidationError("Tell us how tall you are. We need it to measure your steps.")
        if (cm := height_cm_of(text)) is None:
            raise forms.ValidationError("We could not read that. Write 168 cm, or 5 ft 6.")
        return cm

    def clean_consent(self) -> bool:
        given = bool(self.cleaned_data["consent"])
        if self.asks_consent and not given:
            raise forms.ValidationError("Tick this, so that the phone may measure you.")
        return given

    @property
    def note(self) -> str:
        """Shoes and walking aid in one line, the same words for the same answers."""
        cleaned = self.cleaned_data
        shoe = _answer(SHOES, cleaned["shoe"], cleaned["shoe_other"])
        aid = _answer(AIDS, cleaned["aid"], cleaned["aid_other"])
        return f"Shoes: {shoe}. Walking aid: {aid}."


NOTE = re.compile(r"Shoes: (?P<shoe>.*)\. Walking aid: (?P<aid>.*)\.")


def answers_of_note(note: str) -> dict[str, str]:
    """The form's answers that led to a note, so that they need not be given again; empty for another note."""
    found = NOTE.fullmatch(note)
    if found is None:
        return {}
    shoe, shoe_other = _choice(SHOES, found["shoe"])
    aid, aid_other = _choice(AIDS, found["aid"])
    return {"shoe": shoe, "shoe_other": shoe_other, "aid": aid, "aid_other": aid_other}


def _answer(choices: tuple[tuple[str, str], ...], value: str, other: str) -> str:
    words = " ".join(other.split())
    return words if value == OTHER and words else dict(choices)[value]


def _choice(choices: tuple[tuple[str, str], ...], words: str) -> tuple[str, str]:
    known = {label: value for value, label in choices}
    return (known[words], "") if words in known else (OTHER, words)
