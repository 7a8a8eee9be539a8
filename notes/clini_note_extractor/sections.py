"""A note's sections by their headings, however these are written, and its sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class SectionKind(StrEnum):
    """What a heading says about everything below it."""

    HISTORY = "history"
    SURGICAL_HISTORY = "surgical_history"
    FAMILY = "family"
    DIAGNOSIS = "diagnosis"
    MOTION = "motion"
    STRENGTH = "strength"
    PAIN = "pain"
    PLAN = "plan"
    GOALS = "goals"
    OTHER = "other"


# The first pattern that is found in a heading decides. Wordings as dictated and typed in therapy notes.
KINDS: tuple[tuple[SectionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        (
            SectionKind.FAMILY,
            r"\bfamily (?:medical |health )?(?:history|hx)\b|^f(?:am)?hx?$|^fhx?$|^fmhx?$|^family$"
            r"|^(?:(?:maternal|paternal|half|step)[ -]?)?(?:mother|father|sister|brother|uncle|aunt"
            r"|cousin|grandmother|grandfather|parents"
            r"|siblings?)$",
        ),
        (
            SectionKind.OTHER,
            r"^(?!.*\b(?:past|medical|surgical)\b).*\b(?:social|present|presenting|developmental|work"
            r"|occupational|current|employment|psychosocial"
            r"|home|living|diet|vocational|educational)\b.*\b(?:history|hx|illness|health)\b",
        ),
        (
            SectionKind.SURGICAL_HISTORY,
            r"\bsurgical (?:history|hx|procedures?)\b|\bpshx?$|\b(?:past|prior|previous|other"
            r"|old) (?:surger|operat|procedure)"
            r"|\boperations\b|^surgeries|^surgical$|^surg(?:ical)? hx$|^past surg",
        ),
        (
            SectionKind.HISTORY,
            r"\b(?:past|prior|previous)\b.*\b(?:history|hx|health|illness|medical)|\bmedical (?:history"
            r"|hx|background)\b"
            r"|^medical$|^(?:medical|health) (?:problems|conditions|issues)$|^(?:cardi\w+|ortho\w*"
            r"|neuro\w*|psych\w*|onc\w*|pulm\w*|gyn\w*|msk"
            r"|musculoskeletal) (?:history|hx)$"
            r"|^(?:(?:known )?hx|known history|pmshx|pmh/psh|pmh and psh|significant history)$"
            r"|\bco-?morbidit|\bpmhx?$"
            r"|^(?:other|additional|associated|chronic|past|prior) (?:illness\w*|history|hx"
            r"|medical (?:problems|conditions"
            r"|issues))$|^birth (?:history|hx)$|^remote$|^resolved$|^(?:resolved|inactive|old"
            r"|past) (?:problems?|diagnos[ei]s"
            r"|conditions?|injuries)$|^(?:(?:treatments?|tx|rx|therapy|care) (?:to date|so far|tried)"
            r"|(?:prior|previous|past) (?:treatments?"
            r"|care|therapy"
            r"|interventions?|rehab\w*|pt|ot|rx|tx|episodes?)(?: tried| used)?)$",
        ),
        (SectionKind.DIAGNOSIS, r"\bdiagnos[ie]s\b|\bimpression\b|\bdx\b"),
        (SectionKind.MOTION, r"\brange of motion\b|\ba?a?p?roms?\b|\bflexibility\b|\bgoniomet"),
        (SectionKind.STRENGTH, r"\bstrength\b|\bmanual muscle\b|\bmmts?\b|\bmotor\b"),
        (SectionKind.PAIN, r"\bpain\b"),
        (SectionKind.GOALS, r"\bgoals?\b|\bstgs?\b|\bltgs?\b"),
        (
            SectionKind.PLAN,
            r"\bplan\b|\btreatments?\b|\binterventions?\b|\brecommendations?\b|\btherapy\b|\bprocedures?\b",
        ),
    )
)
# Without a colon only these words make a heading, and only alone on their line.
BARE = re.compile(
    r"^[^\S\r\n]{0,12}((?:past |prior |family |social |surgical |medical )*(?:history|hx)|pmhx?|psh"
    r"|subjective|objective|assessment|plan"
    r"|impression|diagnos[ei]s|goals?|rom|range of motion|strength|treatment|recommendations?|pain"
    r"|medications?|allergies"
    r"|interventions?|precautions?)[^\S\r\n]{0,12}$",
    re.IGNORECASE | re.MULTILINE,
)
# Capitals before a colon anywhere; any letters before a colon at the start of a line or sentence.
HEADING = re.compile(
    r"(?:(?<![A-Za-z0-9])([A-Z][A-Z0-9'’ /&()\-]{1,70}?)[^\S\r\n]{0,12}:)"
    r"|(?:(?:^|(?<=[.,;!?])|(?<=[.,;!?] )|(?<=  )|(?<=[\r\n])"
    r"|(?<=\t))[^\S\r\n]{0,12}([A-Z][A-Za-z'’]*(?:[ /&\-][A-Za-z'’()]+){0,5})[^\S\r\n]{0,12}:)",
)
SENTENCE_END = re.compile(
    r"(?<!\bSt)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bvs)(?<!\bapprox)(?<!\bdeg)(?<!\blbs)(?<!\bft)(?<!\bmin)(?<!\bpt)(?<!\bs/p)"
    r"(?:[.!]|(?<=[\w)\]\"”'’%])\?)[.!?]*(?=[\s,\"”)]|$)|;|(?:\r\n?|\n|\u2028"
    r"|\u2029)(?=[^\S\r\n]{0,12}(?:[^a-z\s]|[\r\n]))"
)  # fmt: skip


# Below a past history these only order it.
ORGAN = re.compile(
    r"(?:cardi\w+|pulmonary|respiratory|gastro\w+|gi|gu|genito\w+|musculoskeletal|neuro\w*|endocrine"
    r"|renal|psych\w*|medical|surgical"
    r"|orthop\w+|heent|vascular|hemat\w+|other|metabolic|(?:reviewed(?: and| &)? )?unchanged|reviewed"
    r"|(?:significant|positive|notable|remarkable) for|includes?|chronic|childhood)$",
    re.IGNORECASE,
)


# Below range or strength these only order the joints.
JOINT = re.compile(
    r"(?:(?:right|left|bilateral|r|l|b|upper|lower|cervical|lumbar|thoracic|trunk)\b[ /]?)*"
    r"(?:neck|cervical|lumbar|thoracic|trunk|spine|back|shoulders?|elbows?|forearms?|wrists?|hands?"
    r"|fingers?|thumbs?|hips?|knees?"
    r"|ankles?|f[oe]{2}t|toes?|great toe|grip|extremit(?:y|ies)|right|left|r|l|b?[ul]es?|[rlb][ul]es?"
    r"|quads?|quadriceps|hamstrings?"
    r"|flex(?:ion)?|ext(?:ension)?|abd(?:uction)?|add(?:uction)?|er|ir|df|pf)$",
    re.IGNORECASE,
)


TOLD_OF_BEFORE = frozenset({SectionKind.HISTORY, SectionKind.SURGICAL_HISTORY, SectionKind.FAMILY})
# A sentence that begins the story of this visit, below a history that no heading ends.
OF_TODAY = re.compile(
    r"(?:(?<=[.!?;])[^\S\r\n]{1,12}|[\r\n]\s{0,12})"
    r"(?:(?:(?:the\s)?(?:patient|pt|client)|he|she)\s(?:now\s|currently\s|today\s)?"
    r"(?:presents?|complains?|c/o|is\s(?:here|seen|now|being\sseen|referred)|comes|rates|arrives?|returns?)"
    r"|today|currently|presently)\b",
    re.IGNORECASE,
)
FIRST_LINE = re.compile(r"[^\r\n\w]{0,12}\w[^\r\n]*")
LINE_END = re.compile(r"(?<!,)(?:\r\n?|\n)(?=[^\S\r\n]{0,12}[A-Z0-9])")
BLANK_LINE = re.compile(r"(?:\r\n?|\n)[^\S\r\n]{0,12}(?:\r\n?|\n)")


@dataclass(frozen=True, slots=True)
class Section:
    """From a heading's first character to the next heading; `body` is where its text begins.

    `reach`: up to where the heading says what is told below it; a history may end before the next heading.
    """

    start: int
    body: int
    end: int
    kind: SectionKind
    title: str = ""
    reach: int = 0


def kind_of(title: str) -> SectionKind:
    """What a heading means; OTHER where it means nothing that matters here."""
    words = " ".join(title.split())
    return next((kind for kind, pattern in KINDS if pattern.search(words)), SectionKind.OTHER)


def sections_of(text: str) -> list[Section]:
    """Every section in order; together they cover the text. One without a heading may come first."""
    heads: dict[int, tuple[int, str]] = {}
    for found in HEADING.finditer(text):
        group = 1 if found.group(1) else 2
        heads[found.start(group)] = (found.end(), found.group(group))
    for found in BARE.finditer(text):
        heads.setdefault(found.start(1), (found.end(), found.group(1)))
    ordered = sorted(heads.items())
    starts = [start for start, _ in ordered] + [len(text)]
    sections: list[Section] = []
    for number, (start, (body, title)) in enumerate(ordered):
        above = sections[-1].kind if sections else SectionKind.OTHER
        inherits = bool(sections) and (
            ORGAN.match(title) is not None
            or (above in {SectionKind.MOTION, SectionKind.STRENGTH} and JOINT.match(title) is not None)
        )
        kind = sections[-1].kind if inherits else kind_of(title)
        end = starts[number + 1]
        sections.append(Section(start, body, end, kind, title, _reach(text, body, end, kind)))
    if not sections or sections[0].start > 0:
        sections.insert(0, Section(0, 0, starts[0], SectionKind.OTHER, "", starts[0]))
    return sections


def _reach(text: str, body: int, end: int, kind: SectionKind) -> int:
    """A history ends where the note turns to today; one told on its heading's line, after that line too."""
    if kind not in TOLD_OF_BEFORE:
        return end
    today = OF_TODAY.search(text, body, end)
    reach = today.start() if today else end
    line = FIRST_LINE.match(text, body, reach)
    if line is None:
        return reach
    closed = (LINE_END if kind is SectionKind.FAMILY else BLANK_LINE).search(text, line.end(), reach)
    return closed.start() if closed else reach


def sentences_of(text: str, sections: Sequence[Section]) -> list[tuple[int, int]]:
    """Half-open offsets of sentences; a section ends one too. Together they cover the text."""
    cuts = {0, len(text)}
    cuts.update(section.start for section in sections)
    cuts.update(found.end() for found in SENTENCE_END.finditer(text))
    ordered = sorted(cuts)
    return [(start, end) for start, end in pairwise(ordered) if end > start]


class Layout:
    """Finds the section and the sentence of an offset."""

    def __init__(self, text: str) -> None:
        self.sections = sections_of(text)
        self.sentences = sentences_of(text, self.sections)
        self._section_starts = [section.start for section in self.sections]
        self._sentence_starts = [start for start, _ in self.sentences]

    def section_at(self, offset: int) -> Section:
        """The section that holds an offset."""
        return self.sections[max(0, bisect_right(self._section_starts, offset) - 1)]

    def sentence_number(self, offset: int) -> int:
        """The number of the sentence that holds an offset."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence that holds an offset; empty in an empty text."""
        return self.sentences[self.sentence_number(offset)] if self.sentences else (0, 0)
