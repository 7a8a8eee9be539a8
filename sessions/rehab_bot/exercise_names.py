"""Which exercise of the plan a patient means: names, nicknames, place in the plan, or what it is like."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sessions.rehab_bot.knowledge import shipped_nicknames
from sessions.rehab_bot.patient_words import mended, plain, words_of
from sessions.rehab_bot.retrieval import stems_of
from sessions.rehab_bot.types import Plan, PlanExercise

ANY = "this exercise"
ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4,
    "5th": 4, "last": -1, "final": -1,
}  # fmt: skip
COUNTED = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4}
A_ONE = r"(?:one|ones|exercise|exercises|thing|things|bit|move|movement)"
PLACED = re.compile(
    rf"\b(?:the )?({'|'.join(ORDINALS)}) {A_ONE}\b|\b(?:exercise|number|no) ({'|'.join(COUNTED)})\b"
)
POSITIONS = (
    (re.compile(r"\b(?:on|flat on) (?:my|your|the|ur)? ?back\b|\bsupine\b"), "on your back"),
    (re.compile(r"\bon (?:my|your|the|one) side\b|\bside lying\b|\blying sideways\b"), "on your side"),
    (re.compile(r"\b(?:standing|stood|standing up|on my feet|upright)\b"), "stand"),
    (re.compile(r"\b(?:sitting|seated|sat|in a chair|on a chair|chair)\b"), "sit"),
    (re.compile(r"\b(?:lying|laying|lie|floor|mat|on the ground)\b"), "lie "),
    (re.compile(r"\bwall\b"), "to the wall"),
)
POINTED_AT = re.compile(
    rf"\b(?:the|that|this|my) (?:[a-z]+ ){{0,3}}{A_ONE}\b"
    rf"|\b{A_ONE} (?:where|with|when|in which|that|on|lying|standing)\b"
)
LEAST_OVERLAP = 2


@dataclass(frozen=True, slots=True)
class Named:
    """`codes`: exercises of the plan that are meant, several where the name fits several or several were
    named (`is_several`). `missing`: an exercise that is named but not in the plan. `rest` is the text with
    each name replaced by "this exercise".
    """

    codes: tuple[str, ...] = ()
    is_several: bool = False
    missing: str = ""
    rest: str = ""

    @property
    def code(self) -> str:
        """The one exercise meant, empty where none or more than one may be."""
        return self.codes[0] if len(self.codes) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    codes: tuple[str, ...]
    name: str


def find_exercises(text: str, plan: Plan, *, is_answer: bool = False) -> Named:
    """Read exercise names out of a mended text. `is_answer`: it answers "which exercise do you mean?"."""
    spans = _longest(_spans(text, plan))
    rest = _without(text, spans)
    inside = [span for span in spans if span.codes]
    described = _described(rest, plan) if is_answer or POINTED_AT.search(text) else ()
    if inside:
        codes = _narrowed(inside, described)
        is_several = len(inside) > 1 and len(codes) > 1
        return Named(codes, is_several=is_several, rest=rest)
    missing = next((span.name for span in spans), "")
    if missing or not described:
        return Named(missing=missing, rest=rest)
    return Named(described, rest=rest)


def _narrowed(spans: Sequence[_Span], described: tuple[str, ...]) -> tuple[str, ...]:
    """The exercises that all hints allow: a certain name wins over a name that several share."""
    certain = tuple(dict.fromkeys(span.codes[0] for span in spans if len(span.codes) == 1))
    if certain:
        return certain
    fitting = [code for code in spans[0].codes if all(code in span.codes for span in spans)]
    fitting = fitting or list(dict.fromkeys(code for span in spans for code in span.codes))
    return tuple(code for code in fitting if code in described) or tuple(fitting)


def _spans(text: str, plan: Plan) -> Iterator[_Span]:
    names, pattern = _names(tuple((one.code, one.name) for one in plan.exercises))
    for found in pattern.finditer(text):
        yield _Span(found.start(), found.end(1), names[found[1]], found[1])
    for found in PLACED.finditer(text):
        place = ORDINALS[found[1]] if found[1] else COUNTED[found[2]]
        if -1 <= place < len(plan.exercises):
            yield _Span(found.start(), found.end(), (plan.exercises[place].code,), found.group())


@lru_cache(maxsize=256)
def _names(planned_names: tuple[tuple[str, str], ...]) -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """Every name known for an exercise, with the exercises of the plan that bear it, () for one elsewhere;
    and a pattern that finds the longest name at each place.
    """
    nicknames = shipped_nicknames()
    names: dict[str, tuple[str, ...]] = dict.fromkeys(nicknames.elsewhere, ())
    planned = dict.fromkeys(code for code, _ in planned_names)
    for code, rows in nicknames.names.items():
        if code not in planned:
            names |= dict.fromkeys(_plain_names(code, rows[0]), ())
    for name, codes in nicknames.shared.items():
        if fitting := tuple(code for code in codes if code in planned):
            names[name] = fitting
    for code, own_name in planned_names:
        for name in (*_plain_names(code, own_name), *nicknames.names.get(code, ())):
            own = plain(name) == plain(own_name) or plain(name) in nicknames.shared
            before = () if own else names.get(mended(name), ())
            names[mended(name)] = tuple(dict.fromkeys((*before, code)))
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return names, re.compile(rf"\b(?=({'|'.join(map(re.escape, longest_first))})\b)")


def _plain_names(code: str, name: str) -> Iterable[str]:
    for one in (plain(name), code.replace("_", " ")):
        yield one
        yield f"{one}s"


def _longest(spans: Iterable[_Span]) -> list[_Span]:
    """Spans that lie in no longer one, in order."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, not one.codes, one.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)


