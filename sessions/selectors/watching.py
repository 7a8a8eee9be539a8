"""What a therapist who watches live may read beside the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.models import TherapySession


@dataclass(frozen=True, slots=True)
class SetCard:
    """The words of one set: exercise, target, and the cue texts by code."""

    exercise: str
    target: int | None
    cues: Mapping[str, str]

    def describe(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """Words for a summary that carries codes only."""
        code = summary.get("cue")
        cue = {"code": code, "words": self.cues.get(code, "")} if code else None
        return {"exercise": self.exercise, "target": self.target, "cue": cue}


def set_cards(session: TherapySession) -> dict[str, SetCard]:
    """Cards of a session's sets by their refs."""
    sets = session.sets.select_related("exercise_version")
    return {
        str(one.ref): SetCard(
            exercise=str(one.spec.get("name", "")),
            target=one.target_repetitions,
            cues={rule["code"]: rule["cue"] for rule in one.spec.get("criteria", [])},
        )
        for one in sets
    }
