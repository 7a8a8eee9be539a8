"""What a service refused, said at the form's fields."""

from django.forms import Form

from clinic.errors import Invalid
from prescriptions.errors import TooManyExercises


def add_errors(form: Form, error: Invalid) -> None:
    """Say of each field what was refused; what belongs to none stands above the form."""
    if isinstance(error, TooManyExercises) or not error.fields:
        form.add_error(None, error.words)
        return
    for name, words in error.fields.items():
        form.add_error(name if name in form.fields else None, words)
