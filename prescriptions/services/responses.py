"""What came back from sessions: the dose that was done and how well, per prescribed exercise."""

from datetime import date
from uuid import UUID

from django.db import transaction

from prescriptions.models import ExerciseResponse, PrescribedExercise


def record_response(
    prescribed: PrescribedExercise,
    *,
    session_ref: UUID,
    day: date,
    sets_done: int = 0,
    repetitions_done: int = 0,
    repetitions_correct: int = 0,
    repetitions_mild: int = 0,
    repetitions_significant: int = 0,
    repetitions_not_scored: int = 0,
    sets_asked: int | None = None,
    repetitions_asked: int | None = None,
    effort: int | None = None,
    pain_during: int | None = None,
    range_share: float | None = None,
) -> ExerciseResponse:
    """Store what one session did of one exercise on the patient's `day`; a second call replaces the first.

    A one-sided exercise done left and right counts two sets. Repetitions that no rule judged are not scored.
    What was asked is the plan's dose, before anything was made easier on the way. `effort` (the hardest set)
    and `pain_during` (the worst): 0 to 10; `range_share`: median peak over the target's lower end. None for
    what nobody said and nothing measured.
    """
    done = {
        "patient_id": prescribed.prescription.patient_id,
        "day": day,
        "sets_done": sets_done,
        "repetitions_done": repetitions_done,
        "repetitions_correct": repetitions_correct,
        "repetitions_mild": repetitions_mild,
        "repetitions_significant": repetitions_significant,
        "repetitions_not_scored": repetitions_not_scored,
        "sets_asked": sets_asked,
        "repetitions_asked": repetitions_asked,
        "effort": effort,
        "pain_during": pain_during,
        "range_share": range_share,
    }
    with transaction.atomic():
        response, _ = ExerciseResponse.objects.update_or_create(
            prescribed_exercise=prescribed, session_ref=session_ref, defaults=done
        )
    return response
