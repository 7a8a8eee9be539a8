"""People's names: after titles, in signature lines, the clinic's own people, known names, and capitalised
words that no dictionary holds.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from notes.clini_note_extractor import lexicon
from notes.deidentification.types import Kind, Suspect

HERE = Path(__file__).parent
# No name is longer; without the bound, a long run of letters is read again from each of its letters.
NAME_WORD = r"(?:[^\W\d_](?:[^\W\d_]|['’](?!s\b)|-(?=[^\W\d_])){0,60}\.?)"
CAPITALISED = re.compile(r"(?<![\w'’])[A-ZÀ-Þ](?:[^\W\d_]|['’](?=[^\W\d_]{2})|-(?=[A-ZÀ-Þ]))*")
TITLE = re.compile(
    rf"\b(?:mr|mrs|ms|miss|mx|dr|doctor|prof|professor|sir|madam|rev|reverend|father|sister|nurse|pastor|rabbi)"
    rf"\b\.?[ \t]+{NAME_WORD}(?:[ \t]+{NAME_WORD}){{0,2}}",
    re.I,
)
PART = r"[A-ZÀ-Þ][^\W\d_'’-]*(?:['’-][^\W\d_]+)*"
SIGNED = re.compile(
    r"\b(?i:signed(?: by)?|(?:dictated|transcribed|reviewed|performed|evaluated|treated|seen|referred) by|"
    r"name|patient|patient name|pt name|client|therapist|physician|surgeon|provider|clinician|"
    r"referring (?:physician|provider|doctor)|attending|author|cc|attn|dear|emergency contact|"
    r"next of kin|pcp)[ \t]{0,20}[:,]?[ \t]{1,20}"
    rf"(?P<it>[A-ZÀ-Þ]{NAME_WORD}?(?:,?[ \t]+(?:[A-ZÀ-Þ]\.|{PART})){{0,3}})",
)
CREDENTIALS = re.compile(
    rf"(?P<it>[A-ZÀ-Þ]{NAME_WORD}?(?:[ \t]+{NAME_WORD}){{1,3}}),?[ \t]+"
    r"(?=(?:PT|DPT|MPT|OT|OTR|OTR/L|COTA|PTA|MD|M\.D\.|DO|D\.O\.|RN|NP|PA-C|PhD|MSPT|CHT|SLP)\b)"
)
INITIAL = re.compile(r"(?<!\w)(?:[A-Z]\.[ \t]?){1,2}[A-Z][a-z'’-]{2,}(?:-[A-Z][a-z]+)?")
SENTENCE_END = re.compile(r"(?:^|[.!?:;\n\r\u2022*>)\]\"“]|\d[.)])[ \t]*[\"“'(\[]?$")
# A word that begins a sentence and ends like these is a word of English more often than a name.
ENDINGS = (
    *(
        "ing",
        "ed",
        "ly",
        "tion",
        "sion",
        "ness",
        "ment",
        "ity",
        "able",
        "ible",
        "ous",
        "ive",
        "ical",
        "ology",
    ),
    *("itis", "osis", "otomy", "ectomy", "plasty", "ful", "less", "ism", "ance", "ence", "graphy"),
)
CREDENTIAL_WORDS = frozenset(
    {
        "pt",
        "dpt",
        "mpt",
        "ot",
        "otr",
        "cota",
        "pta",
        "md",
        "do",
        "rn",
        "np",
        "phd",
        "slp",
        "cht",
        "mspt",
        "on",
        "at",
    }
)
SHORTEST_OWN_NAME = 3


def named(text: str, *, own_names: Collection[str]) -> Iterator[Suspect]:
    """Everything that may be a person's name; overlaps are settled by the caller."""
    for pattern in (TITLE, SIGNED, CREDENTIALS):
        for found in pattern.finditer(text):
            yield from _words_of_name(found, text)
    yield from (Suspect(found.start(), found.end(), Kind.NAME) for found in INITIAL.finditer(text))
    yield from _own(text, own_names)
    yield from _capitalised(text)


@cache
def known_words() -> frozenset[str]:
    """Words in lower case that name nobody: the extractor's vocabulary and common words."""
    words = set(_list("common_words.txt"))
    for path in sorted((Path(lexicon.__file__).parent / "lexicon").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                words.update(one.lower() for one in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", line))
    return frozenset(words - names_of_many())


@cache
def names_of_many() -> frozenset[str]:
    """Common given and family names in lower case."""
    return frozenset(_list("given_names.txt"))


def _list(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _words_of_name(found: re.Match[str], text: str) -> Iterator[Suspect]:
    """The match, cut before the first word that is no part of a name."""
    name = "it" if "it" in found.re.groupindex else 0
    start, end = found.span(name)
    is_title = found.re is TITLE
    reached = start
    for place, word in enumerate(re.finditer(r"[^\s,]+", text[start:end])):
        bare = word.group().strip(".").lower()
        must_stay = is_title and place < 2
        if not must_stay and (bare in CREDENTIAL_WORDS or (bare in known_words() and len(bare) > 1)):
            break
        if is_title and place == 1 and bare in known_words() and not word.group()[0].isupper():
            return
        if is_title and place >= 2 and not word.group()[0].isupper():
            break
        reached = start + word.end()
    if reached > start:
        yield Suspect(start, start + len(text[start:reached].rstrip(".,")), Kind.NAME)


def _own(text: str, own_names: Collection[str]) -> Iterator[Suspect]:
    """The clinic's own people; short or everyday names only where they begin with a capital."""
    wanted = {one.lower() for one in own_names if len(one) >= SHORTEST_OWN_NAME}
    for found in re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text):
        word = found.group()
        bare = re.sub(r"['’]s$", "", word).lower()
        is_everyday = len(bare) < 4 or bare in known_words()
        if bare in wanted and (word[0].isupper() or not is_everyday):
            yield Suspect(found.start(), found.start() + len(bare), Kind.NAME)


def _capitalised(text: str) -> Iterator[Suspect]:
    lower_here = set(re.findall(r"(?<![\w'’])[a-z][a-z'’-]+", text))
    is_name_before, reached = False, -2
    for found in CAPITALISED.finditer(text):
        word = found.group()
        joined = (
            is_name_before and text[reached : found.start()].strip(" \t") == "" and reached < found.start()
        )
        is_name = _may_be_name(word, text, found.start(), lower_here, joined=joined)
        if is_name:
            yield Suspect(found.start(), found.end(), Kind.NAME)
        is_name_before, reached = is_name, found.end()


def _may_be_name(word: str, text: str, start: int, lower_here: set[str], *, joined: bool) -> bool:
    bare = word.lower()
    if len(bare) == 1:
        return joined and text[start + 1 : start + 2] == "."
    if bare in names_of_many():
        return bare not in lower_here or not _begins_sentence(text, start) or joined
    parts = [part for part in re.split(r"['’-]", bare) if part]
    if bare in known_words() or bare in lower_here or all(part in known_words() for part in parts):
        return False
    if word.isupper():
        return joined
    if any(letter.isupper() for letter in word[1:]) and not re.match(
        r"(?:Mc|Mac|O['’]|De|Di|La|Le|Van)", word
    ):
        return "-" in word or "'" in word or "’" in word
    return not (_begins_sentence(text, start) and bare.endswith(ENDINGS))


def _begins_sentence(text: str, start: int) -> bool:
    return SENTENCE_END.search(text[max(0, start - 40) : start]) is not None
