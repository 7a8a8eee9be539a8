"""Where a sentence of the assistant comes from, in a patient's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from prescriptions.selectors import PlannedExercise
from sessions.models import ArticleVersion

PARTS = {
    "how": "how to",
    "start": "how to",
    "tip": "tips",
    "safety": "take care",
    "about": "what it is for",
}
SHOWN_BY_THE_FIGURE = frozenset({"how", "start", "tip"})
FROM_PLAN = "from your plan"
FROM_CLINIC = "from your clinic"
FROM_CARE_TEAM = "from your care team"
FROM_THERAPIST = "from your therapist"
FROM_PAIN_RULE = "from your clinic's pain rule"
GENERAL_ADVICE = "general advice"
PAIN_RULES = frozenset({"pain", "morning"})
# What the assistant says of itself, when it may not answer, needs no source.
OF_ITSELF = frozenset(
    {"medicine", "diagnosis", "other_people", "injection", "appointment", "therapist", "assistant", "help"}
)
ABOUT_APP = "about Plumbline"
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Source:
    """What stands below an answer. `exercise` is the planned exercise whose page says more, if any."""

    words: str
    exercise: PlannedExercise | None = None
    is_shown_by_figure: bool = False


def sources_of(
    refs: Iterable[str], *, exercises: Mapping[str, PlannedExercise], titles: Mapping[str, str]
) -> tuple[Source, ...]:
    """The sources of an answer, each once, in the order of quoting; unknown ones are left out."""
    found = (_source(ref.split(":"), exercises=exercises, titles=titles) for ref in refs)
    return tuple({source.words: source for source in found if source is not None}.values())


def _source(
    ref: Sequence[str], *, exercises: Mapping[str, PlannedExercise], titles: Mapping[str, str]
) -> Source | None:
    kind, name, part = (*ref, "", "", "")[:3]
    if kind == "exercise" and name in exercises and part in PARTS:
        words = f"from {exercises[name].name}, {PARTS[part]}"
        return Source(words, exercises[name], is_shown_by_figure=part in SHOWN_BY_THE_FIGURE)
    if kind == "article":
        return Source(f"from “{titles[name]}”" if name in titles else FROM_CLINIC)
    words = _words_of(kind, name, part)
    return Source(words) if words else None


def _words_of(kind: str, name: str, part: str) -> str:
    """The words of a source that no page of its own says more about; empty for an unknown one."""
    if "note" in (name, part):
        return FROM_THERAPIST
    if kind == "plan" or (kind == "exercise" and part == "dose"):
        return FROM_PLAN
    if kind == "correction":
        return FROM_CARE_TEAM
    if kind not in ("rule", "app") or name in OF_ITSELF:
        return ""
    if kind == "app":
        return ABOUT_APP
    return FROM_PAIN_RULE if name in PAIN_RULES else GENERAL_ADVICE


def titles_of(refs: Iterable[str]) -> dict[str, str]:
    """The titles of the quoted articles, by the reference of the version that was quoted."""
    quoted = {found for ref in refs if ref.startswith("article:") and (found := _as_uuid(ref[8:]))}
    if not quoted:
        return {}
    rows = ArticleVersion.objects.filter(ref__in=quoted).values_list("ref", "title")
    return {str(ref): title[:LONGEST_TITLE] for ref, title in rows}


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
