"""Names in a note: a small grammar over the letters of its phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notes.clini_note_extractor.phrases import Phrase, all_capitals
from notes.clini_note_extractor.types import Label, Span

# Bounded, so that the time stays linear whatever the text repeats.
BEFORE = r"(?:[slmxdeRAjkuqg]h?){0,6}"
# Sites: "of the left knee", "in the right femoral vein", "at the L3-L4 and L4-L5 level", "R distal radius".
PLACE = r"(?:[smxuldq]h?){0,3}(?:A{0,2}R|A|q)(?:j|k|q){0,2}"
SITE = (
    rf"(?:ft?{PLACE}(?:ct?(?:[smx]h?){{0,2}}(?:A?R|A)(?![yDGZUNV])(?:j|k){{0,2}})?"
    r"|(?:s|l)(?:[mx]h?){0,2}A{0,2}R(?:j|k){0,2}(?![yDGZUNVg]))"
)
# A condition with its site and side, before or after the name.
DIAGNOSIS = re.compile(
    rf"(?:(?:[RA]c)?{BEFORE}(?:Dh)?D|(?:{BEFORE}o|(?:[RA]c)?(?:[slmxdeRAjuqg]h?){{1,6}})G)(?:{SITE}{{0,2}})?"
)
SURGERY = re.compile(rf"(?:[slmxdRAjuhq]{{0,7}}U[UZ]?|[slmxdRAjuhqD]{{1,7}}Z){SITE}?|Z{SITE}")
INTERVENTION = re.compile(
    r"(?:[iRAmxjgTIH]h?){0,4}(?:[iRAmjgHI]|(?:oh?){1,2})h?T|(?:[iRAmxjgTIH]h?){0,5}E"
    r"|(?:[RAmj]h?){0,3}(?:ih?){0,3}I"
)
# Of "hip flexors" the joint word is the region; "plantar flexors" is one by itself.
REGION = re.compile(r"m?(?:A{1,2}R?|R)j{0,2}(?!h?[NV])|(?<![RAj])g")
MEASURE = re.compile(r"M")
BLOCKED = re.compile(r"B")
OWN_REMEDY = re.compile(r"[HB]")
LEG_RAISE = re.compile(r"SLRs?|straight[ -]leg[ -]rais(?:es?|ing)", re.IGNORECASE)
LISTED_BEFORE = re.compile(r"[IET](?:[,c.]c?[iRA]?H){0,3}[,c.]c?$|[IET]h$")
LISTED_AFTER = re.compile(r"(?:[,c.]c?[iRA]?H){0,3}[,c.]c?[iRAslx]{0,3}[IET]")
SIDE_BEHIND = re.compile(r"ats(?!h?[RAmjx])")
PLACE_BEHIND_COMMA = re.compile(r",s[mx]{0,2}A{0,2}Rj?(?=[.|,]|$)")
# "The word score stays outside", but the Harris Hip Score keeps its name.
WORD_SCORE = re.compile(r"\s{1,12}(?:scores?|level|stage|grade)$")
FEET = frozenset({"foot", "feet"})


LENGTH = re.compile(
    r"(?:\d|\b(?:hundred|thousand|few|several|two|three|four|five|six|ten|many))\s{0,12}\+?-?\s{0,12}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible mention before overlaps are resolved; `first` and `last` index its phrases."""

    span: Span
    label: Label | None
    first: int
    last: int
    name: str = ""
    unit: str = ""


def names_in(text: str, phrases: Sequence[Phrase]) -> list[Candidate]:
    """Every possible name, overlapping ones too; a label of None only blocks its place."""
    letters = "".join(phrase.letter for phrase in phrases)
    found: list[Candidate] = []
    for label, pattern in (
        (Label.OUTCOME_MEASURE, MEASURE),
        (Label.SURGERY, SURGERY),
        (Label.DIAGNOSIS, DIAGNOSIS),
        (Label.INTERVENTION, INTERVENTION),
        (Label.BODY_REGION, REGION),
        (None, BLOCKED),
    ):
        found += _matches(text, letters, phrases, pattern, label)
    remedies = list(_remedies(text, letters, phrases))
    listed = {one.span for one in remedies}
    found = [one for one in found if one.label is not None or one.span not in listed] + remedies
    found += list(_backs(text, phrases))
    found += list(
        _instruments_by_shape(text, [one.span for one in found if one.label is Label.OUTCOME_MEASURE])
    )
    return [one for one in found if not _is_length(text, one)]


