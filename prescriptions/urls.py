"""Addresses of the pages about plans and exercises, below ``/c/<clinic>/``."""

from django.urls import path

from prescriptions.views import (
    comparison,
    dose_bounds,
    dose_log,
    dosing_settings,
    editor,
    library,
    patient_pages,
    proposals,
)

clinic_urlpatterns = [
    path("today/exercises/<uuid:ref>/", patient_pages.today_exercise, name="today_exercise"),
    path("today/handout/", patient_pages.handout, name="handout"),
    path("patients/<uuid:ref>/prescription/", editor.prescription, name="prescription"),
    path("patients/<uuid:ref>/prescription/template/", editor.use_template, name="use_template"),
    path("patients/<uuid:ref>/prescription/add/", editor.add_exercise, name="add_exercise"),
    path("patients/<uuid:ref>/prescription/note/", editor.write_note, name="write_note"),
    path("patients/<uuid:ref>/prescription/end/", editor.end_prescription, name="end_prescription"),
    path(
        "patients/<uuid:ref>/prescription/history/", editor.prescription_history, name="prescription_history"
    ),
    path("patients/<uuid:ref>/prescription/print/", editor.print_prescription, name="print_prescription"),
    path("prescribed-exercises/<uuid:ref>/dose/", editor.change_dose, name="change_dose"),
    path("prescribed-exercises/<uuid:ref>/remove/", editor.remove_exercise, name="remove_exercise"),
    path("prescribed-exercises/<uuid:ref>/restore/", editor.restore_exercise, name="restore_exercise"),
    path("prescribed-exercises/<uuid:ref>/bounds/", dose_bounds.dose_bounds, name="dose_bounds"),
    path("prescribed-exercises/<uuid:ref>/propose/", proposals.ask_proposal, name="ask_proposal"),
    path("patients/<uuid:ref>/doses/", dose_log.dose_log, name="dose_log"),
    path("patients/<uuid:ref>/doses/export.csv", dose_log.dose_log_export, name="dose_log_export"),
    path("patients/<uuid:ref>/doses/accept-easier/", proposals.accept_easier, name="accept_easier"),
    path("dose-decisions/<uuid:ref>/accept/", proposals.accept_proposal, name="accept_proposal"),
    path("dose-decisions/<uuid:ref>/edit/", proposals.edit_proposal, name="edit_proposal"),
    path("dose-decisions/<uuid:ref>/reject/", proposals.reject_proposal, name="reject_proposal"),
    path("dose-decisions/<uuid:ref>/undo/", proposals.undo_decision, name="undo_decision"),
    path("settings/dosing/", dosing_settings.dosing_settings, name="dosing_settings"),
    path("settings/dosing/protocol/", dosing_settings.edit_protocol, name="edit_protocol"),
    path("settings/dosing/comparison/", comparison.comparison, name="comparison"),
    path("settings/dosing/comparison/run/", comparison.run_comparison, name="run_comparison"),
    path("settings/dosing/comparison/<uuid:ref>/", comparison.comparison_run, name="comparison_run"),
    path("settings/dosing/comparison/<uuid:ref>/cancel/", comparison.cancel_run, name="cancel_run"),
    path(
        "settings/dosing/comparison/<uuid:ref>/export.json",
        comparison.comparison_export,
        name="comparison_export",
    ),
    path("exercises/", library.exercises, name="exercises"),
    path("exercises/<slug:code>/", library.exercise, name="exercise"),
    path("exercises/<slug:code>/edit/", library.edit_exercise, name="edit_exercise"),
    path("exercises/<slug:code>/sign/", library.sign_exercise, name="sign_exercise"),
    path("exercises/<slug:code>/figure.json", library.figure, name="figure"),
    path("programmes/", library.programmes, name="programmes"),
    path("programmes/new/", library.new_programme, name="new_programme"),
    path("programmes/<uuid:ref>/retire/", library.retire_programme, name="retire_programme"),
]
