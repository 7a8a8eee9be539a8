"""Dates, numbers, addresses and places, by their shape. Each pattern's group "it", or the whole, is the
suspect.
"""

import re
from collections.abc import Iterator

from notes.deidentification.types import Kind, Suspect

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"(?:'\d\d|(?:19|20)\d\d)"
UPPER = r"[A-Z][\w'’.-]{0,30}"
STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|terrace|close|"
    r"crescent|square|highway|hwy|parkway|circle|row|gardens|mews)"
)
EXTENSION = r"(?:\s*(?:x|ext\.?)\s*\d{1,6})?"
HOUSE = (
    r"(?:Hospital|Hospitals|Clinic|Clinics|Infirmary|Medical Cent(?:er|re)|Health Cent(?:er|re)|Healthcare|"
    r"Health System|Rehabilitation Cent(?:er|re)|Rehab Cent(?:er|re)|Surgery Cent(?:er|re)|Nursing Home|"
    r"Care Home|Care Cent(?:er|re)|Assisted Living|Hospice|Medical Group|Orthop(?:a)?edics|Physiotherapy|"
    r"Physical Therapy|University|College|High School|School|Academy|Church|Prison|Manor|Pharmacy)"
)
NUMBERED = (
    r"(?:mrn|medical record(?: number| no\.?)?|chart|account|acct|case|claim|policy|member|patient id|id|nhs|"
    r"ssn|social security|hospital|record|licen[cs]e|npi|dea|passport|serial|device|insurance|medicare|"
    r"medicaid|visit|encounter|order|accession|reference|ref)"
)


def _bounded(pattern: str) -> str:
    """Two neighbouring blanks of any length try every division of a long run: minutes for a bad text."""
    return pattern.replace(r"\s*", r"\s{0,20}").replace(r"\s+", r"\s{1,20}")


PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(_bounded(pattern), flags))
    for kind, pattern, flags in (
        (Kind.EMAIL, r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", 0),
        (Kind.WEB, r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]", re.I),
        (Kind.WEB, r"(?<![\w-])[\w-]{1,63}\.(?:com|org|net|edu|gov|(?:co|nhs)\.uk)(?:/[^\s,;)]*)?\b", re.I),
        (Kind.WEB, r"\b(?:\d{1,3}\.){3}\d{1,3}\b", 0),
        (Kind.DATE, r"\b(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])\b", 0),
        (Kind.DATE, r"\b(?:0?[1-9]|[12]\d|3[01])([/.\-])(?:0?[1-9]|[12]\d|3[01])\1(?:\d{4}|\d{2})\b", 0),
        (Kind.DATE, rf"\b{MONTH}\s+{DAY}(?:\s*,?\s*{YEAR})?(?!\d|\s*(?:x|sets|reps|min|deg))\b", re.I),
        (Kind.DATE, rf"\b(?:the\s+)?{DAY}(?:\s+of)?[\s-]+{MONTH}(?:[\s,-]+{YEAR})?(?!\w)", re.I),
        (Kind.DATE, rf"\b{MONTH}\s*,?\s*(?:of\s+)?{YEAR}\b", re.I),
        (
            Kind.DATE,
            rf"\b(?:in|since|until|till|of|last|next|from|through|by|early|late|mid)[\s-]+(?P<it>{MONTH})(?!\w)",
            re.I,
        ),
        (
            Kind.DATE,
            r"\b(?:on|since|dated?|dos|dob|born|until|from|by|through|of (?:injury|surgery|service))\s*:?\s+"
            r"(?P<it>(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01]))\b(?![/\d])",
            re.I,
        ),
        (Kind.DATE, r"\b(?:dob|date of birth|born)\s*:?\s*(?P<it>\d[\d/. -]{3,9}\d)\b", re.I),
        (Kind.AGE, r"\b(?:9\d|1[0-2]\d)[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o|of age)?\b\.?", re.I),
        (Kind.AGE, r"\b(?:aged?(?:\s+of)?\s*:?\s*)(?:9\d|1[0-2]\d)\b", re.I),
        (Kind.AGE, r"\bninety(?:[\s-]\w+)?[\s-]+years?[\s-]+old\b|\bcentenarian\b|\bnonagenarian\b", re.I),
        (Kind.ID, r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", 0),
        (
            Kind.ID,
            rf"\b{NUMBERED}\b(?:\s*(?:number|no\.?|num|id|#))?\s*[:#.]?\s*"
            r"(?P<it>(?=[A-Z-]*\d)[A-Z0-9](?:[A-Z0-9-]|[ ](?=\d{3})){3,}[A-Z0-9])(?!\s*(?:%|deg|feet|min|/))",
            re.I,
        ),
        (Kind.PHONE, rf"(?<!\w)\+\d{{1,3}}[\s.-]?(?:\(?\d{{1,5}}\)?[\s.-]?){{2,5}}\d{{2,}}{EXTENSION}", re.I),
        (
            Kind.PHONE,
            rf"(?<![\w/.-])(?:1[\s.-])?\(?\d{{3}}\)?[\s.-]?\d{{3}}[\s.-]\d{{4}}{EXTENSION}(?!\w)",
            re.I,
        ),
        (Kind.PHONE, r"(?<![\w/.-])0\d{2,4}[\s-]\d{3,4}[\s-]?\d{3,4}(?!\w)", 0),
        (Kind.PHONE, r"(?<![\w/.-])\d{3}-\d{4}(?![\w-])", 0),
        (Kind.ID, r"(?<![\w.,/-])(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){4})[A-Z0-9]+(?:-[A-Z0-9]+)*(?!\w)", 0),
        (Kind.ID, r"(?<![\w.,/-])\d{6,}(?![\w%]|[.,/]\d)", 0),
        (
            Kind.ADDRESS,
            rf"\b\d{{1,5}}[A-Za-z]?\s+(?:{UPPER}\s+){{1,3}}(?i:{STREET})\b\.?(?:,?\s*(?i:apt|unit|suite|flat|#)\.?\s*\w+)?",
            0,
        ),
        (Kind.ADDRESS, r"\b(?:p\.?\s?o\.?\s*box|post office box)\s+\d+", re.I),
        (Kind.ADDRESS, r"\b(?:[A-Z]{1,2}\d[A-Z\d]?)\s+\d[A-Z]{2}\b", 0),
        (Kind.ADDRESS, r"\b[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2},\s*[A-Z]{2}\b(?:\s+\d{5}(?:-\d{4})?)?", 0),
        (
            Kind.ADDRESS,
            r"\b(?:zip|postcode|postal code)\s*(?:code)?\s*:?\s*(?P<it>[A-Z\d][A-Z\d -]{2,8}[A-Z\d])\b",
            re.I,
        ),
        (Kind.ADDRESS, r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b", 0),
        (
            Kind.PLACE,
            rf"\b(?:(?:St\.?|Saint|Mt\.?)\s+)?{UPPER}(?:\s+(?:of|the|and|&|for|{UPPER})){{0,5}}\s+{HOUSE}\b",
            0,
        ),
        (
            Kind.PLACE,
            rf"\b(?:University|Hospital|Church|School|College) of (?:the )?{UPPER}(?:\s+{UPPER}){{0,3}}",
            0,
        ),
    )
)  # fmt: skip
# "Berg Balance, PT" is no town: letters that follow a comma in a therapist's signature or a list.
NO_STATE = re.compile(
    r",\s*(?:PT|OT|MD|DO|RN|NP|PA|MS|ME|OR|IN|AM|PM|UE|LE|IR|ER|FL|BP|HR|HS|SB)\b(?!\s+\d{5})"
)
CREDENTIAL_STATES = frozenset({"PA", "MS", "ME", "OR", "IN", "FL"})


def shaped(text: str) -> Iterator[Suspect]:
    """Everything of a known shape; overlaps are settled by the caller."""
    for kind, pattern in PATTERNS:
        for found in pattern.finditer(text):
            name = "it" if "it" in pattern.groupindex else 0
            start, end = found.span(name)
            if kind is Kind.ADDRESS and _is_signature(found.group(name)):
                continue
            yield Suspect(start, end, kind)


def _is_signature(words: str) -> bool:
    ending = NO_STATE.search(words)
    if ending is None:
        return False
    letters = ending.group().strip(", ")
    # A physician assistant is rarer than Pennsylvania where no other credential follows.
    return letters not in CREDENTIAL_STATES
