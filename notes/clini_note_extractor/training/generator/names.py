"""The pools of names: a copy of the rules' vocabulary, ICD-10-CM titles and the lists beside this module.

Common names, which every writer uses, stand in both splits; every other name belongs to one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from notes.clini_note_extractor.lexicon import expand
from notes.clini_note_extractor.training.generator.splits import Split, split_of

FOLDER = Path(__file__).parent / "pools"
# A copy: the rules' vocabulary grows, and the data of a released model must stay what they were.
VOCABULARY = FOLDER / "vocabulary"
# Kinds of the vocabulary that pools are made of, by the pool's name.
FILES = ("regions.tsv", "measures.tsv", "diagnoses.tsv", "surgeries.tsv", "interventions.tsv")
FROM_VOCABULARY = {
    "diagnosis_head": "vocabulary_diagnosis", "surgery": "vocabulary_surgery",
    "intervention": "vocabulary_intervention", "measure": "vocabulary_measure", "region": "vocabulary_region",
    "region_adjective": "adjective",
}  # fmt: skip
# Pools whose entries name nothing in the schema, or are numbers: they may stand in both splits.
WORDS = frozenset({
    "symptom", "quality", "aggravating", "easing", "med", "allergy", "imaging", "nerve", "device", "position",
    "assist", "adl", "job", "hobby", "trauma", "doctor", "relative", "livein", "livewith", "sens", "reflex",
    "gaitdev", "gsymptom", "stest", "posture", "mood", "tolerance", "potential", "special", "lowtone",
})  # fmt: skip
# What stands in for a region's own pool where it is empty.
WIDE = {"region": "vocabulary_region", "muscle": "vocabulary_region", "dx": "vocabulary_diagnosis",
        "mid": "vocabulary_diagnosis", "surgery": "vocabulary_surgery"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A wording, what its scores are counted in, and whether every writer uses it."""

    words: str
    unit: str = ""
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Wordings of one term: a term is drawn first, so that one with many spellings comes no more often."""

    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Pools:
    """A split's names by pool, and its instruments by their words in small letters."""

    groups: Mapping[str, tuple[Group, ...]]
    measures: Mapping[str, Name]

    def pick(self, rng: random.Random, pool: str) -> Name:
        """One name of a pool, or of the wide pool of its kind where the split left it empty. Raises KeyError
        where there is no such pool.
        """
        groups = self.groups.get(pool) or self.groups[WIDE[pool.rpartition(".")[2]]]
        return rng.choice(rng.choice(groups).names)

    def all_names(self) -> Iterator[tuple[str, Name]]:
        """Every name with its pool."""
        for pool, groups in self.groups.items():
            for group in groups:
                for name in group.names:
                    yield pool, name


@lru_cache(maxsize=2)
def pools(split: Split) -> Pools:
    """The split's pools."""
    common = {words.lower() for words in _lines(FOLDER / "common.txt")}
    found: dict[str, list[Group]] = {}
    for pool, term, unit in _terms():
        names = []
        for words in expand(term):
            is_common = words.lower() in common or pool in WORDS or pool.endswith(".motion")
            if is_common or split_of(words) == split:
                names.append(Name(words, unit, is_common))
        if names:
            found.setdefault(pool, []).append(Group(tuple(dict.fromkeys(names))))
    measures = {name.words.lower(): name for group in found["vocabulary_measure"] for name in group.names}
    return Pools({pool: tuple(groups) for pool, groups in found.items()}, measures)


def _terms() -> Iterator[tuple[str, str, str]]:
    """Pool, term and unit of every source, in a fixed order."""
    for path in sorted(FOLDER.glob("pool_*.txt")):
        pool = ""
        for line in _lines(path):
            if line.startswith("== "):
                pool = line[3:]
                continue
            for term in line.split(";"):
                if term.strip():
                    yield pool, term.strip(), ""
    for pool in ("conditions", "coded_conditions"):
        for line in _lines(FOLDER / f"{pool}.txt"):
            yield pool, line, ""
    for name in FILES:
        yield from _vocabulary(name)


def _vocabulary(name: str) -> Iterator[tuple[str, str, str]]:
    for line in _lines(VOCABULARY / name):
        cells = line.split("\t")
        if cells[0] in FROM_VOCABULARY:
            for term in cells[2].split(";"):
                yield FROM_VOCABULARY[cells[0]], term.strip(), cells[3] if len(cells) > 3 else ""


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [line.strip() for line in text.split("\n") if line.strip() and not line.startswith("#")]
