"""Addresses of the pages about patients, below ``/c/<clinic>/``."""

from django.urls import path

from patients.views import (
    alerts,
    caseload,
    escalations,
    patient_pages,
    patient_record,
    questionnaire_record,
    questionnaires,
)

clinic_urlpatterns = [
    path("today/", patient_pages.today, name="today"),
    path("today/pain/", patient_pages.pain, name="pain"),
    path("stop/", patient_pages.stop, name="stop"),
    path("stop/<uuid:ref>/", patient_pages.stopped, name="stopped"),
    path("messages/", patient_pages.own_messages, name="messages"),
    path("my-record/", patient_pages.privacy, name="privacy"),
    path("my-record/consent/<slug:kind>/", patient_pages.change_consent, name="change_consent"),
    path("questions/", questionnaires.own_questions, name="own_questions"),
    path("questions/not-now/", questionnaires.put_off_questions, name="put_off_questions"),
    path("questions/<uuid:ref>/", questionnaires.own_answers, name="own_answers"),
    path("caseload/", caseload.caseload, name="caseload"),
    path("patients/new/", patient_record.new_patient, name="new_patient"),
    path("patients/<uuid:ref>/", patient_record.patient, name="patient"),
    path("patients/<uuid:ref>/edit/", patient_record.edit_patient, name="edit_patient"),
    path("patients/<uuid:ref>/messages/", patient_record.patient_messages, name="patient_messages"),
    path("patients/<uuid:ref>/care-team/", patient_record.care_team, name="care_team"),
    path(
        "patients/<uuid:ref>/care-team/<uuid:place>/leave/",
        patient_record.leave_care_team,
        name="leave_care_team",
    ),
    path("patients/<uuid:ref>/invite/", patient_record.invite, name="invite"),
    path("patients/<uuid:ref>/lift-hold/", patient_record.lift_hold, name="lift_hold"),
    path("patients/<uuid:ref>/questions/", questionnaire_record.questionnaires, name="questionnaires"),
    path("patients/<uuid:ref>/questions/ask/", questionnaire_record.ask_questions, name="ask_questions"),
    path(
        "patients/<uuid:ref>/questions/<uuid:request_ref>/withdraw/",
        questionnaire_record.withdraw_questions,
        name="withdraw_questions",
    ),
    path(
        "patients/<uuid:ref>/questions/answers.csv",
        questionnaire_record.questionnaires_csv,
        name="questionnaires_csv",
    ),
    path("escalations/", escalations.escalations, name="escalations"),
    path("escalations/closed.csv", escalations.escalations_csv, name="escalations_csv"),
    path("alerts/<uuid:ref>/", alerts.alert, name="alert"),
    path("alerts/<uuid:ref>/acknowledge/", alerts.acknowledge_alert, name="acknowledge_alert"),
    path("alerts/<uuid:ref>/answer/", alerts.answer_alert, name="answer_alert"),
    path("alerts/<uuid:ref>/close/", alerts.close_alert, name="close_alert"),
]
