"""The answer in short sentences that quote the plan and the passages, each with its sources."""

from collections.abc import Callable, Iterable, Sequence

from sessions.rehab_bot import wording
from sessions.rehab_bot.drafting import (
    Draft,
    asking_which,
    corrected,
    figure_links,
    page_links,
    part_sentences,
    quoted,
    replies_for,
    said,
)
from sessions.rehab_bot.exercise_answers import OF_EXERCISE
from sessions.rehab_bot.intents import (
    NOT_IN_PLAN,
    OF_DOSE,
    OTHER_LANGUAGE,
    REFUSED,
    Intent,
    is_topic,
)
from sessions.rehab_bot.knowledge import shipped_topics
from sessions.rehab_bot.pain_answers import pain_answer
from sessions.rehab_bot.passages import part_ref
from sessions.rehab_bot.types import Found, PassageKind, PlanExercise, QuickReply, Sentence, TurnInput

MOST_SENTENCES = 5
QUOTED_FROM = 0.5
# Of an answer that was not understood so much is said again.
SHORT_ANSWER = 2
# One fixed sentence may well be said twice.
LONG_ENOUGH = 2
OF_NO_PLAN = (
    REFUSED
    | {"greeting", "thanks", "goodbye", "upset", "off_topic", "who", "help", "appointment", "therapist"}
    | {"account", "record", "camera_private", "stop_button", "fall", "sound", "letters", "seen", "costs"}
    | {"my_therapist", "undo", "sources", "discouraged", "ok", "wait", "back", "good_news", OTHER_LANGUAGE}
)
FIXED = {
    "greeting": ("Hello.", "What would you like to know about your exercises?"),
    "thanks": ("You are welcome.",),
    "goodbye": ("Goodbye, and take care.",),
    "ok": ("Good. Ask me when you need me.",),
    "wait": ("Take your time.", "I am here when you need me."),
    "back": ("Welcome back.", "What would you like to know?"),
    "good_news": ("That is good to hear.",),
    "upset": ("I am sorry that I was no help.",),
    "off_topic": ("I can only help with your exercises.",),
    "unclear": ("I am not sure what you mean.", "Please say it in other words, or tap an answer below."),
    OTHER_LANGUAGE: ("I am sorry, I only understand English for now.",),
}
NO_NOTE = "There is no note from your therapist in your plan."
STILL_UNCLEAR = (
    "I still do not know what you mean.",
    "Tap an answer below, or write to your care team under Messages.",
)
IN_SHORT = "Here it is again, in short."
WHICH_PART = "What shall I tell you more about?"
SAID_BEFORE = "If that does not help, write to your care team under Messages."
SMALL_TALK = frozenset(sentence for rows in FIXED.values() for sentence in rows) | {
    "Well done.",
    wording.WRITE,
    "Which exercise do you mean?",
    "How strong is the pain, from 0 to 10?",
    "I am sorry that it hurts.",
    "Your therapist will look at your plan.",
    NO_NOTE,
    *STILL_UNCLEAR,
    IN_SHORT,
    WHICH_PART,
    SAID_BEFORE,
}

__all__ = ["SMALL_TALK", "Draft", "compose"]

Answering = Callable[[TurnInput, Intent], list[Sentence]]


def compose(turn: TurnInput, intent: Intent, found: Sequence[Found]) -> Draft:
    """One to five sentences. Numbers come from the plan only; what is not known is left to a person.

    A correction or article of the clinic that fits well is quoted before anything of ours, but never in
    place of the pain rule, the dose or a refusal.
    """
    if intent.code not in OF_NO_PLAN and (blocked := _blocked(turn)):
        return _drafted(turn, intent, blocked, replies=replies_for("blocked", None))
    if intent.is_ambiguous:
        return asking_which(turn, intent)
    if intent.code in ("pain", "go_on"):
        return pain_answer(turn, intent)
    if intent.is_again:
        return _said_again(turn, intent, found)
    if own := corrected(found, intent):
        return _drafted(turn, intent, quoted(own.passage, most=MOST_SENTENCES))
    sentences = _answered(turn, intent, found)
    if intent.also and intent.also != intent.code:
        sentences = sentences[:3] + _answered(turn, _second(intent), found)[:2]
    return _drafted(turn, intent, _not_twice(turn, sentences))


