"""Red flags in patients' own words, by rule: concepts near each other, said of the patient, now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patients.red_flags.hearing.context import Standing, read_standing
from patients.red_flags.hearing.expressions import Finder
from patients.red_flags.hearing.rules import HearingRule, HearingRules, shipped_hearing_rules
from patients.red_flags.hearing.tokens import Token, read_turns
from patients.red_flags.hearing.types import Asking, Heard, HeardFlag, Quote
from patients.red_flags.types import Severity

UNLESS_REACH = 6


@dataclass(frozen=True, slots=True)
class _Mention:
    """A concept at words `begin` to `end`; `places` are those of its first and last word."""

    begin: int
    end: int
    places: tuple[int, int]


class _Conversation:
    """What was found in the turns, and whether it may count."""

    def __init__(self, messages: Sequence[str], rules: HearingRules) -> None:
        self.messages = messages
        self.rules = rules
        self.tokens: list[Token] = read_turns(messages, rules.mender)
        self.standing: list[Standing] = read_standing(self.tokens)
        self.found = {
            name: [self._mention(begin, end) for begin, end in spans]
            for name, spans in Finder(rules.lexicon, self.tokens).all().items()
        }

    def _mention(self, begin: int, end: int) -> _Mention:
        return _Mention(begin, end, (self.tokens[begin].place, self.tokens[end - 1].place))

    def counting(self, concept: str, rule: HearingRule) -> list[_Mention]:
        """The mentions of `concept` that the patient says of themselves, now."""
        kind = self.rules.kinds[concept]
        return [each for each in self.found.get(concept, ()) if self._counts(each, kind, rule)]

    def _counts(self, mention: _Mention, kind: str, rule: HearingRule) -> bool:
        first, last = self.standing[mention.begin], self.standing[mention.end - 1]
        if (last.other and kind != "event") or first.supposed or (kind != "place" and first.denied):
            return False
        if kind in ("sign", "event"):
            long_so = first.chronic and not rule.chronic
            gone = last.settled and not rule.transient
            return not (first.past or last.cleared or long_so or gone)
        return True

    def hits(self, rule: HearingRule) -> tuple[_Mention, ...] | None:
        """The mentions that set off `rule`, or None."""
        groups = [[each for name in group for each in self.counting(name, rule)] for group in rule.need]
        if not all(groups):
            return None
        return next((hit for hit in self._together(groups, rule.span) if not self._excused(hit, rule)), None)

    def _together(self, groups: list[list[_Mention]], span: int) -> Iterator[tuple[_Mention, ...]]:
        for first in groups[0]:
            near = [min(group, key=lambda each: _distance(first, each)) for group in groups[1:]]
            if all(_distance(first, each) <= span for each in near):
                yield (first, *near)

    def _excused(self, hit: tuple[_Mention, ...], rule: HearingRule) -> bool:
        return any(
            min(_words_between(part, excuse) for part in hit) <= UNLESS_REACH
            for name in rule.unless
            for excuse in self.found.get(name, ())
            if not self.standing[excuse.begin].denied
        )

    def quotes(self, hit: tuple[_Mention, ...]) -> tuple[Quote, ...]:
        spans = sorted({(each.begin, each.end) for each in hit})
        return tuple(self._quote(self.tokens[begin], self.tokens[end - 1]) for begin, end in spans)

    def _quote(self, first: Token, last: Token) -> Quote:
        return Quote(first.turn, first.start, last.end, self.messages[first.turn][first.start : last.end])


def _distance(one: _Mention, other: _Mention) -> int:
    """Words between two mentions, 0 when they touch or overlap."""
    return max(0, max(one.places[0], other.places[0]) - min(one.places[1], other.places[1]))


def _words_between(one: _Mention, other: _Mention) -> int:
    """As `_distance`, over the ends of sentences and turns as if there were none."""
    return max(0, max(one.begin, other.begin) - min(one.end, other.end))


def hear_by_rules(
    messages: Sequence[str], *, rules: HearingRules | None = None, beside_reader: bool = False
) -> Heard:
    """Listen to the patient's turns in order, without the second reader; `beside_reader`: by the rules only
    that count beside it.

    The flags of all turns together, worst first, each with the exact words that set its rule off. Rules only
    hear; they never say what an illness is. Whoever calls must not log the quotes.
    """
    rule_set = rules or shipped_hearing_rules()
    conversation = _Conversation(messages, rule_set)
    flags = [
        HeardFlag(rule.flag, rule.severity, rule.id, rule.version, conversation.quotes(hit), rule.source)
        for rule in rule_set.rules
        if not (beside_reader and rule.alone) and (hit := conversation.hits(rule)) is not None
    ]
    flags.sort(key=lambda flag: -flag.severity.rank)
    worst: Severity | None = flags[0].severity if flags else None
    raised = {flag.flag for flag in flags}
    asks = tuple(
        Asking(ask.flag, ask.id, ask.questions, conversation.quotes(hit))
        for ask in rule_set.asks
        if ask.flag not in raised and (hit := conversation.hits(ask)) is not None
    )
    return Heard(worst, tuple(flags), asks)
