"""What a therapist allows for one prescribed exercise."""

from dataclasses import asdict, replace

from django.db import transaction

from clinic.audit import record
from clinic.errors import Forbidden
from clinic.models import Membership, Role
from patients.red_flags import PAIN_RULE
from prescriptions.adapt_rx.ladders import Ladder
from prescriptions.adapt_rx.types import Bounds
from prescriptions.dose import RANGES
from prescriptions.errors import BoundsRefused
from prescriptions.models import DoseBounds, PrescribedExercise
from prescriptions.selectors.adapting.bounds import bounds_of
from prescriptions.selectors.adapting.states import dose_state_of
from prescriptions.services.adapting import open_proposals
from prescriptions.services.locking import lock_exercise

COLUMNS = ("adaptive", "pinned", "forbid_progression", "within_session")
PAIRS = (("least_rung", "most_rung"), ("least_sets", "most_sets"), ("least_repetitions", "most_repetitions"))
MANY = 50


def set_bounds(prescribed: PrescribedExercise, bounds: Bounds, *, by: Membership) -> DoseBounds:
    """Store the bounds; a proposal that was made within other ones is closed.

    What may happen within a session says nothing about a proposal.

    Raises BoundsRefused with a word for each field, PlanEnded.
    """
    if by.role != Role.THERAPIST:
        raise Forbidden
    with transaction.atomic():
        line = lock_exercise(prescribed)
        state = dose_state_of(line)
        faults = faults_of(bounds, ladder=state.ladder if state else None)
        if faults:
            raise BoundsRefused(faults)
        changed = replace(bounds_of(line), within_session=bounds.within_session) != bounds
        row, _ = DoseBounds.objects.update_or_create(
            prescribed_exercise=line, defaults={**_columns(bounds), "changed_by": by}
        )
        if changed:
            open_proposals.supersede([line], why=open_proposals.BOUNDS_CHANGED)
        patient = line.prescription.patient
        record("change", patient=patient.pk, object_type="prescriptions.DoseBounds", object_ref=row.ref)
    return row


def _columns(bounds: Bounds) -> dict[str, object]:
    stored = asdict(bounds)
    columns: dict[str, object] = {name: stored.pop(name) for name in COLUMNS}
    return {**columns, "equipment": list(stored.pop("equipment")), "limits": stored}


def faults_of(bounds: Bounds, *, ladder: Ladder | None) -> dict[str, str]:
    """What does not fit, by field. Without a ladder there is no variation or resistance to limit."""
    rungs = len(ladder.rungs) if ladder else 1
    resistances = max((len(rung.resistances) for rung in ladder.rungs), default=1) if ladder else 1
    ranges = {
        "least_rung": (0, rungs - 1),
        "most_rung": (0, rungs - 1),
        "least_sets": RANGES["sets"],
        "most_sets": RANGES["sets"],
        "least_repetitions": RANGES["repetitions"],
        "most_repetitions": RANGES["repetitions"],
        "most_hold_s": RANGES["hold_s"],
        "most_resistance": (0, resistances - 1),
    }
    faults = {
        name: f"From {least} to {most}."
        for name, (least, most) in ranges.items()
        if not _is_within(getattr(bounds, name), least, most)
    }
    for least, most in PAIRS:
        low, high = getattr(bounds, least), getattr(bounds, most)
        if not {least, most} & faults.keys() and low is not None and high is not None and low > high:
            faults[most] = "The most cannot be under the least."
    # The limit of the pain rule is the most that anybody may be asked to bear: it can only be lowered.
    if bounds.pain_limit is None or not _is_within(bounds.pain_limit, 0, PAIN_RULE.limit):
        faults["pain_limit"] = f"From 0 to {PAIN_RULE.limit}."
    known = set(ladder.equipment_codes) if ladder else set()
    if len(bounds.equipment) > MANY or not known.issuperset(bounds.equipment):
        faults["equipment"] = "This exercise does not use that equipment."
    return faults


def _is_within(value: object, least: int, most: int) -> bool:
    if value is None:
        return True
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