def _said_again(turn: TurnInput, intent: Intent, found: Sequence[Found]) -> Draft:
    """The heart of the last answer, and what may be asked about; the second time a person is named."""
    exercise = turn.plan.exercise(intent.exercise_code)
    if intent.code == "unclear":
        return _drafted(turn, intent, _unclear(turn), replies=replies_for("again", exercise))
    own = corrected(found, intent)
    answer = quoted(own.passage, most=2) if own else _answered(turn, intent, found)[:SHORT_ANSWER]
    words = [*said((IN_SHORT,)), *answer, *said((WHICH_PART,))]
    return _drafted(turn, intent, words, replies=replies_for("again", exercise))


def _not_twice(turn: TurnInput, sentences: list[Sentence]) -> list[Sentence]:
    """An answer that has just been given word for word was no help: who may help is named."""
    last = _last_answer(turn)
    words = [one.text for one in sentences[:MOST_SENTENCES]]
    if (
        len(words) < LONG_ENOUGH
        or not all(one.sources for one in sentences)
        or " ".join(words) != last
        or wording.WRITE in words
    ):
        return sentences
    return [*sentences[: MOST_SENTENCES - 1], *said((SAID_BEFORE,), "rule:therapist")]


def _last_answer(turn: TurnInput) -> str:
    return next((one.text for one in reversed(turn.earlier) if one.author == "assistant"), "")


def _unclear(turn: TurnInput) -> list[Sentence]:
    """Twice in a row the same words of regret help nobody."""
    last = _last_answer(turn)
    if FIXED["unclear"][0] in last or IN_SHORT in last:
        return [*said(STILL_UNCLEAR[:1]), *said(STILL_UNCLEAR[1:], "rule:therapist")]
    return said(FIXED["unclear"])


def _second(intent: Intent) -> Intent:
    return Intent(
        intent.also, exercise_code=intent.exercise_code, named=intent.named, question=intent.question
    )


def _drafted(
    turn: TurnInput,
    intent: Intent,
    sentences: Iterable[Sentence],
    *,
    replies: tuple[QuickReply, ...] | None = None,
) -> Draft:
    exercise = turn.plan.exercise(intent.exercise_code)
    kept = tuple({sentence.text: sentence for sentence in sentences if sentence.text}.values())[
        :MOST_SENTENCES
    ]
    topic = shipped_topics().get(intent.code)
    needs_person = any(sentence.text == wording.WRITE for sentence in kept)
    page = topic.page if topic else ("messages" if needs_person else "")
    return Draft(
        sentences=kept,
        quick_replies=replies_for(intent.code, exercise) if replies is None else replies,
        links=(*figure_links(exercise), *page_links(turn, page)),
        exercise_code=intent.exercise_code,
        intent=intent.code,
    )


def _blocked(turn: TurnInput) -> list[Sentence]:
    """What is said instead when nothing may be done: a hold, or no plan yet."""
    if turn.plan.on_hold or turn.is_held:
        return said(wording.ON_HOLD, "plan:hold" if turn.plan.on_hold else "plan:today")
    return (
        []
        if turn.plan.exercises
        else [*said(wording.NO_PLAN, "plan:today"), *said((wording.WRITE,), "rule:therapist")]
    )


def _answered(turn: TurnInput, intent: Intent, found: Sequence[Found]) -> list[Sentence]:
    if intent.code == NOT_IN_PLAN:
        return _not_in_plan(turn, intent)
    if intent.code in OF_DOSE:
        return _of_dose(turn, intent)
    if intent.code in OF_PLAN:
        return OF_PLAN[intent.code](turn, intent)
    exercise = turn.plan.exercise(intent.exercise_code)
    if exercise is not None and intent.code in OF_EXERCISE:
        return OF_EXERCISE[intent.code](exercise)
    if is_topic(intent.code):
        return _of_topic(turn, intent)
    if intent.code in FIXED and intent.code != "unclear":
        return _fixed(turn, intent)
    return _from_found(found) or _unclear(turn)


def _of_dose(turn: TurnInput, intent: Intent) -> list[Sentence]:
    meant = intent.named if len(intent.named) > 1 else (intent.exercise_code,)
    exercises = [one for one in turn.plan.exercises if one.code in meant]
    if len(exercises) == 1:
        return _dose_of_one(exercises[0], intent.code, said_before=_last_answer(turn))
    if intent.code == "frequency" and not exercises:
        return said((*wording.days_of_all(turn.plan), wording.NO_FIXED_DAYS), "plan:schedule")
    return [
        Sentence(wording.asked_sentence(one, intent.code), (part_ref(one.code, PassageKind.DOSE),))
        for one in exercises or turn.plan.exercises
    ]


