"""Builds lexicon/icd_names.tsv, names of conditions out of ICD-10-CM; needs the training packages.

Source: ICD-10-CM, tabular list, in the edition that the package simple_icd_10_cm holds; a work of the
United States government (CMS and NCHS) in the public domain. Taken: titles and inclusion terms of diseases.
Left out: injuries by place and encounter (the grammar makes these), pregnancy, symptoms, external causes,
contacts with health services, and whatever is only administrative ("other", "unspecified", "not elsewhere
classified").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).parent / "lexicon" / "icd_names.tsv"
HEADER = """# kind	name	terms
# Source: ICD-10-CM tabular list (CMS and NCHS, public domain), titles and inclusion terms, cut down by
# `python -m notes.clini_note_extractor.icd_names`. Do not edit.
"""
# O pregnancy, P newborn, R symptoms, S and T injuries, U to Z codes for purposes, causes and contacts.
CHAPTERS = frozenset("ABCDEFGHIJKLMNPQ")
LONGEST_CODE = 6
LONGEST_NAME = 5
BRACKETS = re.compile(r"\s*[\[(][^\])]*[\])]")
TAIL = re.compile(
    r"(?:,? (?:NOS|unspecified|NEC)|, (?:acute|chronic|bilateral|unilateral|left|right))+$", re.IGNORECASE
)
ADMINISTRATIVE = re.compile(
    r"\b(?:other|others|unspecified|elsewhere|classified|due|following|without|with|encounter|status"
    r"|presence|code|by|in"
    r"|history|sequela\w*|late effect|finding|findings|abnormal|affected|affecting|newborn|fetus|maternal"
    r"|pregnancy|labor"
    r"|specified|site|sites|region|type|stage|from|to|NOS|NEC|uncertain|behavior|unknown|device|graft|implant"
    r"|procedure|postprocedural|intraoperative|complication|complications|mechanical|absence|screening"
    r"|exposure|use"
    r"|induced|neoplasm|neoplasms|overlapping|lymph nodes|remission|relapse|level|mild|moderate|severe"
    r"|single|episode|hand"
    r"|donor|carrier|state|than|not|having|achieved|any|all|as|the|his|her|problem|problems|symptom"
    r"|symptoms|pain|ache)\b",
    re.IGNORECASE,
)
# A name must hold a word of which medicine has the use for itself, or end in a head that names an illness.
HEADS = re.compile(
    r"(?:disease|syndrome|disorder|itis|osis|oses|opathy|pathies|plegia|paresis|oma|emia|iasis|penia|plasia"
    r"|trophy|phasia"
    r"|algia|cele|malacia|sclerosis|fever|cancer|anemia|asthma|abscess|ulcer|fracture|infection|palsy"
    r"|dystrophy|infarction"
    r"|tuberculosis|carcinoma|leukemia|hernia|aneurysm|embolism|thrombosis|stenosis|deficiency|dysfunction"
    r"|failure"
    r"|insufficiency|deformity|contracture|dysplasia|cyst|polyp|fistula|prolapse|obstruction|hemorrhage"
    r"|hypertension|ism)s?$",
    re.IGNORECASE,
)
# Heads that are symptoms, signs or everyday words for guideline 1.1.
NOT_NAMES = frozenset({
    "anesthesia", "apnea", "atrophy", "backache", "burning", "coma", "conditions", "cyst", "deformity",
    "disease", "disorder",
    "dysfunction", "failure", "fever", "fistula", "hemorrhage", "hernia", "hypertrophy", "infection",
    "insufficiency",
    "ism", "loss", "muscle wasting", "obstruction", "palsy", "spasm", "syndrome", "ulcer", "weakness",
    "fracture", "stress",
    "abscess", "deficiency", "polyp", "prolapse", "metabolism", "alcoholism", "stenosis", "contracture",
    "infarction",
    "lordosis", "acidosis", "alkalosis", "miosis", "mydriasis", "priapism", "dorsalgia", "thoracalgia",
    "otalgia", "ptyalism",
    "voyeurism", "fetishism", "poliosis", "pianoma", "noma", "hirsutism", "metrorrhagia", "cicatrix",
    "cherubism",
    "myalgia", "arthralgia", "muscle weakness", "hemorrhagic disorder", "joint disorder", "organism",
})  # fmt: skip


def names_of(titles: Iterable[str]) -> Iterator[str]:
    """Condition names out of titles; none of more than five words."""
    for title in titles:
        name = TAIL.sub("", BRACKETS.sub("", title)).strip()
        if _is_name(name):
            yield name if name.isupper() else name[0].lower() + name[1:]


def _is_name(name: str) -> bool:
    words = name.split()
    if not 0 < len(words) <= LONGEST_NAME or re.search(r"[^A-Za-z'’ \-]", name):
        return False
    if name.lower() in NOT_NAMES or ADMINISTRATIVE.search(name):
        return False
    if re.search(r"\b(?:and|or)\b", name):
        return False
    return HEADS.search(re.split(r" of ", name)[0]) is not None


def titles_of_icd() -> Iterator[str]:
    """Titles and inclusion terms of every disease down to the sixth character. Needs simple_icd_10_cm."""
    import simple_icd_10_cm as icd

    for code in icd.get_all_codes(True):
        if code[0] in CHAPTERS and len(code) <= LONGEST_CODE and icd.is_category_or_subcategory(code):
            yield icd.get_description(code)
            yield from icd.get_inclusion_term(code)


def build(target: Path = TARGET) -> int:
    """Write the file and return how many names it holds. Deterministic for one edition."""
    names = sorted(set(names_of(titles_of_icd())), key=lambda name: (name.lower(), name))
    target.write_text(HEADER + "".join(f"diagnosis_head\t\t{name}\n" for name in names), encoding="utf-8")
    return len(names)


if __name__ == "__main__":
    print(build())  # noqa: T201 - a command
