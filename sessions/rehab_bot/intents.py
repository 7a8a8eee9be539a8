"""What a patient wants to know: one code of a fixed list, the exercise it is about, and any pain named.

Likeness to shipped wordings (nearest neighbours over sentence vectors, or over words where the encoder is
missing) plus cues. Names of exercises are taken out first, so that "how many clamshells" and "how many
lunges" are one question. It is no safety rule: danger is heard elsewhere, before.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sessions.rehab_bot.again import asks_again
from sessions.rehab_bot.counting import count_said
from sessions.rehab_bot.encoder import Encoder, encoder_or_none
from sessions.rehab_bot.exercise_names import ANY, Named, find_exercises, is_short, last_named
from sessions.rehab_bot.intent_model import fit_of
from sessions.rehab_bot.knowledge import shipped_topics, shipped_wordings
from sessions.rehab_bot.languages import is_english
from sessions.rehab_bot.pain_words import HAS_PAIN, NO_PAIN, is_strong, pain_number
from sessions.rehab_bot.patient_words import clauses_of, mended, words_of
from sessions.rehab_bot.types import TurnInput

UNCLEAR, OVERVIEW, NOT_IN_PLAN, OTHER_LANGUAGE = "unclear", "exercise", "not_in_plan", "other_language"
FLOOR = 0.52
SHORT_FLOOR, FEW_WORDS = 0.7, 2
SECOND_FLOOR = 0.85
MOST_CLAUSES = 4
WHOLE_PLAN_AT_MOST = 4
OF_DOSE = frozenset({"dose", "frequency", "rest", "hold", "side", "load"})
OF_ONE_EXERCISE = OF_DOSE | {"how", "start", "tips", "safety", "about"}
OF_PAIN = frozenset({"pain", "go_on"})
REFUSED = frozenset({"injection", "other_people", "medicine", "diagnosis"})
COUNTED = "counted"
SMALL_TALK = frozenset(
    {"greeting", "thanks", "goodbye", "upset", "off_topic", "done", "ok", "wait", "back", "good_news"}
)
POINTS_BACK = re.compile(
    r"\b(?:it|that|this|them|they|those|these|same one|there)\b|^(?:and|what about|how about)\b"
)
BARE_NAME = re.compile(
    r"^(?:and|ok|so|then|now|also|what about|how about|the|with|for|or|please|hi|hello|[ ,])*this exercise"
    r"(?:then|too|now|please|one|[ ?!.])*$"
)
POINTED = re.compile(
    r"\b(do|doing|does|skip|with|of|for|in|during|about|hate|like|is) (?:it|that|them|those|these)(?: one)?\b"
    r"|\b(?:this|that|the same) one\b"
)
LETTER = re.compile(r"[a-z]")
SIDES = re.compile(r"\b(left|right)\b")
GREETED = re.compile(
    r"^(?:(?:hello|hi|hey|hiya|dear|good (?:morning|afternoon|evening|day))(?: there| again| dear|"
    r" all)?[ ,.!;:-]+)+"
)
THERAPIST = "therapist"
SAYS_SHE = re.compile(r"\b(?:she|he)\b(?! (?:can|could|may|should) (?:do|help|join|use|try))")
OF_SOMEBODY = re.compile(
    r"\b(?:husband|wife|mother|mum|mom|father|dad|daughter|son|friend|brother|sister|neighbou?r|partner|child|kid)"
)


@dataclass(frozen=True, slots=True)
class Intent:
    """`code` is an intent or topic; `exercise_code` the exercise it is about, empty for none or not clear.

    `candidates`: exercises that may be meant, more than one only where the words fit several. `named`: all
    that were named. `also`: a second question in the same turn. `pain` 0 to 10; `is_strong` where words
    call it strong. `missing`: an exercise that is named but not in the plan. `is_again`: the last answer was
    not understood, and this is what it was about.
    """

    code: str
    exercise_code: str = ""
    candidates: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    pain: int | None = None
    is_strong: bool = False
    sides: tuple[str, ...] = ()
    also: str = ""
    missing: str = ""
    score: float = 0.0
    question: str = ""
    is_again: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Whether to ask "which exercise do you mean?"."""
        return not self.exercise_code and not self.named and len(self.candidates) > 1


def all_intents() -> frozenset[str]:
    """Every code that `read_intent` may answer."""
    return frozenset(shipped_wordings()) | {UNCLEAR, OVERVIEW, NOT_IN_PLAN, OTHER_LANGUAGE}