def _dose_of_one(exercise: PlanExercise, code: str, *, said_before: str) -> list[Sentence]:
    """What was asked for, then what else there is to do, unless that was told just before."""
    ref = part_ref(exercise.code, PassageKind.DOSE)
    own = {"rest": wording.rest_sentence, "hold": wording.hold_sentence}.get(code)
    more = [each for each in wording.dose_in_short(exercise) if each not in said_before]
    more = [each for each in more if own is None or each != own(exercise)]
    sentences = [wording.asked_sentence(exercise, code), *more]
    if code == "load":
        return said((sentences[0], *shipped_topics()["band"].text[2:]), ref, "rule:band")
    answer = said(sentences[:4], ref)
    if code == "hold" and not exercise.hold_s:
        steps = [step for step in exercise.instructions if "hold" in step.lower()]
        answer[1:] = said(steps, part_ref(exercise.code, PassageKind.HOW)) + answer[1:2]
    return answer


def _today(turn: TurnInput, intent: Intent) -> list[Sentence]:
    return said(wording.today_sentences(turn.plan), "plan:today")


def _first(turn: TurnInput, intent: Intent) -> list[Sentence]:
    left = wording.left_today(turn.plan)
    now = [wording.next_sentence(left[0])] if left and not turn.plan.is_done else []
    return [*said(wording.order_sentences(turn.plan), "plan:schedule"), *said(now, "plan:today")]


def _next(turn: TurnInput, intent: Intent) -> list[Sentence]:
    codes = [one.code for one in turn.plan.exercises]
    if intent.named and intent.exercise_code in codes:
        place = codes.index(intent.exercise_code)
        return said((wording.after_sentence(turn.plan, place),), "plan:schedule")
    left = wording.left_today(turn.plan)
    if not left or turn.plan.is_rest_day:
        return _today(turn, intent)
    dose = part_ref(left[0].code, PassageKind.DOSE)
    return [
        *said((wording.next_sentence(left[0]),), "plan:today"),
        *said((wording.dose_sentence(left[0]),), dose),
    ]


def _minutes(turn: TurnInput, intent: Intent) -> list[Sentence]:
    plan = turn.plan
    if plan.is_done or plan.is_rest_day or not plan.minutes:
        return _today(turn, intent)
    sentences = wording.today_sentences(plan)
    return said((sentences[1], sentences[0]), "plan:today")


def _left(turn: TurnInput, intent: Intent) -> list[Sentence]:
    return said(wording.today_sentences(turn.plan), "plan:today")


def _schedule(turn: TurnInput, intent: Intent) -> list[Sentence]:
    return said(wording.schedule_sentences(turn.plan), "plan:schedule")


def _rest_day(turn: TurnInput, intent: Intent) -> list[Sentence]:
    days = (*wording.days_of_all(turn.plan)[:2], wording.NO_FIXED_DAYS)
    return [*said(wording.today_sentences(turn.plan)[:1], "plan:today"), *said(days, "plan:schedule")]


def _done(turn: TurnInput, intent: Intent) -> list[Sentence]:
    """What Today still shows may have been done all the same: only sessions are noted."""
    left = wording.left_today(turn.plan)
    if not left or turn.plan.is_rest_day or turn.plan.on_hold:
        return [*said(("Well done.",)), *said(wording.today_sentences(turn.plan)[:2], "plan:today")]
    topic = shipped_topics()["not_noted"]
    open_still = f"On Today these are still to do: {wording.listed([one.name for one in left])}."
    return [*said(("Well done.",)), *said((open_still,), "plan:today"), *said(topic.text[:1], topic.ref)]


def _counted(turn: TurnInput, intent: Intent) -> list[Sentence]:
    """A count without a walk-through: nothing runs in which it could be noted."""
    topic = shipped_topics()["not_noted"]
    less = shipped_topics()["less"]
    return [
        *said(("Well done.",)),
        *said(("I can note how many you did while I walk you through your exercises.",), "app:help"),
        *said(topic.text[:1], topic.ref),
        *said(less.text[:1], less.ref),
    ]


