"""Addresses of the pages about sessions, below ``/c/<clinic>/``."""

from django.urls import path

from sessions.urls_assistant import assistant_urlpatterns
from sessions.views import (
    answer_pages,
    device_pages,
    movement_pages,
    movement_recording_pages,
    movement_request_pages,
    movement_settings_pages,
    movement_upload_pages,
    own_movement_pages,
    patient_pages,
    therapist_pages,
    video_pages,
)

clinic_urlpatterns = [
    path("sessions/start/", patient_pages.start, name="start"),
    path("sessions/<uuid:ref>/", therapist_pages.session, name="review"),
    path("sessions/<uuid:ref>/live/", patient_pages.live, name="live"),
    path("sessions/<uuid:ref>/pain/after/", patient_pages.pain_after, name="pain_after"),
    path("sessions/<uuid:ref>/summary/", patient_pages.summary, name="summary"),
    path("sessions/<uuid:ref>/sets/<uuid:set_ref>/finish/", patient_pages.finish_set, name="finish_set"),
    path("sessions/<uuid:ref>/sets/<uuid:set_ref>/tap/", patient_pages.tap, name="tap"),
    path("sessions/<uuid:ref>/sets/<uuid:set_ref>/answer/", answer_pages.answer_set, name="answer_set"),
    path("sessions/<uuid:ref>/sets/<uuid:set_ref>/keep/", answer_pages.keep_set, name="keep_set"),
    path("sessions/<uuid:ref>/sets/<uuid:set_ref>/sample/", patient_pages.sample, name="sample"),
    path("sessions/<uuid:ref>/sets/<uuid:set_ref>/motion/", therapist_pages.motion, name="motion"),
    path("sessions/<uuid:ref>/comment/", therapist_pages.comment, name="comment"),
    path("sessions/<uuid:ref>/watch/", therapist_pages.watch, name="watch"),
    path("sessions/<uuid:ref>/export.<slug:file_format>", therapist_pages.export, name="export"),
    path("patients/<uuid:ref>/video/", video_pages.upload, name="upload"),
    path("patients/<uuid:ref>/devices/", device_pages.devices, name="devices"),
    path("movement/", own_movement_pages.own_movement, name="own_movement"),
    path("movement/tests/<slug:kind>/", own_movement_pages.movement_test, name="movement_test"),
    path("movement/recordings/<uuid:ref>/", own_movement_pages.own_recording_page, name="own_recording"),
    path("movement/later/", own_movement_pages.put_off_walk_test, name="put_off_walk_test"),
    path("movement/devices/", device_pages.own_devices, name="own_devices"),
    path("patients/<uuid:ref>/movement/", movement_pages.movement, name="movement"),
    path("patients/<uuid:ref>/movement/export.csv", movement_pages.movement_export, name="movement_export"),
    path("patients/<uuid:ref>/movement/print/", movement_pages.movement_print, name="movement_print"),
    path("patients/<uuid:ref>/movement/days/<str:day>/", movement_pages.movement_day, name="movement_day"),
    path("patients/<uuid:ref>/movement/requests/", movement_request_pages.ask_for_test, name="ask_for_test"),
    path(
        "movement-requests/<uuid:ref>/end/", movement_request_pages.end_test_request, name="end_test_request"
    ),
    path("recordings/<uuid:ref>/", movement_recording_pages.recording, name="recording"),
    path("recordings/<uuid:ref>/bouts/<int:index>/", movement_recording_pages.bout, name="bout"),
    path("recordings/<uuid:ref>/signal/", movement_recording_pages.recording_signal, name="recording_signal"),
    path("recordings/<uuid:ref>/note/", movement_recording_pages.note_recording, name="note_recording"),
    path(
        "recordings/<uuid:ref>/analyse/", movement_recording_pages.analyse_recording, name="analyse_recording"
    ),
    path("recordings/<uuid:ref>/reference/", movement_recording_pages.set_reference, name="set_reference"),
    path("recordings/<uuid:ref>/delete/", movement_recording_pages.delete_recording, name="delete_recording"),
    path(
        "recordings/<uuid:ref>/data.<slug:file_format>",
        movement_recording_pages.recording_data,
        name="recording_data",
    ),
    path(
        "patients/<uuid:ref>/movement/upload/", movement_upload_pages.movement_upload, name="movement_upload"
    ),
    path("movement/upload/", movement_upload_pages.own_movement_upload, name="own_movement_upload"),
    path(
        "movement/uploads/<uuid:ref>/",
        movement_upload_pages.movement_upload_status,
        name="movement_upload_status",
    ),
    path(
        "movement/uploads/<uuid:ref>/columns/",
        movement_upload_pages.movement_columns,
        name="movement_columns",
    ),
    path("settings/movement/", movement_settings_pages.movement_settings_page, name="movement_settings"),
    path("jobs/<uuid:ref>/", video_pages.job, name="job"),
    *assistant_urlpatterns,
]
