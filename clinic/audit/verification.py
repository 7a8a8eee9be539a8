"""Does the chain still hold? Finds a row that was changed, removed or slipped in, and says which.

Each row's hash is computed again from what the row says now, by SQL that this code sends: the database's
own function could have been changed together with the row. A seal finds a chain that was rewritten from
some row on.
"""

from dataclasses import dataclass

from django.db import connection

from clinic.audit.chain import hash_sql
from clinic.audit.seals import is_genuine, seals_of_scope

FAULTS = f"""
WITH linked AS (
    SELECT e.*, lag(e.hash, 1, '') OVER w AS hash_before,
           lag(e.sequence, 1, 0::bigint) OVER w AS sequence_before
    FROM clinic_auditevent e WHERE e.clinic_id IS NOT DISTINCT FROM %s WINDOW w AS (ORDER BY e.sequence)
), children AS (
    SELECT event_id, array_agg(patient_id ORDER BY patient_id) AS patients
    FROM clinic_auditeventpatient GROUP BY event_id
)
SELECT l.sequence, l.id,
       l.hash <> {hash_sql("l", "l.previous_hash")} AS changed,
       l.previous_hash <> l.hash_before AS unlinked,
       l.sequence <> l.sequence_before + 1 AS gap,
       l.patients <> COALESCE(c.patients, '{{}}') AS patients_differ
FROM linked l LEFT JOIN children c ON c.event_id = l.id
ORDER BY l.sequence
"""  # noqa: S608 (no value of anybody's is in it)
ANY_FAULT = "changed OR unlinked OR gap OR patients_differ"
BROKEN = f"SELECT * FROM ({FAULTS}) f WHERE {ANY_FAULT} ORDER BY sequence"  # noqa: S608
WORDS = {
    "changed": "was changed after it was written",
    "unlinked": "does not follow the row before it",
    "gap": "is preceded by missing rows",
    "patients_differ": "lists other patients than its child rows",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken link. `event_id` is 0 where the row is gone."""

    sequence: int
    event_id: int
    words: str

    def __str__(self) -> str:
        row = f"row {self.event_id}" if self.event_id else "a row that is missing"
        return f"event {self.sequence} ({row}) {self.words}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what was found."""

    rows: int
    seals: int
    faults: tuple[Fault, ...]


def verify_chain(clinic_id: int | None) -> Verification:
    """Check the chain of the clinic in scope; `None` is the platform's, inside platform_scope()."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM clinic_auditevent WHERE clinic_id IS NOT DISTINCT FROM %s", [clinic_id]
        )
        (rows,) = cursor.fetchone()
        cursor.execute(BROKEN, [clinic_id])
        found = cursor.fetchall()
    faults = [Fault(row[0], row[1], _words(row[2:])) for row in found]
    seals, seal_faults = _check_seals(clinic_id)
    return Verification(rows=rows, seals=seals, faults=(*faults, *seal_faults))


def _words(broken: tuple[bool, ...]) -> str:
    return ", ".join(words for words, is_broken in zip(WORDS.values(), broken, strict=True) if is_broken)


def _check_seals(clinic_id: int | None) -> tuple[int, list[Fault]]:
    seals = seals_of_scope(clinic_id)
    hashes = _hashes_at(clinic_id, [seal.sequence for seal in seals])
    faults: list[Fault] = []
    for seal in seals:
        event_id, found = hashes.get(seal.sequence, (0, ""))
        if not is_genuine(seal):
            faults.append(Fault(seal.sequence, event_id, "has a seal that our key did not sign"))
        elif found != seal.hash:
            faults.append(Fault(seal.sequence, event_id, "is not the one that was sealed"))
    return len(seals), faults


def _hashes_at(clinic_id: int | None, sequences: list[int]) -> dict[int, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequence, id, hash FROM clinic_auditevent "
            "WHERE clinic_id IS NOT DISTINCT FROM %s AND sequence = ANY(%s)",
            [clinic_id, sequences],
        )
        return {sequence: (event_id, found) for sequence, event_id, found in cursor.fetchall()}
