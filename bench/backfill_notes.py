"""The made-up clinic of the back-fill benchmark: its notes, its run, and what the run left."""

from typing import Any

from django.db.models import Avg, Count
from django.db.models.functions import Length
from django.utils import timezone

from bench.backfill import AT_ONCE, invented
from clinic.models import Clinic, Membership, User
from clinic.tenancy.scope import clinic_scope
from notes.models import NoteFact, ReadingRun, VisitNote
from notes.services.backfill import notes_to_read, resume_reading, start_reading
from patients.models import Patient

CHARACTERS_A_WORD = 6


def make_clinic(count: int) -> Clinic:
    """A clinic with one patient and so many drafts that nobody has read."""
    clinic = Clinic.objects.create(slug="bench", name="Benchmark", simulated=True)
    with clinic_scope(clinic.pk):
        user = User.objects.create_user("therapist@example.org", "not-used-not-used")
        author = Membership.objects.create(user=user, role="therapist", display_name="Therapist")
        patient = Patient.objects.create(given_name="Bench", family_name="Patient", simulated=True)
        today = timezone.now().date()
        rows = [
            VisitNote(
                patient=patient, author=author, kind="soap", title="Visit note", occurred_on=today, text=text
            )
            for text in invented(count)
        ]
        VisitNote.objects.bulk_create(rows, batch_size=AT_ONCE)
    return clinic


def start(clinic: Clinic) -> ReadingRun:
    """Begin to read them all."""
    with clinic_scope(clinic.pk):
        return start_reading(by=None)


def go_on(clinic: Clinic, run: ReadingRun) -> None:
    """Resume, as the page and `read_notes --resume` do."""
    with clinic_scope(clinic.pk):
        resume_reading(run, by=None)


def done_of(clinic: Clinic, run: ReadingRun) -> int:
    """How many notes the run has done."""
    with clinic_scope(clinic.pk):
        return ReadingRun.objects.values_list("done", flat=True).get(pk=run.pk)


def outcome(clinic: Clinic, run: ReadingRun) -> dict[str, Any]:
    """Counts of the whole clinic after the run."""
    with clinic_scope(clinic.pk):
        run.refresh_from_db()
        notes = notes_to_read(run)
        facts = NoteFact.objects.order_by().values("note", "start", "end", "label")
        doubled = facts.annotate(times=Count("pk")).filter(times__gt=1).count()
        length = notes.aggregate(length=Avg(Length("text")))["length"]
        unread = notes.exclude(read_by=run.read_by).count()
        without_facts = notes.annotate(facts_found=Count("facts")).filter(facts_found=0).count()
        return {
            "done": run.done,
            "total": run.total,
            "lost": unread + without_facts,
            "doubled": doubled,
            "reader": run.read_by,
            "words": length / CHARACTERS_A_WORD,
        }
