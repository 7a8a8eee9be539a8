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
    r"|pain|success)\b|\bno better\b"
    r"|\bno (?:known )?(?:drug )?allerg\w+|\bnot been\b(?= (?:able|given))",
    re.IGNORECASE,
)
NEGATED = re.compile(
    r"\b(?:no|not|denies|denied|deny|denying|without|negative for|neither|nor|never|free of|free from"
    r"|absence of|absent|lack of|lacks|cleared of|clear of|rules? out (?=.*\bnegative)"
    r"|ruled out(?: for)?|no evidence (?:of|for)|no history of|no signs? of|no sign|cannot see"
    r"|fails? to reveal|failed to reveal|unremarkable for|not have|doesn'?t|don'?t"
    r"|didn'?t|isn'?t|wasn'?t|hasn'?t|contraindicated)\b",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"^[\s,:\-]*(?:(?:\w+\s){0,2}(?:was|were|is|are|has been|have been|had been"
    r"|being)\s{1,12})?(?:ruled out|not (?:\w+ )?(?:seen|present|noted|found|identified|evident"
    r"|observed|detected"
    r"|performed|indicated|given|done|used|appropriate|needed|required|tolerated)|absent|denied"
    r"|not (?:\w+ )?(?:suspected|believed|felt|thought|likely|considered)|negative\b|excluded"
    r"|contraindicated|deferred|refused|declined|unlikely)",
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
HYPOTHETICAL_AFTER = re.compile(
    r"^[^.;,]{0,25}?\b(?:if\b(?! possible)|should (?:he|she|they|it|the|symptoms|this|pain|his|her)\b"
    r"|(?:may|might|could) (?:also )?be (?:added|considered|needed|required|indicated|necessary|tried|used"
    r"|appropriate"
    r"|beneficial|initiated)|(?:may|might|can|could) (?:develop|occur|ensue)|prophylaxis)",
    re.IGNORECASE,
)
POSSIBLE_AFTER = re.compile(
    r"^\s{0,12}(?:,\s{0,12}(?=\w+\s{0,3}(?:[.,;)]|$)))?(?:(?:is|was|are"
    r"|were)\s{1,12})?(?:also\s{1,12})?(?:suspected|possible"
    r"|probable|likely(?! (?:due|secondary|related|from|caused))|questionable|(?:cannot|could not"
    r"|can not) be (?:ruled out"
    r"|excluded)|(?:remains?|is|are|was)(?: also)? (?:a |an |in )?(?:possib\w+|concern|differential"
    r"|the differential)"
    r"|(?:should|must|needs? to|to|will|has to|still needs to) be (?:considered|ruled out|excluded"
    r"|evaluated|investigated)"
    r"|is (?:a )?(?:concern|consideration|possibility)|versus\b|vs\b|\?)",
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
    r"|watch for|monitor for|prophylaxis (?:against|for|of)|signs? and symptoms of|signs of|symptoms of"
    r"|precautions? for"
    r"|possible need for|possibility of)\b",
    re.IGNORECASE,
)  # fmt: skip
HISTORICAL = re.compile(
    r"\b(?:history of|hx of|hx|h/o|past history|past medical history|pmhx?|past surgical history"
    r"|previous(?:ly)?|prior(?! to)|past(?! (?:\w+ ){0,2}(?:days?|weeks?|months?|years?|hours?)\b)"
    r"|former(?:ly)?|remote"
    r"|(?<!-)(?<!year )(?<!years )(?<!yr )(?<!y\.o )(?<!month )(?<!week )(?<!day )old(?!er)|resolved"
    r"|in (?:19|20)\d\d"
    r"|years? ago|years? (?:out|status[- ]post|s/p|post(?:[- ]?op\w*)?)(?: from)?|no longer|bouts? of"
    r"|(?:\d+|several|multiple|two|three|four|recurrent|past) (?:\w+ )?episodes of"
    r"|treatment for|(?:managed"
    r"|hospitali[sz]ed|admitted) (?:\w+ ){0,2}(?:for|with)"
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
    r"^\s{0,3},?\s{0,3}\(?(?:['’]\d\d|(?:19|20)\d\d)\b|^[^.;]{0,40}?\b(?:resolved|in (?:19[0-9]\d|20\d\d)"
    r"|in the past|(?:\d+|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|several|many|few) (?:or \w+ )?years? (?:ago|prior)|as a child|in childhood"
    r"|at age \d+|at the age of|without (?:relief|success|improvement|benefit)"
    r"|in remission|with (?:no|little|minimal) (?:relief|success|improvement|benefit)|(?:did not"
    r"|didn'?t) (?:help|relieve))\b",
    re.IGNORECASE,
)
# "A good candidate for aquatic therapy" is a plan; for an operation or an illness it is not.
FITTING = frozenset(
    {"candidate for", "would be candidate", "would be a candidate", "to avoid", "prevent", "avoid"}
)
UNDER_CONDITION = re.compile(r"(?:^\W*should|\bif)\b[^,;]*$", re.IGNORECASE)
# What follows upon the condition is conditional too: "If he worsens, fusion."
AFTER_CONDITION = re.compile(r"^\W*(?:should|if|unless)\b[^;]*$|\bif\b[^,;]*$", re.IGNORECASE)
IF_ANY = re.compile(r"\b(?:as if|even if|if any|what if|if not)\b[^,;]*$", re.IGNORECASE)
DISCUSSED = re.compile(
    r"\b(?:discuss\w*|options? (?:of|include)|considering|contemplating|offered|recommend\w*(?: that)?"
    r"|awaiting|scheduled for"
    r"|candidate for|surgical options?|proceed(?:ing)? with)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
# Treatment before this visit, told in a history.
EARLIER_CARE = re.compile(
    r"\b(?:(?:has|have|had|he'd|she'd)\s{1,12}(?:also\s{1,12}|previously\s{1,12})?(?:had|tried|received"
    r"|undergone|completed"
    r"|attended|been through|done)|attended|received|underwent|tried|failed|trials? of|courses? of"
    r"|sessions? of|(?:prior|previous|past) (?:treatments?|therapy|care|interventions?)|visits of"
    r"|treated with|conservative (?:care|treatment"
    r"|management))\b[^;]*$",
    re.IGNORECASE,
)
TOLD_AS_HISTORY = re.compile(
    r"hist|\bhpi\b|subjective|complaint|reason|background|presenting|^$", re.IGNORECASE
)
THIS_EPISODE = re.compile(
    r"\b(?:status[- ]post|s/p|following|after|post[- ]?op\w*|day)\s{1,12}(?:\w+\s{1,12}){0,3}$", re.IGNORECASE
)
PAST_ILLNESS = re.compile(r"\b(?:history|h/o|hx|pmhx?|years? (?:out|s/p|status))\b[^.;]*$", re.IGNORECASE)
PAST_LIST = re.compile(r"history|\bh/o\b|\bhx\b|\bpmhx?\b|\bpsh\b", re.IGNORECASE)
TOLD_OF_THE_PAST = re.compile(
    r"\b(?:past (?:medical|surgical) history|pmhx?|medical history|history"
    r"|(?:stay|course|hospitali[sz]ation|admission|birth|delivery|pregnancy|recovery|period)"
    r" (?:was |were |had been )?complicated by)\b"
    r"(?:(?!\b(?:who|underwent|presents?|presented|admitted|now|referred)\b)[^.;])*$",
    re.IGNORECASE,
)
RELATIVE = (
    r"(?:mother|father|sister|brother|grandmother|grandfather|grandparents?|aunt|uncle|parents?|siblings?"
    r"|son|daughter|cousin|husband|wife)"
)
FAMILY = re.compile(
    rf"\bfamily (?:medical )?(?:history|hx)\b|\b(?:his|her|their|the patient'?s|patient'?s|maternal"
    rf"|paternal)\s{{1,12}}(?:\w+\s{{1,12}})?{RELATIVE}\s{{1,12}}(?:also\s{{1,12}})?(?:has|had|with"
    rf"|have|died|suffer\w*|struggl\w*|gets|is|was diagnosed|was|recently had)\b"
    rf"|\b{RELATIVE}s?\s{{1,12}}(?:also\s{{1,12}})?(?:\w+ly\s{{1,12}})?(?:has|had|have|with|died|suffer\w*"
    rf"|struggl\w*|gets"
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
    # "Hx:" within a paragraph speaks for its own sentence only.
    inside = span.start >= section.body and not (section.title.lower() == "hx" and start > section.body)
    # A heading speaks through its kind: "HISTORY:" alone says nothing of the past.
    begin = max(start, section.body) if inside else start
    before = text[max(begin, span.start - FORWARD) : span.start]
    clause = _clause(before)
    if _is_negated(before, clause, after, label):
        return Assertion.NEGATED
    if (inside and section.kind is SectionKind.FAMILY) or FAMILY.search(clause) or _family_before(before):
        return Assertion.FAMILY
    uncertain = _uncertain(before, clause, after, label)
    if uncertain is not None:
        return uncertain
    told = TOLD_AS_HISTORY.search(section.title) is not None
    return _in_time(before, clause, after, label, section.kind if inside else SectionKind.OTHER, told=told)


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
        return len(reach.split()) <= 5 and found[-1].group().lower() not in {"non"}
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
    return short and "," in reach and re.search(r"\b(?:or|nor)\b", reach, re.IGNORECASE) is None


def _uncertain(before: str, clause: str, after: str, label: Label) -> Assertion | None:
    under_condition = UNDER_CONDITION if label is Label.DIAGNOSIS else AFTER_CONDITION
    if under_condition.search(before) and not IF_ANY.search(before):
        return Assertion.HYPOTHETICAL
    if POSSIBLE_AFTER.match(after):
        return Assertion.POSSIBLE
    if HYPOTHETICAL_AFTER.match(after):
        return Assertion.HYPOTHETICAL
    if label is Label.SURGERY and DISCUSSED.search(before):
        return Assertion.HYPOTHETICAL
    tail = _last_words(clause, 14)
    conditional, possible = HYPOTHETICAL.search(tail), POSSIBLE.search(_last_words(clause, 9))
    if label is Label.INTERVENTION and conditional and conditional.group().lower() in FITTING:
        conditional = None
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


def _in_time(
    before: str, clause: str, after: str, label: Label, kind: SectionKind, *, told: bool
) -> Assertion:
    if kind in {SectionKind.HISTORY, SectionKind.SURGICAL_HISTORY}:
        return Assertion.HISTORICAL
    if label is Label.SURGERY and THIS_EPISODE.search(before) and not PAST_ILLNESS.search(before):
        return Assertion.PRESENT
    if label is Label.INTERVENTION and told and EARLIER_CARE.search(before):
        return Assertion.HISTORICAL
    past = HISTORICAL.search(_last_words(clause, 40 if PAST_LIST.search(clause) else 8))
    if past or TOLD_OF_THE_PAST.search(before):
        return Assertion.HISTORICAL
    return (
        Assertion.HISTORICAL
        if HISTORICAL_AFTER.match(after) and label is not Label.INTERVENTION
        else Assertion.PRESENT
    )


def _last_words(clause: str, count: int) -> str:
    return " ".join(clause.split()[-count:])
