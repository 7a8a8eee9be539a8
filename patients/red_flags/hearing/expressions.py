"""Lay expressions as data, and where they stand in a row of words.

An expression is a row of parts: `word`, `one|other`, `{concept}`, `part?` (may be missing), `..` (up to three
words between) or `.5` (up to five), `#` (a number), `#6-10` (a number in that range). An underscore joins the
words of one choice: `rib_cage|ribs`. Between words of an expression no sentence ends, and no gap swallows a
negation, so "leg .. swollen" is not heard in "the leg is not swollen".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from patients.red_flags.hearing.spelling import forms_of
from patients.red_flags.hearing.tokens import Token

NUMBER, JOIN = "#", "_"
USUAL_GAP = 3
NO_GAP_OVER = frozenset(
    {
        "no",
        "not",
        "isnt",
        "arent",
        "wasnt",
        "werent",
        "never",
        "without",
        "dont",
        "doesnt",
        "didnt",
        "havent",
        "hasnt",
        "hadnt",
        "nor",
        "neither",
        "but",
    }
)


class UnreadableExpression(ValueError):
    """An expression that the language does not allow."""


@dataclass(frozen=True, slots=True)
class Part:
    """`gap` > 0 stands for that many words at most; else one of `words` or `concepts`, or a `number`."""

    words: frozenset[str] = frozenset()
    concepts: tuple[str, ...] = ()
    gap: int = 0
    optional: bool = False
    number: tuple[float, float] | None = None


Expression = tuple[Part, ...]


def parse_expression(text: str) -> Expression:
    """Raises UnreadableExpression for an empty one, or one that begins or ends with a gap."""
    parts = tuple(_parse_part(part) for part in text.split())
    if not parts or parts[0].gap or parts[-1].gap or all(part.optional for part in parts):
        raise UnreadableExpression(text)
    return parts


def _parse_part(text: str) -> Part:
    if text.startswith("."):
        return Part(gap=int(text.strip(".") or USUAL_GAP))
    optional = text.endswith("?")
    choices = text.removesuffix("?").split("|")
    if "" in choices:
        raise UnreadableExpression(text)
    phrases = tuple(choice for choice in choices if JOIN in choice and choice[0] != "{")
    concepts = tuple(choice[1:-1] for choice in choices if choice.startswith("{")) + phrases
    words = frozenset(choice for choice in choices if choice[0] not in "{#" and JOIN not in choice)
    ranges = [_parse_range(choice[1:]) for choice in choices if choice.startswith(NUMBER)]
    return Part(words, concepts, optional=optional, number=ranges[0] if ranges else None)


def _parse_range(text: str) -> tuple[float, float]:
    if not text:
        return 0.0, float("inf")
    low, _, high = text.partition("-")
    return float(low), float(high or low)


def _in_range(number: float | None, allowed: tuple[float, float] | None) -> bool:
    return number is not None and allowed is not None and allowed[0] <= number <= allowed[1]


class Lexicon:
    """Concepts and their expressions, indexed by the words with which they may begin."""

    def __init__(self, concepts: Mapping[str, Sequence[str]], *, heard: Iterable[str]) -> None:
        """`heard` are the concepts that are looked for; the others are only parts of theirs."""
        self.concepts = {name: tuple(map(parse_expression, words)) for name, words in concepts.items()}
        self.concepts |= {
            phrase: (parse_expression(phrase.replace(JOIN, " ")),) for phrase in self._phrases()
        }
        self._firsts: dict[str, frozenset[str]] = {}
        self.starts = {name: self._index(expressions) for name, expressions in self.concepts.items()}
        self.by_word: dict[str, list[str]] = {}
        for name in sorted(set(heard)):
            for word in self.starts[name]:
                self.by_word.setdefault(word, []).append(name)

    def _phrases(self) -> set[str]:
        parts = (part for expressions in self.concepts.values() for each in expressions for part in each)
        return {name for part in parts for name in part.concepts if JOIN in name} - set(self.concepts)

    @property
    def vocabulary(self) -> frozenset[str]:
        parts = (part for expressions in self.concepts.values() for each in expressions for part in each)
        words = frozenset(word for part in parts for word in part.words)
        return words | frozenset(form for word in words for form in forms_of(word))

    def _index(self, expressions: Sequence[Expression]) -> dict[str, list[Expression]]:
        index: dict[str, list[Expression]] = {}
        for expression in expressions:
            for word in self._first_words(expression):
                index.setdefault(word, []).append(expression)
        return index

    def _first_words(self, expression: Expression) -> frozenset[str]:
        words: set[str] = set()
        for part in expression:
            words |= part.words | ({NUMBER} if part.number else set())
            for concept in part.concepts:
                words |= self._concept_firsts(concept)
            if not part.optional:
                break
        return frozenset(words)

    def _concept_firsts(self, concept: str) -> frozenset[str]:
        if concept not in self._firsts:
            if concept not in self.concepts:
                raise UnreadableExpression(f"no such concept: {concept}")
            self._firsts[concept] = frozenset()
            words = [self._first_words(expression) for expression in self.concepts[concept]]
            self._firsts[concept] = frozenset().union(*words)
        return self._firsts[concept]


class Finder:
    """Finds concepts in one row of words."""

    def __init__(self, lexicon: Lexicon, tokens: Sequence[Token]) -> None:
        self.lexicon = lexicon
        self.tokens = tokens
        self._known: dict[tuple[str, int], frozenset[int]] = {}

    def all(self) -> dict[str, list[tuple[int, int]]]:
        """Each concept with the shortest stretch of words (first, behind the last) at each beginning."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, token in enumerate(self.tokens):
            keys = {name for word in self._keys(token) for name in self.lexicon.by_word.get(word, ())}
            for name in keys:
                if ends := self.ends(name, place):
                    found.setdefault(name, []).append((place, min(ends)))
        return found

    def ends(self, concept: str, place: int) -> frozenset[int]:
        """Where the concept may end when it begins at `place`."""
        key = (concept, place)
        if key not in self._known:
            starts = self.lexicon.starts[concept]
            ends: set[int] = set()
            for word in self._keys(self.tokens[place]):
                for expression in starts.get(word, ()):
                    ends |= self._ends(expression, 0, place, place)
            self._known[key] = frozenset(ends)
        return self._known[key]

    def _keys(self, token: Token) -> Iterable[str]:
        return token.forms if token.number is None else (*token.forms, NUMBER)

    def _ends(self, expression: Expression, which: int, place: int, begin: int) -> set[int]:
        if which == len(expression):
            return {place}
        part = expression[which]
        if part.gap:
            return self._over_gap(expression, which, place, begin)
        ends = self._ends(expression, which + 1, place, begin) if part.optional else set()
        if place == len(self.tokens) or self.tokens[place].sentence != self.tokens[begin].sentence:
            return ends
        token = self.tokens[place]
        if not part.words.isdisjoint(token.forms) or _in_range(token.number, part.number):
            ends |= self._ends(expression, which + 1, place + 1, begin)
        for concept in part.concepts:
            for end in self.ends(concept, place):
                ends |= self._ends(expression, which + 1, end, begin)
        return ends

    def _over_gap(self, expression: Expression, which: int, place: int, begin: int) -> set[int]:
        ends: set[int] = set()
        for skipped in range(expression[which].gap + 1):
            at = place + skipped
            if skipped and (at > len(self.tokens) or self._stops_gap(at - 1, expression[which + 1])):
                break
            ends |= self._ends(expression, which + 1, at, begin)
        return ends

    def _stops_gap(self, place: int, sought: Part) -> bool:
        """Never over a denial, nor over one number to the next ("pain 5 out of 10")."""
        token = self.tokens[place]
        return token.word in NO_GAP_OVER or (token.number is not None and sought.number is not None)
