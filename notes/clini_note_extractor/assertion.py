"""Whether a named thing is so: negated, past, only possible, conditional, or somebody else's.

After ConText (Harkema et al., J Biomed Inform 2009): words before or after a name change it within their
scope, which ends at the
sentence's end or at words that turn the sentence. Differs: a section's heading is a cue too, and scopes are
bounded, so that text without
full stops costs no more than other text.
"""

from __future__ import annotations

import re

from notes.clini_note_extractor.sections import Layout, SectionKind
from notes.clini_note_extractor.types import ASSERTED, Assertion, Label, Span

FORWARD = 320
BACKWARD = 90
TURN = re.compile(
    r"\b(?:but|however|except|although|though|yet|other than|aside from|apart from|besides|secondary to"
    r"|due to|because|since|as well as reports"
    r"|(?:and|,)\s{1,12}(?:he|she|they|it|the patient|patient|pt)\b|complain\w*|presents?|presented"
    r"|demonstrates?|reveal\w*|show(?:s|ed)|states?|stated|reports|reported that"
    r"|was|were|is|are|which|who|has had|now has|he has|she has|patient has|will)\b",
    re.IGNORECASE,
)
# These look like a denial and are none.
PSEUDO = re.compile(
    r"\bno (?:significant |further |apparent |real |clear |much )?(?:increase|change|relief|improvement"
    r"|benefit|difficulty|longer|problems?|difference|worsening|worse)\b(?:\s{1,12}(?:in|with|from"
    r"|of)\b)?"
    r"|\bnot (?:only|just|certain|sure|necessarily|limited to|improv\w+|reliev\w+|respond\w*"
    r"|tolerat\w+ well)\b|\bwithout (?:difficulty|increase|relief|improvement|complication\w*|incident"
    r"|pain|success)\b"
    r"|\bno (?:known )?(?:drug )?allerg\w+|\bnot been\b(?= (?:able|given))",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:no|not|denies|denied|deny|denying|without|negative for|neither|nor|never|free of|free from"
    r"|absence of|absent|lack of|lacks|rules? out (?=.*\bnegative)"
    r"|ruled out(?: for)?|no evidence (?:of|for)|no history of|no signs? of|no sign|cannot see"
    r"|fails? to reveal|failed to reveal|unremarkable for|not have|doesn'?t|don'?t"
    r"|didn'?t|isn'?t|wasn'?t|hasn'?t|contraindicated|non)\b",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"^[\s,:\-]*(?:(?:\w+\s){0,2}(?:was|were|is|are|has been|have been|had been"
    r"|being)\s{1,12})?(?:ruled out|not (?:\w+ )?(?:seen|present|noted|found|identified|evident"
    r"|observed|detected"
    r"|performed|indicated|given|done|used|appropriate|needed|required|tolerated)|absent|denied"
    r"|negative\b|excluded|contraindicated|deferred|refused|declined|unlikely)",
    re.IGNORECASE,
)
POSSIBLE = re.compile(
    r"\b(?:possible|possibly|probable|probably|likely|suspected|suspect\w*|suspicio\w+|rule[- ]out|r/o"
    r"|to rule out|ruling out|consistent with|suggest\w*|questionable|question of"
    r"|concern(?:s|ing|ed)? (?:for|of|about)|may (?:have|be|represent|reflect|indicate)|might (?:have"
    r"|be|represent)|could (?:be|represent|have|reflect)|appears? to (?:be|have)"
    r"|what looks like|looks like|seems? to (?:be|have)|presum\w+|differential\b[^.]{0,20}|versus|vs"
    r"|indicative of|compatible with|evaluate for|evaluated for|assess for|thought to (?:be|have)"
    r"|felt to be|potential|working diagnosis|provisional|cannot be ruled out|not (?:certain|sure)"
    r"|worrisome for|in keeping with|tentative)\b|\?\s{0,12}$",
    re.IGNORECASE,
)
POSSIBLE_AFTER = re.compile(
    r"^\s{0,12}(?:,\s{0,12})?(?:(?:is|was|are|were)\s{1,12})?(?:also\s{1,12})?(?:suspected|possible"
    r"|probable|likely(?! (?:due|secondary|related|from|caused))|questionable|cannot be (?:ruled out"
    r"|excluded)|is (?:a )?(?:concern|consideration|possibility)|versus\b|vs\b|\?)",
    re.IGNORECASE,
)
HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|in case of|in the event of|may (?:need|require|benefit|consider|eventually|develop"
    r"|want|progress)|might (?:need|require|benefit|develop)|could (?:need|require|benefit|develop"
    r"|consider)"
    r"|(?:would|will|to) consider|consider(?:ing|ation)?|should (?:he|she|they|it|symptoms"
    r"|the patient)\b.*\bdevelop|(?:at|increased|high|higher|low|greater|fall) risk (?:for|of)"
    r"|risks? (?:for|of)"
    r"|risks? (?:include|including)\b.*|prevent(?:ion of|ing)?|to avoid|avoid(?:ance of|ing)?"
    r"|candidate for|would be (?:a )?candidate|potential(?:ly)? (?:for|need\w*|require\w*)|return (?:if"
    r"|for)"
    r"|watch for|monitor for|signs? and symptoms of|signs of|symptoms of|precautions? for"
    r"|possible need for|possibility of)\b",
    re.IGNORECASE,
)  # fmt: skip
HISTORICAL = re.compile(
    r"\b(?:history of|hx of|h/o|past history|past medical history|pmhx?|past surgical history"
    r"|previous(?:ly)?|prior|past|former(?:ly)?|remote|in the past|old|resolved|in (?:19|20)\d\d"
    r"|years? ago"
    r"|as a child|in childhood|childhood|status[- ]post remote|has tried|had tried|tried"
    r"|was treated (?:with|for|in the past)|had been|has been treated|no longer (?:has|uses|requires"
    r"|with)|used to|in remission"
    r"|(?:had|has had) (?:a |an )?(?:previous|prior|past)|medical history (?:is |was )?(?:significant"
    r"|positive|remarkable|notable) for|medical history (?:includes|of|consists of)"
    r"|no (?:significant )?(?:relief|improvement|benefit) (?:with|from)"
    r"|without (?:relief|improvement|success) (?:with|from))\b",
    re.IGNORECASE,
)
HISTORICAL_AFTER = re.compile(
    r"^[^.;]{0,40}?\b(?:resolved|in (?:19[0-9]\d|20\d\d)|in the past|(?:\d+|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|several|many|few) (?:or \w+ )?years? (?:ago|prior)|as a child|in childhood"
    r"|without (?:relief|success|improvement|benefit)"
    r"|in remission|with (?:no|little|minimal) (?:relief|success|improvement|benefit)|(?:did not"
    r"|didn'?t) (?:help|relieve))\b",
    re.IGNORECASE,
)
THIS_EPISODE = re.compile(
    r"\b(?:status[- ]post|s/p|following|after|post[- ]?op\w*|day)\s{1,12}(?:\w+\s{1,12}){0,3}$", re.IGNORECASE
)
RELATIVE = (
    r"(?:mother|father|sister|brother|grandmother|grandfather|grandparents?|aunt|uncle|parents?|siblings?"
    r"|son|daughter|cousin|husband|wife)"
)
FAMILY = re.compile(
    rf"\bfamily (?:medical )?(?:history|hx)\b|\b(?:his|her|their|the patient'?s|patient'?s|maternal"
    rf"|paternal)\s{{1,12}}(?:\w+\s{{1,12}})?{RELATIVE}\s{{1,12}}(?:also\s{{1,12}})?(?:has|had|with"
    rf"|have|died|suffer\w*|is|was diagnosed|was)\b"
    rf"|\b{RELATIVE}s?\s{{1,12}}(?:also\s{{1,12}})?(?:has|had|have|with|died|suffer\w*"
    rf"|was diagnosed)\b(?!\s{{1,12}}(?:noticed|noted|reported|concerns?|been|questions))"
    rf"|\bruns in the family\b",
    re.IGNORECASE,
)


