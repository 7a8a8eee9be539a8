"""Names of the clinic's people, for the search for names. They stay on the server."""

import re

from clinic.models import Membership
from patients.models import Patient

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def names_of_the_clinic() -> frozenset[str]:
    """Single names of every patient and member of the clinic in scope."""
    names = [name for pair in Patient.objects.values_list("given_name", "family_name") for name in pair]
    names += list(Membership.objects.values_list("display_name", flat=True))
    return frozenset(word for name in names for word in WORD.findall(name))
