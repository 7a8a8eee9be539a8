"""What the model finds and rules know to be none: abilities, symptoms, tests, scores of no instrument.

The vocabulary has kinds that only block (`B`), symptoms (`y`), remedies of one's own (`H`), devices (`V`) and
words that are names only beside others. A mention that rests on these alone is not taken from the model.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from notes.clini_note_extractor.combination import Mention
from notes.clini_note_extractor.phrases import Phrase
from notes.clini_note_extractor.types import Label, Span

# Words before a name that never belong to it.
LEAD = re.compile(
    r"(?:associated|any|prior|recent|previous|other|further|additional|multiple|several|maternal|paternal"
    r"|no|the|a|an|his|her|their|this|with|of|and|or)\s+(?=\w)",
    re.IGNORECASE,
)
# What people do in life, and not in treatment.
ABILITY = re.compile(
    r"\b(?:tasks?|activit(?:y|ies)|hobb(?:y|ies)|projects?|duties|chores|physical therapy"
    r"|occupational therapy|speech therapy)$",
    re.IGNORECASE,
)
TREATED = re.compile(r"\b(?:therapeutic|exercise|training|retraining|modification|program)", re.IGNORECASE)
SIDE_WORDS = frozenset({
    "left", "right", "bilateral", "bilaterally", "bilat", "bil", "l", "r", "b", "lt", "rt", "b/l",
})  # fmt: skip
NAMES_INTERVENTION = frozenset("IET")
ONLY_BESIDE = frozenset("iHVByw")
# "-20 %" and "+15%" tell how much something changed, "5-10 reps" how often: no measurement.
CHANGE = re.compile(r"[-–−+]\s?\d[\d.,]*\s?(?:%|percent)$", re.IGNORECASE)
SIGN = re.compile(r"(?<!\d)(?<!\d\s)[-–−+]\s?$")
# "IR T12": how far up the back a thumb reaches is a level, no number of degrees.
LEVEL = re.compile(r"[CTLS]-?\d{1,2}\b", re.IGNORECASE)
LEVEL_BEFORE = re.compile(r"\b[CTLS]-?$")
# "DOB 4/5/1950" is no grade of four.
DATE_AFTER, DATE_BEFORE = re.compile(r"/\d"), re.compile(r"\d/$")
COUNTED = re.compile(r"\b(?:reps?|repetitions|sets?|x)$", re.IGNORECASE)
SCORE_BEHIND, SCORE_BEFORE = 200, 60


def credible(
    text: str, phrases: Sequence[Phrase], by_rules: Sequence[Mention], by_model: Sequence[Mention]
) -> list[Mention]:
    """The model's mentions without words that do not belong and without those that rules know better.

    What rules found too is kept as it is. All inputs in reading order.
    """
    agreed = {(one.span, one.label) for one in by_rules}
    measures = [one.span for one in (*by_rules, *by_model) if one.label is Label.OUTCOME_MEASURE]
    starts = [one.start for one in phrases]
    kept: list[Mention] = []
    for one in by_model:
        if (one.span, one.label) in agreed:
            kept.append(one)
            continue
        bare = _without_lead(text, one)
        if not _known_otherwise(text, bare, _inside(phrases, starts, bare.span), measures):
            kept.append(bare)
    return kept


def _without_lead(text: str, mention: Mention) -> Mention:
    start = mention.span.start
    while found := LEAD.match(text, start, mention.span.end):
        start = found.end()
    return replace(mention, span=Span(start, mention.span.end))


def _inside(phrases: Sequence[Phrase], starts: Sequence[int], span: Span) -> str:
    """The letters of the phrases that overlap a span."""
    first = max(0, bisect_right(starts, span.start) - 1)
    last = bisect_left(starts, span.end)
    return "".join(one.letter for one in phrases[first:last] if one.end > span.start)


def _known_otherwise(text: str, mention: Mention, letters: str, measures: Sequence[Span]) -> bool:
    words = text[mention.span.start : mention.span.end]
    if "B" in letters or words.count("(") != words.count(")"):
        return True
    if mention.label is Label.LATERALITY:
        return words.lower() not in SIDE_WORDS
    if mention.label is Label.DIAGNOSIS:
        return letters.endswith("y")
    if mention.label is Label.INTERVENTION:
        bare = not NAMES_INTERVENTION & set(letters)
        return bare and (set(letters) <= ONLY_BESIDE or _is_ability(words))
    if mention.label in (Label.ROM, Label.OUTCOME_SCORE) and _is_change(text, mention.span):
        return True
    if mention.label is Label.STRENGTH:
        return _in_date(text, mention.span)
    if mention.label is Label.ROM:
        return COUNTED.search(words) is not None or _is_level(text, mention.span)
    if mention.label is Label.OUTCOME_SCORE:
        return not any(_belongs(mention.span, one) for one in measures)
    return False


def _in_date(text: str, span: Span) -> bool:
    return (
        DATE_AFTER.match(text, span.end) is not None
        or DATE_BEFORE.search(text[max(0, span.start - 3) : span.start]) is not None
    )


def _is_level(text: str, span: Span) -> bool:
    before = text[max(0, span.start - 3) : span.start]
    return LEVEL.match(text, span.start) is not None or LEVEL_BEFORE.search(before) is not None


def _is_change(text: str, span: Span) -> bool:
    words = text[span.start : span.end]
    if CHANGE.fullmatch(words):
        return True
    return (
        words.endswith(("%", "percent"))
        and SIGN.search(text[max(0, span.start - 4) : span.start]) is not None
    )


def _is_ability(words: str) -> bool:
    return ABILITY.search(words) is not None and TREATED.search(words) is None


def _belongs(score: Span, measure: Span) -> bool:
    return 0 <= score.start - measure.end <= SCORE_BEHIND or 0 <= measure.start - score.end <= SCORE_BEFORE
