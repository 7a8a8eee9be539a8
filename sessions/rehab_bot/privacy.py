"""What is blotted out before any words leave the house: names, addresses, numbers that name a person.

A list of patterns, not a promise: a name that nobody told us, written as free words, is not found.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

PLACEHOLDER = "[{kind}]"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|ct|place|square|terrace|crescent|"
    r"close|highway|way)"
)
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[\w.+%-]+\s?@\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)),
    ("LINK", re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("NUMBER", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    (
        "RECORD",
        re.compile(
            r"\b(?:mrn|nhs|ssn|medicare|medicaid|insurance|policy|member|record|patient|chart|account|case|id)"
            r"\s*(?:card\s*)?(?:no\.?|nr\.?|number|id|#)?\s*(?:is|:|=|#)?\s*[#:]?\s*"
            r"(?=[a-z-]*\d)(?:[a-z0-9]+-?)*[a-z0-9]*\d[a-z0-9-]{2,}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "DATE",
        re.compile(
            rf"\b(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?,?"
            rf"(?:\s+\d{{2,4}})?|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|"
            rf"{_MONTH}\.?,?\s+(?:19|20)\d{{2}}|(?:born|birthday|dob)\W+(?:\w+\W+){{0,3}}?(?:19|20)\d{{2}})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "PHONE",
        re.compile(
            r"(?<![\w.])(?=[\d().\s/+-]*\d{3})(?:\+|00)?\(?\d[\d()]{1,4}(?:[\s./-]?\(?\d{2,5}\)?){2,5}(?!\w)"
        ),
    ),
    ("NUMBER", re.compile(r"(?<![\w.])\d(?:[ -]?\d){6,}(?!\w)")),
    (
        "ADDRESS",
        re.compile(
            rf"\b\d{{1,5}}[a-z]?\s+(?:[a-z'-]+\s+){{1,3}}{_STREET}\b\.?|\b[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}}\b|"
            r"\b(?:zip|postcode|postal code)\s*(?:code)?\s*(?:is|:)?\s*[a-z]?\d[\w -]{2,7}",
            re.IGNORECASE,
        ),
    ),
    (
        "NAME",
        re.compile(
            r"(?:(?i:\bmy (?:full |last |first )?name is|\bmy name's|\bi am called|\bdr\.?|\bmr\.?|\bmrs\.?|"
            r"\bms\.?|\bdoctor|\bnurse|\bphysio))\s+(?P<name>[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2})"
        ),
    ),
)


def redact(text: str, *, names: Iterable[str] = (), keep: Iterable[str] = ()) -> str:
    """`text` with a mark such as `[NAME]` for each thing that names a person.

    `names` are people known here (patient, care team); `keep` are words that stay although they are part of
    a name, such as those of an exercise: of these only the whole name is blotted out.
    """
    for kind, pattern in PATTERNS:
        text = pattern.sub(partial(_blot, kind), text)
    for pattern in name_patterns(names, keep=keep):
        text = pattern.sub(PLACEHOLDER.format(kind="NAME"), text)
    return text


def _blot(kind: str, match: re.Match[str]) -> str:
    mark = PLACEHOLDER.format(kind=kind)
    if kind == "NAME":
        return match[0][: match.start("name") - match.start()] + mark
    return mark


def name_patterns(names: Iterable[str], *, keep: Iterable[str] = ()) -> list[re.Pattern[str]]:
    """Patterns for whole names first, then for each of their parts; parts under two letters are left out."""
    kept = {word.lower() for words in keep for word in words.split()}
    whole = [" ".join(name.split()) for name in names if len(name.strip()) > 1]
    parts = [part for name in whole for part in name.split() if len(part) > 1 and part.lower() not in kept]
    ordered = dict.fromkeys([*sorted(whole, key=len, reverse=True), *sorted(parts, key=len, reverse=True)])
    return [_name_pattern(each) for each in ordered if each.lower() not in kept]


def _name_pattern(name: str) -> re.Pattern[str]:
    words = r"[\s,._-]+".join(re.escape(word.strip(".,")) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?:['’]s)?(?!\w)", re.IGNORECASE)


def detectors(
    names: Sequence[str], *, keep: Sequence[str] = ()
) -> dict[str, Callable[[str], list[tuple[int, int, str]]]]:
    """For each kind of mark a function that gives the (start, end, words) found in a text."""
    by_kind: dict[str, list[re.Pattern[str]]] = {}
    for kind, pattern in PATTERNS:
        by_kind.setdefault(kind, []).append(pattern)
    by_kind.setdefault("NAME", []).extend(name_patterns(names, keep=keep))
    return {kind.lower(): partial(_find, patterns) for kind, patterns in by_kind.items()}


def _find(patterns: Sequence[re.Pattern[str]], text: str) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int]] = []
    for pattern in patterns:
        group = "name" if "name" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            span = match.span(group)
            if all(span[1] <= begin or end <= span[0] for begin, end in spans):
                spans.append(span)
    return [(begin, end, text[begin:end]) for begin, end in sorted(spans)]
