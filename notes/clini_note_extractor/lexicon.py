"""The vocabulary: TSV files beside this module, read once, matched as a tree of words in one pass."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path

from notes.clini_note_extractor.tokens import HYPHENS, TOKEN, normal

FOLDER = Path(__file__).parent / "lexicon"
FILES = (
    "regions.tsv", "measures.tsv", "diagnoses.tsv", "surgeries.tsv", "interventions.tsv", "words.tsv",
    "icd_names.tsv",
)  # fmt: skip
BRACES = re.compile(r"\{([^{}]*)\}")
# Where one wording stands under several kinds, the first kind of this list has it.
RANK = (
    "own_remedy", "not_alone", "special_test", "not_diagnosis",
    "measure", "surgery", "diagnosis_head", "not_intervention", "intervention", "not_region",
    "region", "region_adjective", "exercise_head", "intervention_head", "surgery_head", "diagnosis_generic",
    "device", "nerve_noun", "side", "side_letter", "symptom", "part_of_name", "class_noun",
    "level_noun", "direction", "vessel", "muscle_group", "degree", "diagnosis_modifier",
    "surgery_modifier", "intervention_modifier", "upon", "site_word",
    "article", "joiner", "stop_word",
)  # fmt: skip
NO_PLURAL = frozenset({"stop_word", "site_word", "article", "side", "joiner"})
RANKED = {kind: number for number, kind in enumerate(RANK)}
# Abbreviations that are English words too: taken only in capitals, and not where all is in capitals.
LOOKALIKES = frozenset({
    "add", "aids", "aims", "als", "am", "arch", "art", "asia", "ba", "care", "cat", "core", "cp",
    "cts", "dash", "dip", "dips", "ds", "ems", "es", "fast", "fes", "frt", "gas", "goat", "grc",
    "hams", "help", "hos", "hp", "id", "is", "it", "la", "lats", "mas", "met", "mets", "midas",
    "ms", "mt", "pace", "pad", "pass", "pcs", "pd", "pe", "ph", "pls", "ppt", "pre", "ra", "rice",
    "af", "aid", "amp", "amps", "ar", "arm", "as", "bad", "bat", "bits", "cap", "cast", "chat", "cope",
    "dish", "ed", "eds", "face", "fact",
    "fai", "fab", "fas", "fit", "fms", "gad", "gads", "hit", "hl", "icars", "job", "loss", "lots", "mono",
    "nec", "op", "or", "pam", "pest", "pid", "pots", "push", "rop",
    "cage", "cam", "mrs", "adm", "cars", "chart", "comm", "crest", "fac", "gird", "leap", "lad", "owls",
    "pact",
    "pile", "pica", "quest", "reel", "sac", "told",
    "tapes", "visa", "whim", "wad", "prom", "aha", "chi", "print", "sat", "saw", "sits", "spd", "std",
    "tap", "tis", "toast", "walk",
    "sad", "sane", "sis", "sot", "star", "stream", "ta", "tame", "te", "tsk", "us",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A wording's kind, its canonical name, what its scores are counted in, and whether it is an
    abbreviation.
    """

    kind: str
    name: str
    unit: str = ""
    abbreviation: str = ""


@dataclass(slots=True)
class Node:
    """A step of the tree: what may follow, and what ends here, best kind first."""

    then: dict[str, Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


@lru_cache(maxsize=1)
def vocabulary() -> Node:
    """The tree of all wordings. Raises ValueError where a file is malformed."""
    root = Node()
    for file in FILES:
        for kind, canonical, terms, unit in rows_of(FOLDER / file):
            for wording, name in terms:
                _add(root, wording, kind, canonical or name, unit)
    return root


def rows_of(path: Path) -> Iterator[tuple[str, str, list[tuple[str, str]], str]]:
    """Kind, canonical name, expanded terms and unit of each line; beside each wording the shortest of its
    term, which is the name where the line has none.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) not in {3, 4} or cells[0] not in RANK:
            raise ValueError(f"{path.name}, line {number}: kind, name, terms and maybe a unit are wanted.")
        expanded = [expand(term.strip()) for term in cells[2].split(";")]
        named = [(wordings, min(wordings, key=len, default="")) for wordings in expanded]
        terms = [(wording, name) for wordings, name in named for wording in wordings]
        yield cells[0], cells[1], terms, cells[3] if len(cells) == 4 else ""


def expand(term: str) -> list[str]:
    """Every wording of a term with alternatives in braces, as in "{total|partial} hip {replacement|}"."""
    parts = BRACES.split(term)
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    joined = (" ".join("".join(pick).split()) for pick in product(*choices))
    return [re.sub(r"(?<=\w\w) s\b", "s", wording) for wording in joined if wording]


def plural(word: str) -> str:
    """The regular plural of an English or a Greek word."""
    if word.endswith("sis"):
        return word[:-2] + "es"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def _add(root: Node, term: str, kind: str, name: str, unit: str) -> None:
    words = [normal(word) for word in TOKEN.findall(term) if word not in HYPHENS]
    abbreviation = ""
    if len(words) == 1 and term.isupper() and len(term) <= 6:
        abbreviation = term
    entry = Entry(kind, name or term, unit, abbreviation)
    node = root
    for norm in words[:-1]:
        node = _step(node, norm)
    last = words[-1]
    insort(_step(node, last).entries, entry, key=_rank)
    if len(last) > 2 and last.isalpha() and kind not in NO_PLURAL:
        insort(_step(node, plural(last)).entries, entry, key=_rank)


def _step(node: Node, norm: str) -> Node:
    found = node.then.get(norm)
    if found is None:
        found = node.then[norm] = Node()
    return found


def _rank(entry: Entry) -> int:
    return RANKED[entry.kind]
