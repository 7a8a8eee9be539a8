"""Named reads of patients. Everything that opens one patient's record goes through `access`."""

from patients.selectors.access import (
    access_alert,
    access_patient,
    check_patient_access,
    patient_of,
    patients_for,
)
from patients.selectors.caseload import Caseload, CaseloadQuery, caseload_of
from patients.selectors.escalations import (
    EscalationQuery,
    answer_times,
    closed_alerts_of,
    open_alert_count,
    queue_of,
)
from patients.selectors.pain import next_morning_due, pain_reports_of, usual_pain_of
from patients.selectors.record import (
    active_episode,
    alerts_of,
    asked_questions,
    care_team_of,
    colleagues_not_on_team,
    consents_of,
    has_consent,
    last_unread_for_patient,
    messages_of,
    open_alerts_of,
    open_hold,
    standing_reasons,
    timeline_of,
    week_of,
)

__all__ = [
    "Caseload",
    "CaseloadQuery",
    "EscalationQuery",
    "access_alert",
    "access_patient",
    "active_episode",
    "alerts_of",
    "answer_times",
    "asked_questions",
    "care_team_of",
    "caseload_of",
    "check_patient_access",
    "closed_alerts_of",
    "colleagues_not_on_team",
    "consents_of",
    "has_consent",
    "last_unread_for_patient",
    "messages_of",
    "next_morning_due",
    "open_alert_count",
    "open_alerts_of",
    "open_hold",
    "pain_reports_of",
    "patient_of",
    "patients_for",
    "queue_of",
    "standing_reasons",
    "timeline_of",
    "usual_pain_of",
    "week_of",
]
