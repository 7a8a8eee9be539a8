"""Words around a name that deny it, place it in the past, doubt it, or give it to somebody else."""

from __future__ import annotations

import re

FORWARD = 320
BACKWARD = 90
TURN = re.compile(
    r"\b(?:but|however|except|although|though|yet|other than|aside from|apart from|besides|secondary to"
    r"|due to|because|since|as well as reports"
    r"|(?:and|,)\s{1,12}(?:he|she|they|it|the patient|patient|pt)\b|complain\w*|presents?|presented"
    r"|demonstrates?|reveal\w*|show(?:s|ed)|states?|stated|reports|reported that"
    r"|now (?:with|has|having|s/p|c/o|here)"
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
    r"|absence of|absent|lack of|lacks|cleared (?:\w+ )?of|clear of|rules? out (?=.*\bnegative)"
    r"|ruled out(?: for)?|no evidence (?:of|for)|no history of|no signs? of|no sign|cannot see"
    r"|neg for|nothing to suggest|excludes|excluded|fails? to reveal|failed to reveal|unremarkable for"
    r"|w/o|not have|doesn'?t|don'?t"
    r"|didn'?t|isn'?t|wasn'?t|hasn'?t|contraindicated)\b",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"^[\s,:\-(]*(?:(?:\w+\s){0,2}(?:was|were|is|are|has been|have been|had been"
    r"|being)\s{1,12})?(?:ruled out|r/o[’']?d\b|not (?:\w+ )?(?:seen|present|noted|found|identified|evident"
    r"|observed|detected"
    r"|performed|indicated|given|done|used|appropriate|needed|required|tolerated|attempted|tried|pursued"
    r"|recommended|started|initiated|advised|offered|a factor|an issue|a concern|warranted)|absent|denied"
    r"|not (?:\w+ )?(?:suspected|believed|felt|thought|likely|considered)|negative\b|excluded"
    r"|contraindicated|deferred|postponed|on hold|cancell?ed|omitted|skipped|refused|declined|turned down"
    r"|to be avoided|avoided|held\b(?! for)"
    r"|unlikely(?! but))",
    re.IGNORECASE,
)
POSSIBLE = re.compile(
    r"\b(?:possible|possibly|probable|probably|likely|suspected|suspect\w*|suspicio\w+|rule[- ]out|r/o"
    r"|to rule out|ruling out|consistent with|suggest\w*|questionable|question of"
    r"|concern(?:s|ing|ed)? (?:for|of|about)|(?:may|might|could) (?:also )?(?:have|be|represent|reflect"
    r"|indicate|suggest|signal|mean|point to)"
    r"|possibility of|(?:appear|seem|look)s? to (?:be|have|represent)"
    r"|what looks like|looks? like|presum\w+|either|perhaps|maybe|in all likelihood|tentative\w*"
    r"|resembl\w+|mimic\w*"
    r"|equivocal|pending for|hypothes[ie]s"
    r"|(?:would |could |may )?fits?(?: best)?(?: with)?(?! (?:with )?the)|question(?:s|ing|ed|able)?"
    r"|leaning toward\w*|likelihood of|doubt\w*(?<!no doubt)"
    r"|c/w(?! (?:current|present))|(?:point|points|pointing) (?:to|toward|towards)|in favou?r of"
    r"|favou?r(?:s|ing)?"
    r"|(?:raises?|raising|raised) (?:the )?(?:question|suspicion|possibility)|to (?:exclude|confirm)|ddx"
    r"|differential\b[^.]{0,20}|(?:versus|vs)(?!\.? (?:last|previous|prior|baseline|initial|normal))"
    r"|indicative of|compatible with|evaluate for|evaluated for|assess for"
    r"|(?:thought|felt|believed|assumed|said|presumed|reported) to (?:be|have|represent|reflect)"
    r"|potential|working diagnosis|provisional|cannot be ruled out|not (?:certain|sure)"
    r"|worrisome for|in keeping with|tentative|(?:cannot|can't|can not|could not|couldn't|unable to) exclude"
    r"|must assume|wonder\w* (?:about|if|whether)|(?:asked|asks|unsure|unclear|uncertain) (?:about|if"
    r"|whether)"
    r"|(?:check|screen|screened|evaluate (?:him|her)|work[- ]?up|worked up|test(?:ed)?) for"
    r"|(?:i|we) (?:do )?(?:think|believe|feel) (?:that )?(?:he|she|this|it|they|the patient"
    r"|there)(?: \w+){0,3}"
    r"|(?:may|might|could|would) (?:mean|explain|account for)|query|high on the list)\b"
    r"|\?\s{0,12}$",
    re.IGNORECASE,
)
HYPOTHETICAL_AFTER = re.compile(
    r"^[^.;,]{0,25}?\b(?:if\b(?! possible)|should (?:he|she|they|it|the|symptoms|this|pain|his|her)\b"
    r"|(?:may|might|could|can|should|would|will) (?:also )?be (?:added|considered|needed|required"
    r"|indicated|necessary|tried|used"
    r"|appropriate"
    r"|beneficial|initiated)|(?:may|might|can|could) (?:develop|occur|ensue)|prophylaxis"
    r"|(?:is |are |be |being )?(?:watched|monitored) for)",
    re.IGNORECASE,
)
POSSIBLE_AFTER = re.compile(
    r"^\s{0,12}(?:\(|,\s{0,12}(?:(?:most|very|more|\w+,)\s{1,12})?(?=\w+\s{0,3}(?:[.,;)]|$)"
    r"|to be confirmed))?(?:(?:is|was|are"
    r"|were)\s{1,12})?(?:also\s{1,12}|(?:most|more|less|very|highly|strongly)\s{1,12})?(?:suspected|possible"
    r"|(?:questioned|queried|entertained|considered|raised|favou?red)\b|doubtful|probable"
    r"|likely(?! (?:due|secondary|related|from|caused))|questionable|(?:cannot|could not"
    r"|can not) be (?:ruled out"
    r"|excluded)|(?:remains?|is|are|was)(?: also)? (?:a |an |in |on |high on )?(?:possib\w+|concern"
    r"|differential"
    r"|the differential)"
    r"|(?:should|must|needs? to|to|will|has to|still needs to) be (?:considered|ruled out|excluded"
    r"|evaluated|investigated)"
    r"|is (?:a )?(?:concern|consideration|possibility)|versus\b|vs\b|\?|queried|not excluded"
    r"|(?:is )?still possible"
    r"|,? ?(?:to )?(?:rule out|r/o)\s{0,3}(?:[.,;)]|$)|not (?:yet )?(?:confirmed|proven|clear)"
    r"|to be confirmed|(?:(?:is|was) )?(?:thought|felt|believed|presumed)\b|screen(?:ing)? positive"
    r"|(?:seems|appears|looks|remains) (?:most |very |quite )?(?:likely|possible|probable)|(?:is"
    r"|was) the (?:suspected|likely|probable|possible|presumed)|(?:is |are |remains? |still )?(?:unclear"
    r"|uncertain|in question|to be determined)\b|until proven otherwise"
    r"|(?:\w+\s){0,2}\w+\?|unlikely but|,? ?(?:has|have|had) (?:still )?to be (?:tested|excluded"
    r"|ruled out|proven)"
    r"|(?:should|must|will|to) be (?:kept in mind|borne in mind|thought of)|would be another)",
    re.IGNORECASE,
)
HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|in case of|in the event of|may (?:need|require|benefit|consider|eventually|develop"
    r"|want|progress)|(?:may|might|could) (?:add|try|trial|use|introduce|attempt|incorporate)"
    r"|might (?:need|require|benefit|develop)|could (?:need|require|benefit|develop"
    r"|consider)"
    r"|(?:would|will|to) consider|consider(?:ing|ation)?|should (?:he|she|they|it|symptoms"
    r"|the patient)\b.*\bdevelop|(?:at|increased|high|higher|low|greater|fall) risk (?:for|of)"
    r"|risks? (?:for|of)"
    r"|risks?,? (?:include|including|such as|like|are)\b.*|prevent(?:ion of|ing)?|to avoid"
    r"|avoid(?:ance of|ing)?"
    r"|candidate for|would be (?:a )?candidate|potential(?:ly)? (?:for|need\w*|require\w*)|return (?:if"
    r"|for)"
    r"|watch for|monitor for|prophylaxis (?:against|for|of)|signs? and symptoms of|signs of|symptoms of"
    r"|precautions? for"
    r"|possible need for|whether (?:or not )?to|(?:could|can|will|should) progress to"
    r"|(?:return|call|report|come back|alert|notify)(?: \w+){0,4} (?:for|of|if) any|should (?:report"
    r"|call for))\b"
    r"|^\W*risks?\b(?! (?:factors?|score|assess\w*|level))",
    re.IGNORECASE,
)  # fmt: skip
HISTORICAL = re.compile(
    r"\b(?:history of|hx of|hx|h/o|past history|past medical history|pmhx?|pshx?|past surgical history"
    r"|previous(?:ly)?|prior(?! to| auth\w*)|prior to (?:that|this)|past(?! (?:\w+ ){0,2}(?:days?|weeks?"
    r"|months?|years?|hours?)\b)"
    r"|former(?:ly)?(?! (?:\w+ ){0,3}(?:with|who|smoker|smoking|user|use)\b)|remote|background of"
    r"|sequelae? of|survivor of|recovered from|(?<!non-)(?<!not )(?<!well-)healed|known from"
    r"|last year (?:he|she|pt|the patient) (?:was|had)|already had"
    r"|(?<!-)(?<!year )(?<!years )(?<!yr )(?<!y\.o )(?<!month )(?<!week )(?<!day )old(?!er| enough)|resolved"
    r"|in (?:19|20)\d\d"
    r"|(?:years?|seasons?|decades?) ago|(?:an|her|his|the) earlier|once had"
    r"|(?:last|previous|prior|earlier) (?:pt|ot|rehab|therapy|course|episode|bout)|years? (?:out"
    r"|status[- ]post|s/p|post(?:[- ]?op\w*)?)(?: from)?|no longer|bouts? of"
    r"|(?:\d+|several|multiple|two|three|four|recurrent|past) (?:\w+ )?episodes of"
    r"|treatment for|managed (?:\w+ ){0,2}(?:for|with)"
    r"|as a child|in childhood|childhood|status[- ]post remote|has tried|had tried|tried"
    r"|was treated (?:with|for|in the past)|(?:was|been) seen (?:\w+ ){0,2}for|had been|has been treated"
    r"|no longer (?:has|uses|requires"
    r"|with)|used to|in remission"
    r"|(?:had|has had) (?:a |an )?(?:previous|prior|past)|medical history (?:is |was )?(?:significant"
    r"|positive|remarkable|notable) for|medical history (?:includes|of|consists of)"
    r"|no (?:significant )?(?:relief|improvement|benefit) (?:with|from)"
    r"|without (?:relief|improvement|success) (?:with|from))\b",
    re.IGNORECASE,
)
HISTORICAL_AFTER = re.compile(
    r"^\s{0,3},?\s{0,3}(?:in )?\(?(?:['’]\d\d|(?:19|20)\d\d)\b"
    r"|^[^.;,]{0,40}?(?:,\s(?:(?:since|now|fully|completely|both|all|which|that|has|have|had|was|were"
    r"|then|later)\s){0,3})?"
    r"\b(?:(?:now |long |since )?resolved|in (?:19[0-9]\d|20\d\d)"
    r"|in (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?,? (?:of )?(?:19|20)\d\d"
    r"|(?<!should )(?:fully|completely|since|now|has|have|had|was|were|otherwise) (?:since |now |fully "
    r"|completely )?(?:recovered"
    r"|cleared|healed|cured|outgrown|converted)|(?<!should have )healed|outgrown|and (?:has |had "
    r"|have )?(?:since )?(?:recovered|resolved|healed|cleared)|has closed|which (?:has |have "
    r"|had )?(?:since )?(?:cleared|healed|settled|recovered|calmed)"
    r"|completed antibiotics"
    r"|discharged home|(?:is|are) gone|(?:years?|seasons?|decades?) ago"
    r"|before (?:coming|transfer|admission)"
    r"|in the past|(?:\d+|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|several|many|few) (?:or \w+ )?years? (?:ago|prior)|as a child|in childhood"
    r"|as an? (?:teen\w*|kid|boy|girl|baby|infant|toddler|newborn|youth|young \w+|sophomore|freshman|junior"
    r"|senior|student|adolescent)|in (?:the )?\d{1,2}(?:st|nd|rd|th) grade|in (?:grade|elementary|middle"
    r"|junior high|high) ?school|in college"
    r"|in (?:his|her|the|their) (?:(?:early|mid|late)[ -])?(?:teens|twenties|thirties|forties|fifties|sixties"
    r"|seventies|eighties|nineties|\d0'?s|(?:19|20)\d0'?s)|in infancy|at birth|after (?:the |an? |her "
    r"|his )?(?:first|second|third|prior|previous|earlier)|years (?:back|earlier|before)"
    r"|decades? (?:ago|back)|when (?:he|she) was (?:a |an )?(?:\d+|child|kid|young\w*|teen\w*|\w+teen)"
    r"|since (?:healed|removed|resolved|reversed|closed|recovered)"
    r"|at age \d+|at the age of|(?:without|w/o) (?:lasting |much |any )?(?:effect|relief|success"
    r"|improvement|benefit)"
    r"|in remission|with (?:no|little|minimal) (?:relief|success|improvement|benefit|change)"
    r"|(?:did not|didn'?t) (?:help|relieve|work))\b",
    re.IGNORECASE,
)
# "Tonsillectomy at 6": an age, where no unit follows.
AT_AGE = re.compile(
    r"^,?\s{1,3}(?:at|age|aged|at age)\s{1,3}\d{1,2}(?=\s{0,3}(?:[.,;)]|and\b|$))", re.IGNORECASE
)
# "Background HTN, CKD": a heading without its colon.
BACKGROUND = re.compile(r"^\W*background(?! of)\b", re.IGNORECASE)
# "She had a C-section", "has had ear tubes": told of the past, unless it is what brought the patient here.
HAD = re.compile(
    r"\b(?:has had|have had|had had|(?:he|she|they)['’]d had|had|has also had|also had|has undergone"
    r"|sustained an? (?:\w+ )?prior)\s{1,12}"
    r"(?:(?:also|an?|the|two|three|several|some|his|her|both|one|old|brief|bout|of)\s{1,12}){0,3}$",
    re.IGNORECASE,
)
ALSO_HAD = re.compile(r"\b(?:has had|have had|had had|also had|as well had)\b[^.;]*$", re.IGNORECASE)
NEWBORN = re.compile(
    r"\b(?:NICU|neonatal|nursery|born at|birth (?:weight|was)|gestation|delivery was|pregnancy was"
    r"|(?:first|second|third|prior|last) (?:pregnancy|delivery))\b",
    re.IGNORECASE,
)
# Operations that hardly ever bring somebody to therapy: past unless the words tie them to this episode.
UNRELATED = re.compile(
    r"tonsil|adenoid|append|cholecyst|gallbladder|hysterect|oophorect|c-?section|c section|cesarean|caesarean"
    r"|tubal|vasectom|hernia|herniorr|cataract|lasik|wisdom|tooth|teeth|septoplast|sinus|rhinoplast"
    r"|thyroidect|myringotom|ear tubes|tympan|\bD\s?(?:&|and)\s?C\b|\bT\s?(?:&|and)\s?A\b|lumpect"
    r"|breast (?:biops|reduc|augment|lift)|abdominoplast|tummy|bunionect|hemorrhoid|colonoscop|polypect"
    r"|lithotrip|prostatect|circumcis|sleeve gastrect|gastric (?:bypass|sleeve|band)|blephar|mohs"
    r"|myomect|nephrolithot|fundoplic|ileocecal|colect|orchi|hydrocel|varicocel",
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
    r"|awaiting"
    r"|candidate for|surgical options?|(?:ask(?:s|ed)?|talk(?:s|ed)?|think|thinking|read"
    r"|information)(?: \w+){0,3} (?:about"
    r"|whether|if|into)|put(?:ting)? off|postpon\w+|delay\w*|listed for|hop(?:es|ing) (?:to|for)"
    r"|would like|wants|wishes|tr(?:ial|ied) for|alternatives? (?:include|is|are|to)|ruling on"
    r"|evaluation for|work ?up for"
    r"|considered for|update to \w+ re|in place of|instead of|short of|rather than)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
# Treatment before this visit, told in a history.
EARLIER_CARE = re.compile(
    r"\b(?:(?:has|have|had|he'd|she'd|initially|originally|at first)\s{1,12}(?:also\s{1,12}"
    r"|previously\s{1,12}|already\s{1,12})?(?:had"
    r"|tried|(?<!authorization )received"
    r"|undergone|completed"
    r"|attended|been through|done)|attended|went through|was given|(?:previous|therapy last"
    r"|treatment last|care last|PT last|OT last) (?:PT|OT|rehab|year|fall|spring|summer|winter)"
    r"|(?<!authorization )received"
    r"|underwent|tried|failed|trials? of|courses? of"
    r"|sessions? of|(?:prior|previous|past) (?:treatments?|therapy|care|interventions?)|visits of"
    r"|treated with|conservative (?:care|treatment"
    r"|management))\b(?:(?!\b(?:now|currently|today|(?:is|are) (?:doing|performing|using)"
    r"|continues)\b)[^;])*$",
    re.IGNORECASE,
)
TOLD_AS_HISTORY = re.compile(
    r"hist|\bhx\b|\bhpi\b|^[sS]$|interval|subjective|complaint|reason|background|presenting|^$", re.IGNORECASE
)
OFFERED_AFTER = re.compile(
    r"^[^.;]{0,30}?\b(?:(?:has|have|had|was|were|is|are) (?:also )?(?:been |being )?(?:offered|mentioned"
    r"|discussed|brought up|raised|suggested|considered|proposed|contemplated|reserved)"
    r"|per (?:the )?(?:surgeon"
    r"|ortho\w*|podiatry|neurosurgery|MD|plastics|vascular)|under (?:evaluation|consideration|discussion)"
    r"|(?:would|should|might|may|could) be\b|(?:was |were )?asked about|(?:is|as) (?:a|the|an|our|her"
    r"|his) (?:last|later|possible|future"
    r"|potential|final|next) (?:resort|option|step|possibility)|discussed|only if|in case|not now"
    r"|perhaps|down the"
    r" (?:road|line)|remains? (?:a possibility|an option)|(?:is|was) (?:likely|possible|an option|unlikely)"
    r"|(?:likely|possible) (?:this|next|in|at|at some|later))",
    re.IGNORECASE,
)
RISK_AFTER = re.compile(
    r"^\s{1,3}(?:risks?\b|(?:was |were )?explained to|prevention|prophylaxis|precautions?\b|warning signs)",
    re.IGNORECASE,
)
# "If tolerated", "if available" only says that the plan bends, not that it may fall away.
FORMAL_IF = re.compile(
    r"^[^.;,]{0,40}?\bif (?:\w+ ){0,2}?(?:tolerated|able|available|needed|indicated|possible|appropriate"
    r"|necessary"
    r"|time allows|approved|desired|orthostatic|authorized)\b",
    re.IGNORECASE,
)
# "Iontophoresis if plateau, grip strengthening": the comma ends the condition of what stood before.
IF_OF_ANOTHER = re.compile(r"(?:if|unless)\b[^,]*,", re.IGNORECASE)
CONDITION_DENIED = re.compile(
    r"\b(?:if|unless|should)\b.*\b(?:may|might|would|could|will|then|consider|perhaps)\b"
    r"|(?:\bif\b|^\W*should\b).*,",
    re.IGNORECASE,
)
UNCHECKED = re.compile(r"(?:\[\s?\]|☐)\s{0,3}$")
CHECKED = re.compile(r"(?:\[[xX]\]|☒|☑)\s{0,3}$")
SHUNNED = re.compile(
    r"\b(?:avoid(?:ing)?|declined|declines|refused|refuses|hold)\s{1,12}(?:\w+\s{1,12}){0,3}$", re.IGNORECASE
)
DURING = re.compile(r"\b(?:with|during|on|after|from|following|while)\b", re.IGNORECASE)
THIS_EPISODE = re.compile(
    r"\b(?:status[- ]post|s/p|following|after|post[- ]?op\w*|day)\s{1,12}(?:\w+\s{1,12}){0,3}$", re.IGNORECASE
)
PAST_ILLNESS = re.compile(r"\b(?:history|h/o|hx|pmhx?|years? (?:out|s/p|status))\b[^.;]*$", re.IGNORECASE)
PAST_LIST = re.compile(r"history|\bh/o\b|\bhx\b|\bpmhx?\b|\bpsh\b", re.IGNORECASE)
TOLD_OF_THE_PAST = re.compile(
    r"\b(?:past (?:medical|surgical) history|pmhx?|medical history|history"
    r"|pshx?|surgical (?:history|hx)|(?:stay|course|hospitali[sz]ation|admission|birth|delivery|pregnancy"
    r"|recovery"
    r"|period) (?:was |were |had been )?complicated by"
    r"|last year (?:he|she|pt|the patient) (?:was|had))\b"
    r"(?:(?!\b(?:who|underwent|presents?|presented|admitted|now|referred)\b)[^.;])*$",
    re.IGNORECASE,
)
RELATIVE = (
    r"(?:mother|father|mom|mum|dad|grandma|grandpa|niece|nephew|twin|sister|brother|grandmother"
    r"|grandfather|grandparents?|aunt|uncle|parents?|siblings?"
    r"|son|daughter|cousin|husband|wife)"
)
FAMILY = re.compile(
    rf"\bfamily (?:medical )?(?:history|hx)\b|\b(?:his|her|their|the patient'?s|patient'?s|maternal"
    rf"|paternal)\s{{1,12}}(?:\w+\s{{1,12}})?{RELATIVE}\s{{1,12}}(?:also\s{{1,12}})?(?:has|had|with"
    rf"|have|died|suffer\w*|struggl\w*|gets|is|was diagnosed|was|recently had)\b"
    rf"|\b{RELATIVE}s?\s{{1,12}}(?:also\s{{1,12}})?(?:\w+ly\s{{1,12}})?(?:has|had|have|with|died|suffer\w*"
    rf"|struggl\w*|gets"
    rf"|was diagnosed)\b(?!\s{{1,12}}(?:noticed|noted|reported|concerns?|been|questions))"
    rf"|\bruns in the family\b|\b{RELATIVE}['’]s\s(?:\w+\s){{0,1}}$",
    re.IGNORECASE,
)


FAMILY_NEAR = re.compile(
    rf"\b{RELATIVE}s?(?:[\s,]{{1,3}}(?:and|or|&|{RELATIVE}s?|maternal|paternal|both|all|each|also|died"
    rf"|of|from|lost"
    r"|an?|his|her|legs?|feet|foot|to|with|w/|have|has|had|by|receives?|treated|for|was|were|history|positive"
    r"|significant|age|aged|at|late|early|\d+|in|with a|who|also had|developed|got|carries"
    r"|takes \w+ for)){0,7}[\s:]{1,3}$",
    re.IGNORECASE,
)


# A bare heading "HISTORY:" or one that is about the past only by its word.
LIST_HEAD = 160
ANY_HISTORY = re.compile(
    r"(?:(?:relevant|pertinent|significant|other|health|birth|general|remaining|further|remote"
    r"|additional)[ /]*)*"
    r"(?:history|hx|h/o|background)$",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(?:he|she|they|patient|pt|client|this|is|was|were|are|has|have|reports?|states?|year|y/?o|yo|who"
    r"|began"
    r"|injured|fell|sustained)\b",
    re.IGNORECASE,
)
TODAY = re.compile(
    r"\b(?:today|yesterday|last (?:week|month|night)|(?:days?|weeks?|months?) (?:ago|out|after|from"
    r"|following|post)"
    r"|s/p|status[- ]post|following|after|pod|waiting list|scheduled|upcoming|planned|pending|underwent"
    r"|recent\w*|diagnos[ie]s|(?:was|were|is"
    r"|are) (?:performed|done))\b",
    re.IGNORECASE,
)
# Words that doubt a condition, but propose a treatment: "I suggest vestibular rehabilitation".
ABOUT_CONDITIONS = (
    "suggest", "consistent", "evaluate", "assess", "concern", "compatible", "indicative", "differential",
    "i think", "i believe", "i feel", "we feel", "we believe", "we think", "check", "screen", "versus", "vs",
)  # fmt: skip
