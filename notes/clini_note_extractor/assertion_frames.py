"""Frames in which a name stands: of doubt, of lasting and of being over; pairs; text without full stops."""

from __future__ import annotations

import re

# "He thinks that it is ...", "could be due to ...": frames of doubt whose verb would else turn the sentence.
DOUBTED = re.compile(
    r"(?:what looks like|looks like|it (?:is|was|seems) (?:possible|likely|probable|conceivable|suspected"
    r"|thought|felt|believed)"
    r" that (?:\w+ ){1,3}(?:is|was|has|have|had|are)(?: an?| the| some)?"
    r"|(?:likely|probably|possibly|presumably|(?:could|may|might)(?: \w+)? be) (?:due|secondary|related"
    r"|attributable) to"
    r"|whether (?:this|that|it|he|she|they|there) (?:is|was|has|represents)"
    r"|(?:likely|probable|possible|suspected|presumed|working|provisional|differential)\s(?:\w+\s)?(?:is"
    r"|was|are|being|includes?)"
    r"|(?:appears?|seems?|looks?) to (?:be|have)|(?:may|might|could) (?:also )?be|consistent with"
    r"|suggest\w*\s\w*"
    r"|(?:seems?|appears?|thinks?|believes?|feels?|suspects?|assumes?|wonders?|(?<!re)concern(?:ed)?"
    r"|worr(?:y|ies|ied))"
    r"(?: that| if| whether| like)?"
    r" (?:(?:this|that|it|he|she|they|there|pt|(?:the|his|her|their) \w+) ){1,2}(?:also )?"
    r"(?:is|was|are|has|have|had|may|might|could)(?: be| have)?(?: an?| the| some)?)"
    r"\s(?:[\w-]+\s){0,3}(?:or\s(?:[\w-]+\s){0,2})?$",
    re.IGNORECASE,
)
DOUBTED_TITLE = re.compile(
    r"^(?:ddx|differential(?: dx| diagnos[ie]s)?|rule[- ]?outs?|r/o|provisional (?:dx|diagnos[ie]s)"
    r"|possible|suspected|query|(?:working|provisional) (?:hypothes[ie]s|diagnos[ei]s|dx|impression)"
    r"|most likely)$",
    re.IGNORECASE,
)
# "? early dementia": the mark stands before what it doubts.
QUERIED = re.compile(r"(?:^|[\s(,:;>])\?\s{0,3}(?:[\w/-]+\s{1,3}){0,2}$")
# "MRI confirmed the suspected tear": doubted once, certain now.
CONFIRMED = re.compile(
    r"(?<!to )(?<!not )\b(?:confirmed|confirms|confirming|proved|verified)\b[^.;]{0,40}$", re.IGNORECASE
)
# A treatment is not doubted: it is proposed or kept in reserve.
IN_RESERVE = re.compile(
    r"(?<!as )(?<!if )(?<!where )\b(?:possible|possibly|potential|potentially|perhaps"
    r"|maybe|possibility of)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
# How long it has lasted makes it of today: "has had gout for six years", "diagnosed in 2012".
LASTING = re.compile(
    r"^[^.;]{0,25}?\b(?:(?:for|x) (?:(?:about|over|the|past|last|more|than|nearly|almost|many"
    r"|several) ){0,3}\w+"
    r" ?(?:days?|weeks?|wks?|months?|mos?|years?|yrs?)\b|since (?!healed|removed|resolved|reversed|closed"
    r"|recovered|cleared)"
    r"|(?:first )?(?:diagnosed|dx'?d?|discovered|noted|onset|began|started)\b)",
    re.IGNORECASE,
)
# "A three-year history of knee pain" tells of now.
PRESENT_HISTORY = re.compile(
    r"\b[\w-]+[ -](?:days?|weeks?|wks?|months?|mos?|years?|yrs?)['’]?[ -](?:long )?(?:history|hx) of\b",
    re.IGNORECASE,
)
FAILED = re.compile(r"\bfailed\s{1,12}(?:an?\s{1,12})?(?:\w+\s{1,12}){0,1}$", re.IGNORECASE)
# What was tried and given up.
OF_NO_USE = re.compile(
    r"^[^.;,]{0,40}?(?:,\s)?\b(?:(?:without|w/o) change|in the past|did not help|didn['’]?t help"
    r"|(?:without|w/o|with no|with little)"
    r" (?:lasting |much |any )?(?:effect|relief|success|improvement|benefit))\b",
    re.IGNORECASE,
)
NEEDED_NO_MORE = re.compile(
    r"\bno longer (?:needs?|requires?|receives?|uses?)\s(?:\w+\s){0,2}$", re.IGNORECASE
)
PUT_OFF = re.compile(r"(?:^|[.;:>]\s{0,3})held\s{1,3}(?:\w+\s{1,3}){0,2}$", re.IGNORECASE)
PUT_OFF_AFTER = re.compile(
    r"^[^.;]{0,12}?\b(?:today|until|for now|this (?:visit|session|week|date)|due to|d/t|2/2|secondary to"
    r"|b/c|because|per|\d wks?)\b",
    re.IGNORECASE,
)
# "Pneumonia and embolism excluded": what is said of the last of a pair is said of both.
PAIR = re.compile(
    r"^\s(?:and|or|&)\s(?:[\w'’/-]+\s){1,4}?(?=(?:were|are|have been|both|excluded|ruled out|resolved)\b)",
    re.IGNORECASE,
)
# "Status post release in 2008": a year makes it an old one.
IN_A_YEAR = re.compile(r"^\s{0,3},?\s{0,3}(?:in |\()?(?:19|20)\d\d\b", re.IGNORECASE)
# An adjective doubts its own name and not the next of a list: "possible tear, tendinopathy".
OF_ONE_NAME = re.compile(
    r"^(?:possible|possibly|probable|probably|likely|suspected|questionable|presumed)$", re.IGNORECASE
)
ALTERNATIVE = re.compile(r"\b(?:or|vs|versus)\b", re.IGNORECASE)
# "Signs of infection" are watched for; "signs of radiculopathy have decreased" were there.
SIGNS_OF = re.compile(r"(?:signs?|symptoms?) of$", re.IGNORECASE)
SIGNS_SEEN = re.compile(
    r"^\s(?:have|has|are|were|remain|persist|improv|decreas|worsen|continue)", re.IGNORECASE
)
OLD = re.compile(r"\b(?:remote|old|prior|previous|distant|past)\s(?:\w+\s){0,1}$", re.IGNORECASE)
# Words that begin something new where no full stop does.
PUNCTUATION = re.compile(r"[.,;:\r\n]")
RUN_ON_WORDS = 30
BEGINS_ANEW = re.compile(
    r"(?:(?<!no )(?<!any )(?<!or )(?<!and )(?<!a )(?<!denies )(?<!denied )(?<!family )(?<!medical )"
    r"(?<!known )(?<!with )"
    r"\bhistory of|\b(?:today|plan|assessment|objective|subjective|impression|next visit|continue"
    r"|range of motion"
    r"|strength|exam(?:ination)?|gait|goals?|vitals|medications?|patient|pt|(?:he|she) (?:is|was|has|had"
    r"|can|reports"
    r"|denies|states|lives|takes|walks|uses)))\b",
    re.IGNORECASE,
)
# "In her twenties she broke her wrist": a time of life long gone rules the sentence that it begins or fills.
TIME_OF_LIFE = re.compile(
    r"\b(?:as an? (?:child|teen\w*|boy|girl|kid|baby|toddler|young \w+)|in (?:childhood|infancy|college"
    r"|(?:grade|elementary|middle|high) school)|in (?:his|her|their) (?:early |mid |late )?(?:teens"
    r"|twenties|thirties"
    r"|forties|fifties))\b(?:(?!\b(?:now|today|currently|diagnosed|since|presents?"
    r"|referred)\b)[^.;]){0,120}$",
    re.IGNORECASE,
)