def _my_therapist(turn: TurnInput, intent: Intent) -> list[Sentence]:
    """Who wrote the plan is all that is known here of who cares for the patient."""
    name = turn.plan.therapist_name.strip()
    told = said((f"Your plan is by {name}.",), "plan:schedule") if name and turn.plan.exercises else []
    return [*told, *said(shipped_topics()["therapist"].text, "rule:therapist")]


def _back(turn: TurnInput, intent: Intent) -> list[Sentence]:
    if not wording.left_today(turn.plan) or turn.plan.on_hold:
        return said(FIXED["back"])
    return [*said(FIXED["back"][:1]), *said(wording.today_sentences(turn.plan)[:1], "plan:today")]


def _note(turn: TurnInput, intent: Intent) -> list[Sentence]:
    exercises = [one for one in turn.plan.exercises if one.patient_note.strip()]
    if intent.exercise_code:
        exercises = [one for one in exercises if one.code == intent.exercise_code]
    author, sentences = turn.plan.therapist_name, []
    if turn.plan.note_to_patient.strip() and not intent.exercise_code:
        sentences += said((wording.note_sentence(author, turn.plan.note_to_patient),), "plan:note")
    for one in exercises:
        words = f"{one.name}: {wording.note_sentence(author, one.patient_note)}"
        sentences += said((words,), f"exercise:{one.code}:note")
    return sentences or [*said((NO_NOTE,)), *said((wording.WRITE,), "rule:therapist")]


def _walk(turn: TurnInput, intent: Intent) -> list[Sentence]:
    return [
        *said(wording.today_sentences(turn.plan)[:1], "plan:today"),
        *said(shipped_topics()["starting"].text, "app:starting"),
    ]


OF_PLAN: dict[str, Answering] = {
    "today": _today,
    "first": _first,
    "next": _next,
    "minutes": _minutes,
    "left": _left,
    "schedule": _schedule,
    "rest_day": _rest_day,
    "done": _done,
    "counted": _counted,
    "my_therapist": _my_therapist,
    "back": _back,
    "note": _note,
    "start_walk": _walk,
    "no_plan": _schedule,
    "why_rest": _today,
}


def _of_topic(turn: TurnInput, intent: Intent) -> list[Sentence]:
    topic = shipped_topics()[intent.code]
    before: list[Sentence] = []
    exercise = turn.plan.exercise(intent.exercise_code)
    if exercise is not None and intent.code in ("more", "band", "rest_rule"):
        asked = {"more": "dose", "band": "load", "rest_rule": "rest"}[intent.code]
        before = said((wording.asked_sentence(exercise, asked),), part_ref(exercise.code, PassageKind.DOSE))
    if exercise is not None and intent.code in ("stop_when", "equipment", "shaking", "place", "support"):
        part = {
            "stop_when": PassageKind.SAFETY,
            "equipment": PassageKind.START,
            "place": PassageKind.START,
            "shaking": PassageKind.SAFETY,
            "support": PassageKind.TIP,
        }
        before = part_sentences(exercise, part[intent.code])[:2]
    sentences = [*before, *said(topic.text, topic.ref)]
    if intent.code == "missed" and wording.left_today(turn.plan):
        sentences += said((wording.next_sentence(wording.left_today(turn.plan)[0]),), "plan:today")
    if intent.code in NEEDS_PERSON:
        sentences += said((wording.WRITE,), "rule:therapist")
    return sentences


NEEDS_PERSON = frozenset({"injection", "ice_heat", "other_activity", "progress"})


def _fixed(turn: TurnInput, intent: Intent) -> list[Sentence]:
    sentences = said(FIXED[intent.code])
    if intent.code in ("upset", OTHER_LANGUAGE):
        sentences += said((wording.WRITE,), "rule:therapist")
    if intent.code == "off_topic":
        sentences += said(shipped_topics()["help"].text[:1], "app:help")
    return sentences


def _not_in_plan(turn: TurnInput, intent: Intent) -> list[Sentence]:
    named = intent.missing.capitalize() or "That"
    whole = wording.schedule_sentences(turn.plan)[0]
    return [
        *said((f"{named} is not in your plan.", whole), "plan:schedule"),
        *said((wording.WRITE,), "rule:therapist"),
    ]


def _from_found(found: Sequence[Found]) -> list[Sentence]:
    best = next((one for one in found if one.score >= QUOTED_FROM), None)
    return quoted(best.passage, most=4) if best is not None else []
