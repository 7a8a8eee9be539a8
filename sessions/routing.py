"""Websocket addresses of sessions."""

from django.urls import path

from sessions.consumers import UpdatesConsumer, WatchConsumer
from sessions.ingest import recording_stream, stream

websocket_urlpatterns = [
    path("ws/c/<slug:clinic_slug>/sets/<uuid:set_ref>/stream/", stream),  # type: ignore[arg-type]
    path("ws/c/<slug:clinic_slug>/recordings/<uuid:recording_ref>/stream/", recording_stream),  # type: ignore[arg-type]
    path("ws/c/<slug:clinic_slug>/sessions/<uuid:session_ref>/watch/", WatchConsumer.as_asgi()),
    path("ws/c/<slug:clinic_slug>/sessions/<uuid:session_ref>/updates/", UpdatesConsumer.as_asgi()),
]
