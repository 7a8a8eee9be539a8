"""What the assistant understood, in the care team's words."""

from functools import cache

from sessions.rehab_bot.knowledge import shipped_topics

INTENT_WORDS = {
    "how": "How to do it",
    "start": "How to begin the movement",
    "tips": "What to watch for",
    "safety": "When to stop, and care",
    "about": "What it is for",
    "dose": "How many",
    "frequency": "How often",
    "rest": "How long to rest between",
    "hold": "How long to hold",
    "side": "Which side",
    "load": "How much weight or band",
    "first": "What comes first",
    "today": "What is for today",
    "minutes": "How long it takes",
    "left": "What is left",
    "next": "What comes next",
    "schedule": "Which days",
    "rest_day": "A day without exercises",
    "done": "Said that it is done",
    "start_walk": "To be walked through",
    "walk": "Within the walk-through",
    "pain": "Pain",
    "go_on": "Whether to go on",
    "note": "The therapist's note",
    "counted": "How many were done",
    "my_therapist": "Who the therapist is",
    "back": "Said to be back",
    "wait": "A moment",
    "ok": "Said to have understood",
    "good_news": "Doing well",
    "greeting": "A greeting",
    "thanks": "Thanks",
    "goodbye": "A goodbye",
    "upset": "Not happy with an answer",
    "off_topic": "Something else than the programme",
    "no_plan": "No programme yet",
    "why_rest": "Why to rest",
    "danger": "Danger",
    "held": "Said while held",
    "pace": "Too many at once",
    "screen": "Asked back about danger",
    "unclear": "Not understood",
    "exercise": "An exercise, by its name only",
    "not_in_plan": "An exercise that is not in the plan",
    "other_language": "Another language",
}


def intent_words(code: str) -> str:
    """ "How to do it" for "how"; a topic's own title."""
    return INTENT_WORDS.get(code) or _topic_titles().get(code) or code.replace("_", " ").capitalize()


@cache
def _topic_titles() -> dict[str, str]:
    return {topic.code: topic.title for topic in shipped_topics().values()}
