"""Find patients by the beginning of a name, with an index that row-level security can use."""

from django.db.models import Q, QuerySet

from patients.models import Patient, name_key

LAST_LETTER = "\U0010ffff"
MOST_WORDS = 4


def find_patients(patients: QuerySet[Patient], text: str) -> QuerySet[Patient]:
    """Patients of whom a name begins with each word of `text`; upper case and accents do not matter."""
    for word in name_key(text).split()[:MOST_WORDS]:
        after = word + LAST_LETTER
        patients = patients.filter(
            Q(family_key__gte=word, family_key__lt=after) | Q(given_key__gte=word, given_key__lt=after)
        )
    return patients
