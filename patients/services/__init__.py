"""Named writes on patients. Each owns its transaction, its audit line and its event."""

from patients.services.alerts import (
    AlertRule,
    acknowledge_alert,
    close_alert,
    lift_exercise_hold,
    raise_alert,
)
from patients.services.answering import answer_alert
from patients.services.answering_questions import AnsweredNow, Given, answer_questions, hear_words
from patients.services.attention import clear_attention, review_attention, review_caseload, set_attention
from patients.services.days import set_exercise_day, set_planned_days
from patients.services.hearing import HeardNow, Origin, answer_screening, hear_patient
from patients.services.logins import invite_patient
from patients.services.messages import Sent, deliver_message, hear_message, mark_read, send_message
from patients.services.pain import ReportedPain, report_pain, when_pain_reported
from patients.services.people import (
    Identity,
    Problem,
    add_to_care_team,
    create_patient,
    give_consent,
    remove_from_care_team,
    set_height,
    update_patient,
    withdraw_consent,
    write_episode,
)
from patients.services.questionnaires import ask_questions, put_off_questions, withdraw_questions
from patients.services.stopping import Stopped, stop_exercising, when_stopped
from patients.services.timeline import add_timeline_entry

__all__ = [
    "AlertRule",
    "AnsweredNow",
    "Given",
    "HeardNow",
    "Identity",
    "Origin",
    "Problem",
    "ReportedPain",
    "Sent",
    "Stopped",
    "acknowledge_alert",
    "add_timeline_entry",
    "add_to_care_team",
    "answer_alert",
    "answer_questions",
    "answer_screening",
    "ask_questions",
    "clear_attention",
    "close_alert",
    "create_patient",
    "deliver_message",
    "give_consent",
    "hear_message",
    "hear_patient",
    "hear_words",
    "invite_patient",
    "lift_exercise_hold",
    "mark_read",
    "put_off_questions",
    "raise_alert",
    "remove_from_care_team",
    "report_pain",
    "review_attention",
    "review_caseload",
    "send_message",
    "set_attention",
    "set_exercise_day",
    "set_height",
    "set_planned_days",
    "stop_exercising",
    "update_patient",
    "when_pain_reported",
    "when_stopped",
    "withdraw_consent",
    "withdraw_questions",
    "write_episode",
]
