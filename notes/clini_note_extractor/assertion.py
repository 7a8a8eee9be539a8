"""Whether a named thing is so: negated, past, only possible, conditional, or somebody else's.

After ConText (Harkema et al., J Biomed Inform 2009): words before or after a name change it within their
scope, which ends at the
sentence's end or at words that turn the sentence. Differs: a section's heading is a cue too, and scopes are
bounded, so that text without
full stops costs no more than other text.
"""

from __future__ import annotations

import re

from notes.clini_note_extractor.assertion_cues import (
    AFTER_CONDITION,
    ALSO_HAD,
    ANY_HISTORY,
    AT_AGE,
    BACKGROUND,
    BACKWARD,
    CHECKED,
    CONDITION_DENIED,
    DISCUSSED,
    DURING,
    EARLIER_CARE,
    FAMILY,
    FAMILY_NEAR,
    FITTING,
    FORMAL_IF,
    FORWARD,
    HAD,
    HISTORICAL,
    HISTORICAL_AFTER,
    HYPOTHETICAL,
    HYPOTHETICAL_AFTER,
    IF_ANY,
    IF_OF_ANOTHER,
    LIST_HEAD,
    NEGATED,
    NEGATED_AFTER,
    NEWBORN,
    OFFERED_AFTER,
    PAST_ILLNESS,
    PAST_LIST,
    POSSIBLE,
    POSSIBLE_AFTER,
    PSEUDO,
    RISK_AFTER,
    SHUNNED,
    THIS_EPISODE,
    TODAY,
    TOLD_AS_HISTORY,
    TOLD_OF_THE_PAST,
    TURN,
    UNCHECKED,
    UNDER_CONDITION,
    UNRELATED,
    VERB,
)
from notes.clini_note_extractor.assertion_frames import (
    ALTERNATIVE,
    BEGINS_ANEW,
    CONFIRMED,
    DOUBTED,
    DOUBTED_TITLE,
    FAILED,
    IN_A_YEAR,
    IN_RESERVE,
    LASTING,
    NEEDED_NO_MORE,
    OF_NO_USE,
    OF_ONE_NAME,
    OLD,
    PAIR,
    PRESENT_HISTORY,
    PUNCTUATION,
    PUT_OFF,
    PUT_OFF_AFTER,
    QUERIED,
    RUN_ON_WORDS,
    SIGNS_OF,
    SIGNS_SEEN,
    TIME_OF_LIFE,
)
from notes.clini_note_extractor.sections import Layout, SectionKind
from notes.clini_note_extractor.types import ASSERTED, Assertion, Label, Span


def assertion_of(text: str, span: Span, label: Label, layout: Layout) -> Assertion:
    """What the words and the heading around a span say of it; PRESENT for labels that carry none."""
    if label not in ASSERTED:
        return Assertion.PRESENT
    start, end = layout.sentence_at(span.start)
    after = text[span.end : min(max(end, span.end), span.end + BACKWARD)]
    section = layout.section_at(span.start)
    # "Hx:" within a paragraph speaks for its own sentence only.
    inside = section.body <= span.start < section.reach and not (
        section.title.lower() == "hx" and start > section.body
    )
    # A heading speaks through its kind: "HISTORY:" alone says nothing of the past.
    begin = max(start, section.body) if inside else start
    before = text[max(begin, span.start - FORWARD) : span.start]
    if _runs_on(text[max(start, span.start - FORWARD) : min(end, span.end + FORWARD)]):
        before, after = _last_begun(before), _until_anew(after)
    clause = _clause(before)
    pair = PAIR.match(after)
    after = after[pair.end() - 1 :] if pair else after
    if _is_negated(before, clause, after, label):
        return Assertion.NEGATED
    if label is not Label.INTERVENTION and (
        (inside and section.kind is SectionKind.FAMILY)
        or FAMILY.search(clause)
        or FAMILY_NEAR.search(before)
        or _family_before(before)
    ):
        return Assertion.FAMILY
    uncertain = _uncertain(before, clause, after, label)
    if (
        uncertain is None
        and inside
        and label is Label.DIAGNOSIS
        and DOUBTED_TITLE.match(section.title.strip())
    ):
        uncertain = Assertion.POSSIBLE
    if uncertain is not None:
        return uncertain
    if inside and _listed_as_past(
        section.title, text[section.body : min(section.end, section.body + LIST_HEAD)]
    ):
        return Assertion.HISTORICAL
    told = TOLD_AS_HISTORY.search(section.title) is not None
    if label is Label.SURGERY and _is_old_operation(text[span.start : span.end], before, after):
        return Assertion.HISTORICAL
    return _in_time(before, clause, after, label, section.kind if inside else SectionKind.OTHER, told=told)


