"""Nothing reaches a patient that the plan or a cited passage does not say.

Every sentence is judged alone, so that it may be shown as soon as it is complete. Strict on purpose: a true
sentence in other words is dropped with the false ones, and the deterministic answer stands in. It reads
words, not meaning: sentences that are each right may still be put together unwisely.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from patients.red_flags import Severity
from patients.red_flags.hearing import Heard, hear_by_rules
from sessions.rehab_bot.citing import Cited
from sessions.rehab_bot.composing import SMALL_TALK
from sessions.rehab_bot.forbidden import (
    calms,
    diagnoses,
    encourages,
    illnesses,
    in_danger,
    leaks,
    medicines,
    shape_of,
)
from sessions.rehab_bot.known_exercises import names_in
from sessions.rehab_bot.prompt import SECRET, STOCK, as_stock
from sessions.rehab_bot.quantities import (
    DOSE_UNITS,
    STRANGE,
    Quantity,
    digits,
    most_allowed,
    planned_quantities,
    read_quantities,
)
from sessions.rehab_bot.support import clauses_of, has_content, unsupported, words_of
from sessions.rehab_bot.types import Dropped, Passage, PassageKind, PlanExercise, Sentence, TurnInput

VERIFY_VERSION = 3
WORDS_MOST = 40
_SIDES = ("left", "right")
_OTHER_SIDE = re.compile(
    r"\b(?:both|each|either|every|other|opposite)\s+(?:sides?|legs?|knees?|hips?|arms?|shoulders?|foot|feet)\b"
)
_OFFERS_ITSELF = re.compile(r"\b(?:call|tell|ask|write|message|contact|reach|text)\s+(?:to\s+)?(?:me|us)\b")
_SETS = re.compile(r"\d\s*(?:sets?|rounds?|series)\b")
_HURRIED = re.compile(r"\b(?:in|within|under|per|every)\s+\d+\s*(?:s|secs?|seconds?|mins?|minutes?|hours?)\b")
_GRAVE = frozenset({Severity.EMERGENCY, Severity.SAME_DAY})


@dataclass(frozen=True)
class Evidence:
    """What the sentences of a turn may rest on. `exercise_code`: the exercise that was asked about, or "";
    `heard_in_answer` collects the flags that dropped sentences set off.
    """

    turn: TurnInput
    passages: tuple[Passage, ...]
    exercise_code: str = ""
    heard_in_answer: list[str] = field(default_factory=list)

    @cached_property
    def by_ref(self) -> dict[str, Passage]:
        return {passage.ref: passage for passage in self.passages}

    @cached_property
    def urls(self) -> tuple[str, ...]:
        figures = (exercise.figure_url for exercise in self.turn.plan.exercises)
        return tuple(url for url in (*figures, *(passage.url for passage in self.passages)) if url)

    @cached_property
    def is_grave(self) -> bool:
        return in_danger(self.turn)


def verify(
    sentence: Cited, turn: TurnInput, passages: Sequence[Passage], *, exercise_code: str = ""
) -> Sentence | Dropped:
    """The sentence as it may be shown, or the code of the reason why not.

    Codes: empty, too_long, html, link, language, about_itself, personal, prompt_leak, no_source,
    unknown_source, other_exercise, dose_over_plan, number, side, medicine, diagnosis, illness, reassurance,
    red_flag, negation, limit, unsupported.
    """
    return judge(sentence, Evidence(turn, tuple(passages), exercise_code))


def judge(sentence: Cited, evidence: Evidence) -> Sentence | Dropped:
    """As `verify`, for many sentences of one turn."""
    stock = as_stock(sentence.text)
    if stock and not (evidence.is_grave and stock not in STOCK):
        return Sentence(stock, tuple(ref for ref in sentence.refs if ref in evidence.by_ref))
    cited = [evidence.by_ref[ref] for ref in sentence.refs if ref in evidence.by_ref]
    for check in _MODEL_CHECKS:
        reason = check(sentence, cited, evidence)
        if reason:
            return Dropped(reason)
    return Sentence(sentence.text, sentence.refs)


def judge_own(sentence: Sentence, evidence: Evidence) -> Sentence | Dropped:
    """As `judge` for a sentence of our own templates: its connecting words need no passage, its numbers,
    sides, exercises and refs do. The fixed words of the pain rule may speak of pain, none may calm or urge.
    """
    cited = [evidence.by_ref[ref] for ref in sentence.sources if ref in evidence.by_ref]
    as_cited = Cited(sentence.text, sentence.sources)
    for check in _OWN_CHECKS:
        reason = check(as_cited, cited, evidence)
        if reason:
            return Dropped(reason)
    return sentence


def count_dropped(dropped: Iterable[Dropped]) -> tuple[Dropped, ...]:
    """One line a reason, the most frequent first."""
    counts: Counter[str] = Counter()
    for each in dropped:
        counts[each.reason] += each.count
    return tuple(Dropped(reason, count) for reason, count in counts.most_common())


def _check_shape(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    if not any(char.isalpha() for char in sentence.text):
        return "empty"
    if len(sentence.text.split()) > WORDS_MOST or len(sentence.text) > WORDS_MOST * 12:
        return "too_long"
    return shape_of(sentence.text, urls=evidence.urls)


def _check_leak(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    return "prompt_leak" if leaks(sentence.text, SECRET, evidence.passages) else ""


def _check_sources(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    if not sentence.refs:
        return "no_source"
    return _check_refs(sentence, cited, evidence)


def _check_refs(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    return "unknown_source" if len(cited) < len(sentence.refs) else ""


def _check_exercise(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """The exercise that is named must be one that the cited passages tell of; nor may they tell of another
    than the one asked about.
    """
    codes = {passage.exercise_code for passage in cited if passage.exercise_code}
    if evidence.exercise_code and codes and evidence.exercise_code not in codes:
        return "other_exercise"
    return _check_names(sentence, cited, evidence)


def _check_names(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    told = " ".join(f"{passage.title} {passage.text}" for passage in cited)
    codes = {passage.exercise_code for passage in cited}
    own = {exercise.name.lower(): exercise.code for exercise in evidence.turn.plan.exercises}
    strange = [
        name
        for name in names_in(sentence.text, own)
        if own.get(name) not in codes and name not in told.lower()
    ]
    return "other_exercise" if strange else ""


def _check_own_names(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Our own sentences may also name what the patient asked for ("… is not in your plan")."""
    asked = evidence.turn.text.lower()
    own = {exercise.name.lower(): exercise.code for exercise in evidence.turn.plan.exercises}
    told = " ".join(f"{passage.title} {passage.text}" for passage in cited).lower()
    strange = [n for n in names_in(sentence.text, own) if n not in own and n not in asked and n not in told]
    return "other_exercise" if strange else ""


