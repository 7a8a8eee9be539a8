"""Load what a turn needs before the first patient asks; reads no patient's row and answers nobody."""

from collections.abc import Iterator

from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope
from patients.red_flags.hearing import hear
from prescriptions import library
from sessions.rehab_bot.types import TurnInput
from sessions.selectors.assistant.providers import active_provider
from sessions.services.assistant.answering import library_of

QUESTION = "How do I do the first one again?"


def load_parts() -> Iterator[str]:
    """Load one part after the other, and tell the name of each once it is there.

    The encoder is the first: while it is loaded it takes 100 MiB more than it keeps.
    """
    library_of(())
    yield "encoder"
    heard = hear([QUESTION])
    yield "hearing"
    from sessions.rehab_bot.evaluation.plans import plan_of
    from sessions.rehab_bot.graph import Ports, answer_turn

    # All shipped exercises, which clinics copy: the encoder remembers what is written about them.
    answer_turn(TurnInput(QUESTION, plan_of(library.codes()), heard), Ports(library=library_of))
    yield "graph"


def is_model_switched_on() -> bool:
    """Whether any clinic's turns are answered by a model, which a worker asks."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        with clinic_scope(clinic_id):
            if active_provider() is not None:
                return True
    return False
