"""Named writes on the exercise library and on plans."""

from prescriptions.services.adapting.bounding import set_bounds
from prescriptions.services.adapting.deciding import (
    accept_proposal,
    edit_proposal,
    reject_proposal,
    undo_decision,
)
from prescriptions.services.adapting.learning import Replay, learn, replay_learner
from prescriptions.services.adapting.proposing import (
    propose_after_pain,
    propose_after_session,
    propose_after_stop,
    propose_dose,
    propose_what_was_left,
    review_dose,
    review_plan,
)
from prescriptions.services.adapting.protocols import use_shipped_protocol, write_protocol
from prescriptions.services.adapting.rewarding import reward_decisions
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
    swap_exercise,
    use_template,
    write_note,
    write_prescription,
)
from prescriptions.services.responses import record_response

__all__ = [
    "PlanLine",
    "Replay",
    "accept_proposal",
    "add_exercise",
    "change_dose",
    "copy_library_to_clinic",
    "edit_proposal",
    "end_prescription",
    "learn",
    "propose_after_pain",
    "propose_after_session",
    "propose_after_stop",
    "propose_dose",
    "propose_what_was_left",
    "record_response",
    "reject_proposal",
    "remove_exercise",
    "replay_learner",
    "restore_exercise",
    "retire_template",
    "review_dose",
    "review_plan",
    "reward_decisions",
    "set_bounds",
    "sign_exercise_version",
    "swap_exercise",
    "undo_decision",
    "use_shipped_protocol",
    "use_template",
    "write_exercise_version",
    "write_note",
    "write_prescription",
    "write_protocol",
    "write_template",
]