def _check_numbers(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    if STRANGE.search(sentence.text):
        return "number"
    quantities = read_quantities(sentence.text)
    if not quantities:
        return ""
    exercises = _exercises_of(sentence, cited, evidence)
    most = most_allowed(evidence.turn.plan, (exercise.code for exercise in exercises))
    if any(
        quantity.unit in DOSE_UNITS and quantity.value > most.get(quantity.unit, quantity.value)
        for quantity in quantities
    ):
        return "dose_over_plan"
    known = {quantity for passage in cited for quantity in read_quantities(passage.text)}
    known |= {quantity for exercise in exercises for quantity in planned_quantities(exercise)}
    strange = [quantity for quantity in quantities if not _is_known(quantity, known)]
    if any(quantity.unit in DOSE_UNITS and quantity.unit in most for quantity in strange):
        over = any(quantity.value > most.get(quantity.unit, 0) for quantity in strange)
        return "dose_over_plan" if over else "number"
    return "number" if strange else ""


def _check_own_numbers(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Our own sentences may also repeat a number that the patient named ("6 is over 5"), but no dose."""
    words = [evidence.turn.text, *(said.text for said in evidence.turn.earlier if said.author == "patient")]
    asked = {quantity.value for text in words for quantity in read_quantities(text)}
    bare = {quantity for quantity in read_quantities(sentence.text) if quantity.unit in ("", "pain")}
    if bare and bare == read_quantities(sentence.text):
        known = (
            asked | {quantity.value for each in cited for quantity in read_quantities(each.text)} | {0, 10}
        )
        if {quantity.value for quantity in bare} <= known:
            return ""
    return _check_numbers(sentence, cited, evidence)


def _is_known(quantity: Quantity, known: set[Quantity]) -> bool:
    if quantity in known:
        return True
    if quantity.unit == "second":
        return any(each.unit in ("hold", "rest") and each.value == quantity.value for each in known)
    return False


def _exercises_of(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> list[PlanExercise]:
    """The planned exercises that a sentence is about: by its passages, else by the names in it."""
    plan = evidence.turn.plan
    codes = [passage.exercise_code for passage in cited if passage.exercise_code]
    if not codes:
        own = {exercise.name.lower(): exercise.code for exercise in plan.exercises}
        codes = [own[name] for name in names_in(sentence.text, own) if name in own]
    if not codes and evidence.exercise_code and not cited:
        codes = [evidence.exercise_code]
    return [exercise for code in dict.fromkeys(codes) if (exercise := plan.exercise(code))]


def _check_side(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    words = set(words_of(sentence.text))
    told = {word for passage in cited for word in words_of(passage.text)}
    planned = {exercise.side for exercise in _exercises_of(sentence, cited, evidence)}
    strange = [side for side in _SIDES if side in words and side not in told and side not in planned]
    return "side" if strange else ""


def _check_other_side(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """An exercise of one side is not told for both of them, unless its own words say so."""
    planned = {exercise.side for exercise in _exercises_of(sentence, cited, evidence)}
    if not planned & set(_SIDES):
        return ""
    told = " ".join(passage.text.lower() for passage in cited)
    return "side" if any(each not in told for each in _OTHER_SIDE.findall(sentence.text.lower())) else ""


def _check_put_together(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Numbers that are each right but make another rule together: a dose twice, in a hurry, or a limit of
    pain for some days.
    """
    text = digits(sentence.text)
    units = {quantity.unit for quantity in read_quantities(sentence.text)}
    is_other = (
        len(_SETS.findall(text)) > 1 or bool(_HURRIED.search(text)) or ("pain" in units and len(units) > 1)
    )
    return "number" if is_other and not _is_quoted(sentence.text, cited) else ""


def _check_who_helps(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """No model offers itself as somebody to call: in need of help a person is told, not the assistant."""
    offers = _OFFERS_ITSELF.search(sentence.text.lower())
    return "about_itself" if offers and not _is_quoted(sentence.text, cited) else ""


def _check_asked_side(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Our own sentences may also repeat the side that the patient named."""
    asked = set(words_of(evidence.turn.text))
    return "" if any(side in asked for side in _SIDES) else _check_side(sentence, cited, evidence)


def _check_medicine(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    told = medicines(" ".join(passage.text for passage in cited))
    return "medicine" if medicines(sentence.text) - told else ""


def _check_no_medicine(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """No model speaks of medicines, not even in a passage's words."""
    return "medicine" if medicines(sentence.text) else ""


def _check_diagnosis(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    if diagnoses(sentence.text) and not _is_quoted(sentence.text, cited):
        return "diagnosis"
    told = illnesses(" ".join(passage.text for passage in cited))
    return "illness" if illnesses(sentence.text) - told else ""


def _check_kind_words(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """ "It is fine if …" stands in tips: a whole quoted sentence may say so, but not in a grave moment."""
    if not (encourages(sentence.text) or calms(sentence.text)):
        return ""
    return "" if not evidence.is_grave and _is_quoted(sentence.text, cited) else "reassurance"


def _check_own_shape(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Ours may say what the assistant is and that it tells nothing of other people."""
    reason = _check_shape(sentence, cited, evidence)
    return "" if reason in ("about_itself", "personal") else reason


def _check_own_kind_words(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Our own words may go as far as the pain rule does, and no further once it is broken or a flag stands.

    Words that only left a question open (it was asked, and answered, before) do not silence the rule.
    """
    grave = (
        evidence.is_grave
        and not _is_only_asking(evidence.turn)
        and (encourages(sentence.text) or calms(sentence.text))
    )
    return "reassurance" if grave else ""


def _is_only_asking(turn: TurnInput) -> bool:
    calm = replace(turn, heard=replace(turn.heard, needs_asking=()))
    return not in_danger(calm)


def _is_quoted(text: str, cited: Sequence[Passage]) -> bool:
    words = words_of(text)
    return any(_has_run(words_of(passage.text), words) for passage in cited)


def _has_run(words: Sequence[str], run: Sequence[str]) -> bool:
    return any(words[place : place + len(run)] == list(run) for place in range(len(words) - len(run) + 1))


def _check_heard(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """The spine listens to the answer too. A flag that the cited passage sets off by itself is its wording
    ("stop if your arm feels numb"); any other is dropped with the sentence. All rules listen, the second
    reader does not: it learned how patients talk, and takes one instruction in eleven for danger.
    """
    if _is_quoted(sentence.text, cited):
        return ""
    flags = _grave_flags(hear_by_rules((sentence.text,)))
    strange = (
        flags - {flag for passage in cited for flag in _flags_of_passage(passage.text)} if flags else flags
    )
    evidence.heard_in_answer.extend(sorted(strange))
    return "red_flag" if strange else ""


def _check_own_heard(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    """Fixed words of ours are not listened to: nothing in them comes from anybody."""
    return "" if sentence.text in SMALL_TALK else _check_heard(sentence, cited, evidence)


@lru_cache(maxsize=512)
def _flags_of_passage(text: str) -> frozenset[str]:
    return frozenset(
        flag for part in (text, *clauses_of(text)) for flag in _grave_flags(hear_by_rules((part,)))
    )


def _grave_flags(heard: Heard) -> frozenset[str]:
    return frozenset(flag.flag for flag in heard.flags if flag.severity in _GRAVE)


def _check_support(sentence: Cited, cited: Sequence[Passage], evidence: Evidence) -> str:
    topic = [exercise.name for exercise in _exercises_of(sentence, cited, evidence)]
    texts = [passage.text for passage in cited]
    if not has_content(sentence.text, topic=topic) and not read_quantities(sentence.text):
        return "unsupported"
    dose = [
        exercise.dose_words for exercise in _exercises_of(sentence, cited, evidence) if _cites_dose(cited)
    ]
    return unsupported(sentence.text, [*texts, *dose], topic=topic)


def _cites_dose(cited: Sequence[Passage]) -> bool:
    return any(passage.kind == PassageKind.DOSE for passage in cited)


_MODEL_CHECKS = (
    _check_shape,
    _check_leak,
    _check_no_medicine,
    _check_diagnosis,
    _check_kind_words,
    _check_sources,
    _check_refs,
    _check_exercise,
    _check_numbers,
    _check_side,
    _check_other_side,
    _check_put_together,
    _check_who_helps,
    _check_support,
    _check_heard,
)
_OWN_CHECKS = (
    _check_own_shape,
    _check_refs,
    _check_own_names,
    _check_own_numbers,
    _check_asked_side,
    _check_medicine,
    _check_own_kind_words,
    _check_own_heard,
)