def read_intent(turn: TurnInput, *, encoder: Encoder | None = None) -> Intent:
    """Read what the newest words want, with earlier turns and an open question in mind.

    Without `encoder` the pinned one is loaded; where it cannot be had, words alone decide.
    """
    encoder = encoder or encoder_or_none()
    if asks_again(turn.text):
        return _asked_before(turn, encoder)
    text = _with_therapist(_without_greeting(mended(turn.text)), turn)
    if turn.asked is not None and (answered := _as_answer(turn, text, encoder)):
        return answered
    named = find_exercises(text, turn.plan)
    if count_said(turn.text) is not None:
        return Intent(COUNTED, named=named.codes, score=1.0, question=text)
    scores = _scores(_pointing(named), encoder)
    code, score, also = _best(scores)
    if not LETTER.search(text) or score < _floor(text) or (code not in REFUSED and not is_english(turn.text)):
        code = _without_question(turn, named)
    intent = Intent(code, named=named.codes, score=score, also=also, missing=named.missing, question=text)
    return _settled(turn, _with_pain(intent, text), named, encoder)


def _asked_before(turn: TurnInput, encoder: Encoder | None) -> Intent:
    """What the last question was about; unclear where there was none, or where it was said again already."""
    asked = [place for place, said in enumerate(turn.earlier) if said.author == "patient"]
    if not asked or asks_again(turn.earlier[asked[-1]].text):
        return Intent(UNCLEAR, is_again=True)
    before = replace(
        turn, text=turn.earlier[asked[-1]].text, earlier=turn.earlier[: asked[-1]], asked=None, pain_hit=None
    )
    intent = read_intent(before, encoder=encoder)
    code = UNCLEAR if intent.code in SMALL_TALK | {COUNTED} else intent.code
    return replace(intent, code=code, is_again=True, also="")


def _without_greeting(text: str) -> str:
    """The question that follows a greeting; a greeting alone stays."""
    rest = GREETED.sub("", text)
    return rest if len(words_of(rest)) > 1 else text


def _with_therapist(text: str, turn: TurnInput) -> str:
    """With the therapist's name, and "she" where nobody else is spoken of, as "my therapist"."""
    names = [name for name in mended(turn.plan.therapist_name).split() if len(name) > 1 and name.isalpha()]
    for name in names:
        text = re.sub(rf"\b(?:dr |mrs |mr |ms |miss )?{name}\b", f"my {THERAPIST}", text)
    text = re.sub(rf"\b(?:my |the )?my {THERAPIST}(?: my {THERAPIST})*\b", f"my {THERAPIST}", text)
    return text if OF_SOMEBODY.search(text) else SAYS_SHE.sub(f"my {THERAPIST}", text)


def _floor(text: str) -> float:
    """A word or two are like many wordings by chance."""
    return SHORT_FLOOR if len(words_of(text)) <= FEW_WORDS else FLOOR


def _pointing(named: Named) -> str:
    """The text with "do it" as "do this exercise", unless an exercise is named beside."""
    if named.codes or named.missing:
        return named.rest
    return POINTED.sub(lambda found: f"{found[1] or ''} {ANY}".strip(), named.rest)


def _as_answer(turn: TurnInput, text: str, encoder: Encoder | None) -> Intent | None:
    """The words as an answer to what was left open, or None where they are something else."""
    asked = turn.asked
    if asked is None or not asked.text:
        return None
    if asked.kind == "exercise":
        named = find_exercises(text, turn.plan, is_answer=True)
        meant = [code for code in named.codes if code in asked.choices] if len(words_of(text)) <= 8 else []
        if len(meant) == 1:
            before = read_intent(replace(turn, text=asked.text, asked=None), encoder=encoder)
            return replace(before, exercise_code=meant[0], candidates=(), named=(meant[0],), missing="")
    if asked.kind == "pain" and is_short(text) and (pain := pain_number(text, is_answer=True)) is not None:
        before = read_intent(replace(turn, text=asked.text, asked=None), encoder=encoder)
        return replace(before, code="pain", pain=pain, also="", missing="", candidates=())
    return None


def _without_question(turn: TurnInput, named: Named) -> str:
    if not is_english(turn.text):
        return OTHER_LANGUAGE
    if named.missing:
        return NOT_IN_PLAN
    return OVERVIEW if named.codes else UNCLEAR


def _with_pain(intent: Intent, text: str) -> Intent:
    """With the pain named; a number turns a question about pain into a report of it."""
    if intent.code in REFUSED or not (HAS_PAIN.search(text) or NO_PAIN.search(text) or "10" in text):
        return intent
    pain = pain_number(text)
    is_rated = not (HAS_PAIN.search(text) or NO_PAIN.search(text))
    told = (
        is_rated
        or intent.code in OF_PAIN
        or intent.code
        in (
            "soreness",
            "morning_pain",
            "pain_rule",
            "safety",
            "stop_when",
            UNCLEAR,
            OVERVIEW,
        )
    )
    code = "pain" if pain is not None and told and intent.code != "morning_pain" else intent.code
    if code in (UNCLEAR, OVERVIEW) or (code == "go_on" and HAS_PAIN.search(text)):
        code = "pain"
    return replace(
        intent, code=code, pain=pain, is_strong=is_strong(text), also="" if code == "pain" else intent.also
    )


