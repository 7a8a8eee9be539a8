"""Which analog channel is which muscle, from the labels that laboratories use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sessions.motion_trend.lab.types import AnalogChannel

# Abbreviations as in SENIAM-type protocols; the first pattern that fits decides.
MUSCLES: tuple[tuple[str, str], ...] = (
    ("rectus femoris", r"rect(us)?[ _.]?fem(oris)?|rf"),
    ("vastus medialis", r"vast(us)?[ _.]?med(ialis)?|vmo?"),
    ("vastus lateralis", r"vast(us)?[ _.]?lat(eralis)?|vl"),
    ("biceps femoris", r"biceps[ _.]?fem(oris)?|bf|lat(eral)?[ _.]?ham(string)?s?|lh"),
    ("semitendinosus", r"semit(endinosus)?|st|med(ial)?[ _.]?ham(string)?s?|mh"),
    ("tibialis anterior", r"tib(ialis)?[ _.]?ant(erior)?|ta"),
    ("gastrocnemius medialis", r"gastroc(nemius)?[ _.]?med(ialis)?|med(ial)?[ _.]?gastroc(nemius)?|gm|mg"),
    ("gastrocnemius lateralis", r"gastroc(nemius)?[ _.]?lat(eralis)?|lat(eral)?[ _.]?gastroc(nemius)?|gl|lg"),
    ("soleus", r"sol(eus)?"),
    ("gluteus medius", r"glut(eus)?[ _.]?med(ius)?|gmed"),
    ("gluteus maximus", r"glut(eus)?[ _.]?max(imus)?|gmax"),
    ("erector spinae", r"erector[ _.]?spinae|es"),
    ("quadriceps", r"quad(riceps)?s?"),
    ("hamstrings", r"ham(string)?s?"),
)
# Pairs that work against each other over the knee and the ankle.
OPPONENTS: tuple[tuple[str, str], ...] = (
    ("vastus lateralis", "biceps femoris"),
    ("vastus medialis", "semitendinosus"),
    ("rectus femoris", "biceps femoris"),
    ("quadriceps", "hamstrings"),
    ("tibialis anterior", "gastrocnemius medialis"),
    ("tibialis anterior", "gastrocnemius lateralis"),
    ("tibialis anterior", "soleus"),
)
_SIDE = {"l": "left", "left": "left", "r": "right", "right": "right"}
_VOLTS = {"v", "mv", "uv", "µv", "μv"}


@dataclass(frozen=True, slots=True)
class Muscle:
    """A channel with its muscle and side ("" where the label does not say)."""

    channel: AnalogChannel
    name: str
    side: str

    @property
    def words(self) -> str:
        """ "left soleus"."""
        return f"{self.side} {self.name}".strip()


def muscles_of(channels: Sequence[AnalogChannel]) -> list[Muscle]:
    """The channels that are EMG: labelled with a muscle, or EMG by label in volts."""
    found = []
    for channel in channels:
        name, side = read_label(channel.label)
        if name:
            found.append(Muscle(channel, name, side))
        elif "emg" in channel.label.lower() and channel.unit.lower() in {*_VOLTS, ""}:
            found.append(Muscle(channel, channel.label, ""))
    return found


def read_label(label: str) -> tuple[str, str]:
    """Muscle and side from a label such as "EMG_L_VastLat", "RTA" or "L Rectus Femoris"; "" where unknown."""
    text = re.sub(r"(?i)\b(emg|ch(annel)?)\d*\b", " ", label.replace("_", " ").replace("-", " ")).strip()
    match = re.match(r"(?i)^(left|right|l|r)\b[ .]*(.*)$", text) or re.match(
        r"(?i)^(l|r)((?:rf|vmo?|vl|bf|st|lh|mh|ta|gm|mg|gl|lg|sol|gmed|gmax|es|quads?|hams?)\b.*)$", text
    )
    end = re.match(r"(?i)^(.*?)[ .]+(left|right|l|r)$", text)
    if match:
        side, rest = _SIDE[match.group(1).lower()], match.group(2)
    elif end:
        side, rest = _SIDE[end.group(2).lower()], end.group(1)
    else:
        side, rest = "", text
    for name, pattern in MUSCLES:
        if re.fullmatch(rf"(?i)(?:{pattern})\.?\d*", rest.strip()):
            return name, side
    return "", side
