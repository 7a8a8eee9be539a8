"""Named writes on the exercise library and on plans."""

from prescriptions.services.library import (
    copy_library_to_clinic,
    retire_template,
    sign_exercise_version,
    write_exercise_version,
    write_template,
)
from prescriptions.services.plan import (
    PlanLine,
    add_exercise,
    change_dose,
    end_prescription,
    remove_exercise,
    restore_exercise,
    use_template,
    write_note,
    write_prescription,
)
from prescriptions.services.responses import record_response

__all__ = [
    "PlanLine",
    "add_exercise",
    "change_dose",
    "copy_library_to_clinic",
    "end_prescription",
    "record_response",
    "remove_exercise",
    "restore_exercise",
    "retire_template",
    "sign_exercise_version",
    "use_template",
    "write_exercise_version",
    "write_note",
    "write_prescription",
    "write_template",
]