def _settled(turn: TurnInput, intent: Intent, named: Named, encoder: Encoder | None) -> Intent:
    """With the exercise that is meant, from the words, the walk, or what was said before."""
    sides = tuple(dict.fromkeys(SIDES.findall(intent.question)))
    intent = replace(intent, sides=sides)
    if named.missing and not named.codes:
        asks_plan = intent.code in OF_ONE_EXERCISE | {
            UNCLEAR,
            OVERVIEW,
            NOT_IN_PLAN,
            "schedule",
            "more",
            "today",
        }
        return replace(intent, code=NOT_IN_PLAN if asks_plan else intent.code)
    if named.codes and intent.code == "start_walk":
        intent = replace(intent, code="how")
    if named.code or named.is_several:
        is_bare = intent.code in (OVERVIEW, UNCLEAR) or BARE_NAME.match(named.rest) is not None
        followed = _followed_up(turn, intent, encoder) if is_bare else intent
        return replace(followed, exercise_code=named.codes[0], named=named.codes)
    if named.codes:
        return replace(intent, candidates=named.codes, named=())
    return _from_before(turn, intent)


def _from_before(turn: TurnInput, intent: Intent) -> Intent:
    if intent.code not in OF_ONE_EXERCISE | OF_PAIN | {
        "skip",
        "less",
        "more",
        "next",
        "feel_where",
        "form",
        "note",
    }:
        return intent
    plan = turn.plan
    if len(plan.exercises) == 1:
        return replace(intent, exercise_code=plan.exercises[0].code)
    newest = [said.text for said in turn.earlier if said.author == "patient"][-1:]
    if just_named := last_named(newest, plan) if intent.code in OF_ONE_EXERCISE else "":
        return replace(intent, exercise_code=just_named)
    if turn.walk is not None and turn.walk.waiting_for != "over" and turn.walk.exercise_code:
        return replace(intent, exercise_code=turn.walk.exercise_code)
    points = POINTS_BACK.search(intent.question) or is_short(intent.question)
    earlier = [said.text for said in reversed(turn.earlier)][:6]
    before = last_named(earlier, plan) if points else ""
    if before:
        return replace(intent, exercise_code=before)
    if intent.code not in OF_ONE_EXERCISE:
        return intent
    if intent.code in OF_DOSE and len(plan.exercises) <= WHOLE_PLAN_AT_MOST:
        return intent
    return replace(intent, candidates=tuple(dict.fromkeys(one.code for one in plan.exercises)))


def _followed_up(turn: TurnInput, intent: Intent, encoder: Encoder | None) -> Intent:
    """ "And the squat?" asks of the squat what was asked before."""
    asked = [said.text for said in reversed(turn.earlier) if said.author == "patient"][:1]
    if not asked or not is_short(intent.question):
        return replace(intent, code=OVERVIEW)
    before, score, _ = _best(_scores(find_exercises(mended(asked[0]), turn.plan).rest, encoder))
    return replace(intent, code=before if score >= FLOOR and before in OF_ONE_EXERCISE else OVERVIEW)


def _best(scores: Sequence[dict[str, float]]) -> tuple[str, float, str]:
    """The best code over the whole text and its clauses, its score, and a second question's code."""
    best: dict[str, float] = {}
    for number, one in enumerate(scores):
        for code, score in one.items():
            fitting = score if number == 0 else score * (0.9 if code in SMALL_TALK else 0.97)
            best[code] = max(best.get(code, 0.0), fitting)
    ranked = sorted(best, key=lambda code: (-best[code], code))
    tops = {max(one, key=lambda code: (one[code], code)) for one in scores[1:]}
    first = ranked[0]
    also = [
        code for code in ranked[1:] if code in tops and best[code] >= SECOND_FLOOR and code not in SMALL_TALK
    ]
    return first, best[first], also[0] if also else ""


def _scores(text: str, encoder: Encoder | None) -> list[dict[str, float]]:
    """How well the text, then each of its clauses, fits each intent."""
    clauses = [clause for clause in clauses_of(text) if len(words_of(clause)) > 1]
    texts = [text, *(clauses[:MOST_CLAUSES] if len(clauses) > 1 else [])]
    return fit_of(texts, encoder)


def is_topic(code: str) -> bool:
    """Whether an intent is answered by one of Plumbline's own topics."""
    return code in shipped_topics()