def _matches(
    text: str, letters: str, phrases: Sequence[Phrase], pattern: re.Pattern[str], label: Label | None
) -> Iterator[Candidate]:
    for match in pattern.finditer(letters):
        first, last = match.start(), match.end() - 1
        while letters[first] in "hjku" and label is not Label.SURGERY and first < last:
            first += 1
        if label in {Label.DIAGNOSIS, Label.SURGERY}:
            last = _with_place(letters, phrases, last)
        entry = next((one.entry for one in phrases[first : last + 1] if _names(one, label)), None)
        end = phrases[last].end
        if label is Label.OUTCOME_MEASURE:
            end = phrases[first].start + len(WORD_SCORE.sub("", text[phrases[first].start : end]))
        yield Candidate(
            Span(phrases[first].start, end), label, first, last,
            entry.name if entry else "", entry.unit if entry else "",
        )  # fmt: skip


def _with_place(letters: str, phrases: Sequence[Phrase], last: int) -> int:
    """Where a name ends with the spinal level or the side that stands right behind: "HNP L4-5",
    "bunionectomy on
    the left", "capsulitis, right shoulder".
    """
    following = phrases[last + 1 : last + 5]
    if following and following[0].entry is not None and following[0].entry.unit == "level":
        return last + 1
    behind = SIDE_BEHIND.match(letters, last + 1) or PLACE_BEHIND_COMMA.match(letters, last + 1)
    return behind.end() - 1 if behind else last


def _names(phrase: Phrase, label: Label | None) -> bool:
    if phrase.entry is None:
        return False
    heads = {
        Label.BODY_REGION: "RAg", Label.OUTCOME_MEASURE: "M", Label.DIAGNOSIS: "D", Label.SURGERY: "U",
        Label.INTERVENTION: "IET",
    }  # fmt: skip
    return label is not None and phrase.letter in heads[label]


def _remedies(text: str, letters: str, phrases: Sequence[Phrase]) -> Iterator[Candidate]:
    """Heat and ice count where a list of treatments names them, not where the patient uses them."""
    for match in OWN_REMEDY.finditer(letters):
        at = match.start()
        before, after = letters[max(0, at - 12) : at], letters[at + 1 : at + 12]
        if letters[at] == "B" and not LEG_RAISE.fullmatch(text, phrases[at].start, phrases[at].end):
            continue
        if LISTED_BEFORE.search(before) or LISTED_AFTER.match(after):
            yield Candidate(Span(phrases[at].start, phrases[at].end), Label.INTERVENTION, at, at)


# Instruments that no lexicon knows, by the form of their names.
TITLED = re.compile(
    r"\b[A-Z][\w'’\-]*(?:[ /](?:[A-Z][\w'’\-]*|of|the|for|and|to|in|with|on|&)){0,8} "
    r"(?:Questionnaire|Scale|Inventory|Survey|Index|Score|Profile|Checklist|Battery)(?:[ -](?:II|III"
    r"|Revised))?\b"
)
NOT_OF_THE_TITLE = re.compile(
    r"^(?:(?:The|A|An|His|Her|Today|On|Current|Initial|Baseline|Repeat|Total|Her|Testing|Outcome|Tests?"
    r"|Standardized|By"
    r"|With|And|Scores?|Objective|Measures?|Function|Functional Outcomes?|Using|Completed|Scored) )+"
)
NO_INSTRUMENT = re.compile(
    r"body mass|brachial|blood|glyc|injury severity|symmetry|credit|pain score|symptom score|severity index$",
    re.IGNORECASE,
)
# "CPAx 14." beside instruments that are known.
LETTERED = re.compile(
    r"(?:(?<=[.,;:] )|(?<=[.,;:]  ))([A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-?\d{1,2})?)(?= (?:score )?(?:of "
    r"|is |was |= ?"
    r"|: ?)?\d{1,3}(?:\.\d)?"
    r"(?:/\d{1,3}|%)?\s{0,2}(?:[.,;]|$))"
)
NOT_LETTERED = re.compile(
    r"^(?:BP|HR|RR|SBP|DBP|MAP|BMI|SpO|SaO|RPE|WBC|RBC|HGB|Hgb|HCT|Hct|PLT|Plt|INR|GFR|eGFR|EF|LVEF|ESR"
    r"|CRP|BUN|TSH|LDL|HDL"
    r"|HbA|A1C|AFO|KAFO|ROM|AROM|PROM|AAROM|ER|IR|DF|PF|SB|SLR|MMT|MP|MCP|PIP|DIP|IP|CMC|MTP|LE|UE|RLE"
    r"|LLE|RUE|LUE|BLE|BUE"
    r"|OT|PT|ST|POD|HD|DOS|ICU|LOS|CPT|ICD|FEV|FVC|MIP|MEP|ABI|TENS|NMES|LTG|STG|MRI|CT|HEP|RM|MVC|EMG"
    r"|CK|CPK|PSA|MD|AD|VO)"
)
NEARBY = 60