def _runs_on(around: str) -> bool:
    """Dictation without punctuation: there words that begin something new end what is said before."""
    return PUNCTUATION.search(around) is None and len(around.split()) >= RUN_ON_WORDS


def _last_begun(before: str) -> str:
    begun = list(BEGINS_ANEW.finditer(before))
    return before[begun[-1].start() :] if begun else before


def _until_anew(after: str) -> str:
    ended = BEGINS_ANEW.search(after)
    return after[: ended.start()] if ended else after


def _listed_as_past(title: str, opening: str) -> bool:
    """Under a bare "HISTORY:" a list without a verb tells what was; prose there tells of now too."""
    return ANY_HISTORY.match(title.strip()) is not None and VERB.search(opening) is None


def _is_old_operation(name: str, before: str, after: str) -> bool:
    if THIS_EPISODE.search(before) and not PAST_ILLNESS.search(before):
        return False
    if AT_AGE.match(after) or ALSO_HAD.search(before[-80:]):
        return True
    return UNRELATED.search(name) is not None and TODAY.search(before) is None


def _clause(before: str) -> str:
    """What of the sentence still reaches the name: the part after its last turn."""
    turns = list(TURN.finditer(before))
    return before[turns[-1].end() :] if turns else before


def _family_before(before: str) -> bool:
    found = list(FAMILY.finditer(before))
    return bool(found) and not re.search(
        r"\b(?:he|she|patient|pt|but|however)\b", before[found[-1].end() :], re.IGNORECASE
    )


def _is_negated(before: str, clause: str, after: str, label: Label) -> bool:
    if UNCHECKED.search(before) or (label is not Label.DIAGNOSIS and SHUNNED.search(before)):
        return True
    if label is Label.INTERVENTION and (
        NEEDED_NO_MORE.search(before) or (PUT_OFF.search(before) and PUT_OFF_AFTER.match(after))
    ):
        return True
    if CHECKED.search(before):
        return False
    if NEGATED_AFTER.match(after) and not POSSIBLE_AFTER.match(after):
        return True
    condition = CONDITION_DENIED.search(clause)
    scope = PSEUDO.sub(" ", clause[condition.end() :] if condition else clause)
    found = [one for one in NEGATED.finditer(scope) if not _has_ended(one.group(), scope[one.end() :])]
    if not found:
        # "is not", "was no": the turn itself stands just before the denial.
        return bool(
            re.search(
                r"\b(?:is|are|was|were)\s{1,12}(?:no|not)\b[^,;]{0,40}$",
                PSEUDO.sub(" ", before),
                re.IGNORECASE,
            )
        )
    reach = scope[found[-1].end() :]
    if label is Label.INTERVENTION:
        return (
            len(reach.split()) <= 5
            and DURING.search(reach) is None
            and found[-1].group().lower() not in {"non"}
        )
    return found[-1].group().lower() != "no" or len(reach.split()) < 30


def _has_ended(denial: str, reach: str) -> bool:
    """ "Not" and its kind end at a comma; "no" and "denies" run through a list."""
    short = denial.lower() in {
        "not",
        "without",
        "never",
        "non",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "wasn't",
    }
    if short and re.search(r"\band\s{1,12}\w+ed\b", reach, re.IGNORECASE):
        return True
    return short and "," in reach and re.search(r"\b(?:or|nor)\b", reach, re.IGNORECASE) is None