def assertion_of(text: str, span: Span, label: Label, layout: Layout) -> Assertion:
    """What the words and the heading around a span say of it; PRESENT for labels that carry none."""
    if label not in ASSERTED:
        return Assertion.PRESENT
    start, end = layout.sentence_at(span.start)
    after = text[span.end : min(max(end, span.end), span.end + BACKWARD)]
    section = layout.section_at(span.start)
    inside = span.start >= section.body
    # A heading speaks through its kind: "HISTORY:" alone says nothing of the past.
    begin = max(start, section.body) if inside else start
    before = text[max(begin, span.start - FORWARD) : span.start]
    clause = _clause(before)
    if _is_negated(before, clause, after, label):
        return Assertion.NEGATED
    if (inside and section.kind is SectionKind.FAMILY) or FAMILY.search(clause) or _family_before(before):
        return Assertion.FAMILY
    uncertain = _uncertain(before, clause, after)
    if uncertain is not None:
        return uncertain
    return _in_time(before, clause, after, label, section.kind if inside else SectionKind.OTHER)


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
    if NEGATED_AFTER.match(after):
        return True
    scope = PSEUDO.sub(" ", clause)
    found = list(NEGATED.finditer(scope))
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
        return len(reach.split()) <= 5 and found[-1].group().lower() not in {"non"}
    return found[-1].group().lower() != "no" or len(reach.split()) < 30


def _uncertain(before: str, clause: str, after: str) -> Assertion | None:
    if POSSIBLE_AFTER.match(after):
        return Assertion.POSSIBLE
    tail = _last_words(clause, 14)
    conditional, possible = HYPOTHETICAL.search(tail), POSSIBLE.search(_last_words(clause, 9))
    if conditional is None and re.search(r"\bif\b[^,;]*$", before, re.IGNORECASE):
        return Assertion.HYPOTHETICAL
    if re.search(
        r"(?:what looks like|looks like|(?:likely|probably|possibly|presumably) (?:due|secondary"
        r"|related) to|appears? to be|consistent with|suggest\w*\s\w*)\s(?:\w+\s){0,3}$",
        before,
        re.IGNORECASE,
    ):
        return Assertion.POSSIBLE
    if conditional is not None:
        return Assertion.HYPOTHETICAL
    return Assertion.POSSIBLE if possible is not None else None


def _in_time(before: str, clause: str, after: str, label: Label, kind: SectionKind) -> Assertion:
    if kind in {SectionKind.HISTORY, SectionKind.SURGICAL_HISTORY}:
        return Assertion.HISTORICAL
    if label is Label.SURGERY and THIS_EPISODE.search(before):
        return Assertion.PRESENT
    past = HISTORICAL.search(_last_words(clause, 40 if re.search(r"history", clause, re.IGNORECASE) else 8))
    if past or re.search(
        r"\b(?:past (?:medical|surgical) history|pmhx?|medical history|history)\b[^.;]*$",
        before,
        re.IGNORECASE,
    ):
        return Assertion.HISTORICAL
    return (
        Assertion.HISTORICAL
        if HISTORICAL_AFTER.match(after) and label is not Label.INTERVENTION
        else Assertion.PRESENT
    )


def _last_words(clause: str, count: int) -> str:
    return " ".join(clause.split()[-count:])
