"""What a therapist who watches live may read beside the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.models import TherapySession

SENSOR_BLIND_WORDS = {
    "wrong_place": "The sensor sits where it cannot count this exercise",
    "slow_sensor": "The sensor is too slow to judge form",
    "wrong_unit": "The sensor's numbers are in another unit",
    "loose": "The sensor shakes, so form is not judged",
    "not_scored": "The last repetition was not scored",
}
BLIND_WORDS = {
    "nobody": "The camera sees nobody",
    "wrong_view": "The camera looks from another side than this exercise needs",
    **SENSOR_BLIND_WORDS,
}


@dataclass(frozen=True, slots=True)
class SetCard:
    """The words of one set: exercise, target, and the cue texts by code."""

    exercise: str
    target: int | None
    cues: Mapping[str, str]

    def describe(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """Words for a summary that carries codes only."""
        code, blind = summary.get("cue"), summary.get("not_scored")
        cue = {"code": code, "words": self.cues.get(str(code), ""), "severity": summary.get("severity")}
        return {
            "exercise": self.exercise,
            "target": self.target,
            "cue": cue if code else None,
            "not_scored": {"code": blind, "words": words_for_blind(blind)} if blind else None,
        }


def words_for_blind(code: str) -> str:
    """What the camera does not see, from the code that travels instead of words."""
    if code.startswith("hidden_"):
        return f"The camera does not see the {code.removeprefix('hidden_').replace('_', ' ')}"
    return BLIND_WORDS.get(code, "The camera does not see enough")


def _rules_of(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a camera judges, and what a sensor does."""
    return [*spec.get("criteria", []), *spec.get("imu", {}).get("criteria", [])]


def set_cards(session: TherapySession) -> dict[str, SetCard]:
    """Cards of a session's sets by their refs."""
    sets = session.sets.select_related("exercise_version")
    return {
        str(one.ref): SetCard(
            exercise=str(one.spec.get("name", "")),
            target=one.target_repetitions,
            cues={rule["code"]: rule["cue"] for rule in _rules_of(one.spec)},
        )
        for one in sets
    }