def _instruments_by_shape(text: str, known: Sequence[Span]) -> Iterator[Candidate]:
    for found in TITLED.finditer(text):
        words = NOT_OF_THE_TITLE.sub("", found.group())
        start = found.end() - len(words)
        if " " in words and NO_INSTRUMENT.search(words) is None and not words.isupper():
            yield Candidate(Span(start, found.end()), Label.OUTCOME_MEASURE, -1, -1, words, "points")
    for found in LETTERED.finditer(text):
        near = any(one.start - NEARBY < found.start() < one.end + NEARBY for one in known)
        if near and NOT_LETTERED.match(found.group(1)) is None and not all_capitals(text, found.start(1)):
            yield Candidate(
                Span(found.start(1), found.end(1)), Label.OUTCOME_MEASURE, -1, -1, found.group(1), "points"
            )


BACK = re.compile(r"\bback\b", re.IGNORECASE)
BACK_BEFORE = re.compile(
    r"(?:\b(?:her|his|the|my|their|right|left|mid|of|in|and|or|for)|[,:])\s{0,12}(?:\w+\s)?$", re.IGNORECASE
)
BACK_AFTER = re.compile(
    r"\s{0,12}(?:pain|ache|aches|symptoms?|injur|muscl|extens|strain|spasm|discomfort|problems?"
    r"|stiffness|[.,;:)]|and|or|is|was|with|$)",
    re.IGNORECASE,
)
BACK_POSITION = re.compile(
    r"\b(?:on|onto|to|go|going|come|went|get|getting|return|come|came)\s{1,12}(?:\w+\s)?$", re.IGNORECASE
)
BACK_NAMED = re.compile(
    r"\s{0,12}(?:pain|ache|symptoms?|muscl|injur|strain|spasm|discomfort|problems?)", re.IGNORECASE
)


def _backs(text: str, phrases: Sequence[Phrase]) -> Iterator[Candidate]:
    """The bare word "back": a region in "back pain" and "his back", not in "go back" or "lying on her
    back".
    """
    starts = {phrase.start: index for index, phrase in enumerate(phrases)}
    for match in BACK.finditer(text):
        index = starts.get(match.start())
        if index is None or phrases[index].end != match.end():
            continue
        before, after = text[max(0, match.start() - 24) : match.start()], text[match.end() : match.end() + 16]
        named = BACK_NAMED.match(after) is not None
        placed = BACK_BEFORE.search(before) is not None and BACK_AFTER.match(after) is not None
        owned = re.search(r"\b(?:his|her|my|their)\s{1,12}$", before, re.IGNORECASE) is not None
        headed = after.startswith(":")
        if named or headed or ((placed or owned) and not BACK_POSITION.search(before)):
            yield Candidate(Span(match.start(), match.end()), Label.BODY_REGION, index, index, "back")


def _is_length(text: str, found: Candidate) -> bool:
    """True for the unit: "700 feet", "5 feet 8 inches"."""
    if found.label is not Label.BODY_REGION or text[found.span.start : found.span.end].lower() not in FEET:
        return False
    return LENGTH.search(text[max(0, found.span.start - 16) : found.span.start]) is not None
