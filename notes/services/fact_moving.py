"""A note's facts follow its text. Runs in the caller's transaction, with the note's row locked."""

from notes.models import NoteFact, VisitNote
from notes.text_edits import Edit, edit_between, found_again, moved


def move_facts(note: VisitNote, *, old_text: str, new_text: str) -> None:
    """Move each fact to where its words now stand; a fact whose words are gone goes with them.

    Call wherever a draft's text changes, before or after the new text is stored.
    """
    edit = edit_between(old_text, new_text)
    if edit is None:
        return
    shifted, gone = [], []
    for fact in NoteFact.objects.filter(note=note, end__gt=edit.start):
        place = _place(fact, old_text, new_text, edit)
        if place is None:
            gone.append(fact.pk)
        elif place != (fact.start, fact.end):
            fact.start, fact.end = place
            shifted.append(fact)
    NoteFact.objects.bulk_update(shifted, ["start", "end"])
    NoteFact.objects.filter(pk__in=gone).delete()


def _place(fact: NoteFact, old_text: str, new_text: str, edit: Edit) -> tuple[int, int] | None:
    place = moved(fact.start, fact.end, edit)
    if place is not None:
        return place
    return found_again(old_text[fact.start : fact.end], old_text, new_text, edit)
