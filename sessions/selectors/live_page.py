"""What the patient's live page needs to know of a session."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from patients.models import Patient
from prescriptions.movement.figure import UnknownFigure, keyframes
from prescriptions.movement.imu_rules import ImuRules, NoSensorRules, can_be_sensed
from sessions.effort import EFFORT_CHOICES
from sessions.models import Device, ExerciseSet, TherapySession
from sessions.selectors.adjustments import adjustment_for_page, adjustment_to_show
from sessions.selectors.review import set_label, sets_of


@dataclass(frozen=True, slots=True)
class LiveSetCard:
    """One set on the page that works without scripts."""

    exercise_set: ExerciseSet
    label: str


def live_cards(session: TherapySession) -> list[LiveSetCard]:
    """The session's sets with their labels, in order."""
    sets = sets_of(session)
    return [LiveSetCard(one, set_label(one, among=sets)) for one in sets]


def live_config(
    session: TherapySession, cards: list[LiveSetCard], *, urls: dict[str, str], ws_path: str, worn_path: str
) -> dict[str, Any]:
    """The settings of ``<pl-live-session>``, as static/sessions/README.md documents them."""
    sets = [card.exercise_set for card in cards]
    totals = Counter((one.exercise_version_id, one.side) for one in sets)
    return {
        "session_ref": str(session.ref),
        "mode": session.mode,
        "simulated": session.simulated,
        "voice": True,
        "ws_path": ws_path,
        "worn_path": worn_path if wears_a_sensor(session.patient) else None,
        "urls": urls,
        "labels": {},
        "efforts": [asdict(choice) for choice in EFFORT_CHOICES],
        "adjustment": adjustment_for_page(adjustment_to_show(session)),
        "sets": [_set(one, sets_total=totals[one.exercise_version_id, one.side]) for one in sets],
    }


def wears_a_sensor(patient: Patient) -> bool:
    """Whether the patient has a sensor that may send by itself."""
    return Device.objects.filter(patient=patient, revoked_at=None).exists()


def _set(one: ExerciseSet, *, sets_total: int) -> dict[str, Any]:
    return {
        "ref": str(one.ref),
        "set_number": one.set_number,
        "sets_total": sets_total,
        "state": one.state,
        "side": one.side,
        "view": one.view,
        "target_repetitions": one.target_repetitions,
        "target_hold_s": one.target_hold_s,
        "rest_s": one.rest_s,
        "sensor": sensor_places(one.spec, side=one.side),
        "exercise": _exercise(one),
    }


PLACE_NAMES = {
    "pocket": "In a front pocket",
    "chest": "On the chest",
    "waist": "At the waist, in front",
    "lower_back": "At the small of the back",
}


def sensor_places(spec: dict[str, Any], *, side: str) -> list[dict[str, str]]:
    """Where a phone may sit to count this exercise, and how to fix it; empty when none can count it."""
    try:
        rules = ImuRules.from_spec(spec)
    except NoSensorRules:
        return []
    return [
        {"placement": placement, "name": _place_name(placement), "words": place.words}
        for placement, place in rules.placements_for(side).items()
    ]


def sensor_note(spec: dict[str, Any]) -> str:
    """What stands beside an exercise that no sensor can count."""
    return "" if can_be_sensed(spec) else "With the phone as sensor, you count this one by tapping."


def _place_name(placement: str) -> str:
    """ "On the left thigh", "In the right hand"."""
    limb, _, part = placement.partition("_")
    if part == "wrist":
        return f"In the {limb} hand"
    return PLACE_NAMES.get(placement) or f"On the {limb} {part}"


def _figure(code: str, *, side: str) -> dict[str, Any] | None:
    """The moving figure; an exercise of the clinic's own has none."""
    try:
        return keyframes(code, side=side)
    except UnknownFigure:
        return None


def _exercise(one: ExerciseSet) -> dict[str, Any]:
    spec = one.spec
    return {
        "code": spec["code"],
        "name": spec["name"],
        "kind": spec.get("kind", "repetitions"),
        "position": spec.get("position", "standing"),
        "camera": spec["views"][one.view].get("camera", ""),
        "instructions": spec.get("instructions", []),
        "figure": _figure(spec["code"], side=one.side),
    }