def _uncertain(before: str, clause: str, after: str, label: Label) -> Assertion | None:
    under_condition = UNDER_CONDITION if label is Label.DIAGNOSIS else AFTER_CONDITION
    formal_before = label is Label.INTERVENTION and FORMAL_IF.match(before)
    if under_condition.search(before) and not IF_ANY.search(before) and not formal_before:
        return Assertion.HYPOTHETICAL
    if label is Label.SURGERY and (OFFERED_AFTER.match(after) or DISCUSSED.search(before)):
        return Assertion.HYPOTHETICAL
    if POSSIBLE_AFTER.match(after) and label is not Label.INTERVENTION:
        return _doubted(label)
    formal = label is Label.INTERVENTION and FORMAL_IF.match(after)
    if (HYPOTHETICAL_AFTER.match(after) and not formal) or (
        label is Label.DIAGNOSIS and RISK_AFTER.match(after)
    ):
        return Assertion.HYPOTHETICAL
    tail, near = _last_words(clause, 14), _last_words(clause, 9)
    conditional = HYPOTHETICAL.search(tail)
    if conditional and SIGNS_OF.search(conditional.group()) and SIGNS_SEEN.match(after):
        conditional = None
    possible = next(
        (one for one in POSSIBLE.finditer(near) if _still_doubts(one.group(), near[one.end() :])), None
    )
    if label is Label.INTERVENTION:
        if conditional and (
            formal_before
            or conditional.group().lower() in FITTING
            or IF_OF_ANOTHER.match(tail[conditional.start() :])
        ):
            conditional = None
        return Assertion.HYPOTHETICAL if conditional or IN_RESERVE.search(before) else None
    if CONFIRMED.search(before):
        return None
    if DOUBTED.search(before):
        return _doubted(label)
    # "Signs of possible infection": what doubts stands nearer.
    seen = conditional is not None and SIGNS_OF.search(conditional.group()) and possible is not None
    if conditional is not None and not seen:
        return Assertion.HYPOTHETICAL
    return _doubted(label) if possible is not None or QUERIED.search(before) else None


def _still_doubts(cue: str, reach: str) -> bool:
    if OF_ONE_NAME.match(cue.strip()) is None:
        return True
    return "," not in reach or ALTERNATIVE.search(reach) is not None


def _doubted(label: Label) -> Assertion:
    """A condition may be doubted; an operation that is not certain has not been done."""
    return Assertion.POSSIBLE if label is Label.DIAGNOSIS else Assertion.HYPOTHETICAL


def _in_time(
    before: str, clause: str, after: str, label: Label, kind: SectionKind, *, told: bool
) -> Assertion:
    if kind in {SectionKind.HISTORY, SectionKind.SURGICAL_HISTORY}:
        return Assertion.HISTORICAL
    if label is Label.SURGERY and (IN_A_YEAR.match(after) or OLD.search(before)):
        return Assertion.HISTORICAL
    if label is not Label.DIAGNOSIS and (FAILED.search(before) or OF_NO_USE.match(after)):
        return Assertion.HISTORICAL
    if label is Label.SURGERY and THIS_EPISODE.search(before) and not PAST_ILLNESS.search(before):
        return Assertion.PRESENT
    if label is Label.INTERVENTION and told and EARLIER_CARE.search(before):
        return Assertion.HISTORICAL
    if label is Label.DIAGNOSIS and (AT_AGE.match(after) or NEWBORN.search(before)):
        return Assertion.HISTORICAL
    lasting = label is Label.DIAGNOSIS and LASTING.match(after) is not None
    if label is Label.DIAGNOSIS and told and HAD.search(before) and not lasting:
        return Assertion.HISTORICAL
    clause, before = PRESENT_HISTORY.sub(" ", clause), PRESENT_HISTORY.sub(" ", before)
    past = HISTORICAL.search(_last_words(clause, 40 if PAST_LIST.search(clause) else 8))
    told_before = TOLD_OF_THE_PAST.search(before) or BACKGROUND.match(before)
    if past or told_before or (label is not Label.INTERVENTION and TIME_OF_LIFE.search(before)):
        return Assertion.HISTORICAL
    return (
        Assertion.HISTORICAL
        if HISTORICAL_AFTER.match(after) and not lasting and label is not Label.INTERVENTION
        else Assertion.PRESENT
    )


def _last_words(clause: str, count: int) -> str:
    return " ".join(clause.split()[-count:])