def _without(text: str, spans: Sequence[_Span]) -> str:
    for span in reversed(spans):
        text = text[: span.start] + ANY + text[span.end :]
    return re.sub(r"\b(?:the|my|these|those|a|an) this exercise\b", ANY, text)


def _described(text: str, plan: Plan) -> tuple[str, ...]:
    """The exercises that fit the position named; else the one whose own words are said."""
    fitting = _by_position(text, plan)
    if len(fitting) == 1:
        return tuple(fitting)
    by_words = _by_words(text, plan)
    return tuple(code for code in fitting if code in by_words) or tuple(fitting) or by_words


def _by_position(text: str, plan: Plan) -> list[str]:
    for pattern, words in POSITIONS:
        if pattern.search(text):
            codes = [one.code for one in plan.exercises if words in one.start_position.lower() + " "]
            if codes:
                return list(dict.fromkeys(codes))
    return []


def _by_words(text: str, plan: Plan) -> tuple[str, ...]:
    """The exercise that shares most words with the text, words of fewer exercises counting more."""
    asked = set(stems_of(text)) - {"exercise", "exercis"}
    own = {one.code: set(stems_of(_all_of(one))) for one in plan.exercises}
    rated = {
        code: sum(1.0 / sum(stem in other for other in own.values()) for stem in asked & stems)
        for code, stems in own.items()
    }
    best = max(rated.values(), default=0.0)
    top = tuple(code for code, worth in rated.items() if worth == best)
    is_clear = best >= 1.0 and len(top) == 1 and len(asked & own[top[0]]) >= LEAST_OVERLAP
    return top if is_clear else ()


def _all_of(exercise: PlanExercise) -> str:
    return " ".join((exercise.summary, exercise.start_position, *exercise.instructions))


def last_named(texts: Iterable[str], plan: Plan) -> str:
    """The exercise named last in earlier texts (the newest first), empty where none is clear."""
    for text in texts:
        named = find_exercises(mended(text), plan)
        if named.code or named.is_several:
            return named.codes[-1]
    return ""


def is_short(text: str) -> bool:
    """Whether a mended text is so short that it leans on what was said before."""
    return len(words_of(text)) <= 7
