"""The same files in a bucket: a small store that speaks just enough S3."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import environ
import pytest

from clinic.config.settings.motion import DISK, motion_storage
from sessions import motion_files
from sessions.motion_files import MotionFileCorrupt
from tests.factories.movement import make_analysed_recording, make_signal


class Store(BaseHTTPRequestHandler):
    """Objects in memory: PUT, GET, HEAD, DELETE."""

    objects: dict[str, bytes] = {}

    def do_PUT(self) -> None:
        self.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200)

    def do_GET(self) -> None:
        self._answer(200 if self.path in self.objects else 404, self.objects.get(self.path, b""))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.objects.pop(self.path, None)
        self._answer(204)

    def log_message(self, *_args: object) -> None:
        """Quiet."""

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 09:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def bucket(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """Sensor files in a bucket, by setting; answers its objects."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PLUMBLINE_MOTION_STORAGE", "s3")
    monkeypatch.setenv("PLUMBLINE_MOTION_BUCKET", "walks")
    monkeypatch.setenv("PLUMBLINE_MOTION_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("PLUMBLINE_MOTION_REGION", "eu-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.STORAGES = {**settings.STORAGES, "motion": motion_storage(environ.Env())}
    Store.objects.clear()
    yield Store.objects
    server.shutdown()
    server.server_close()


def test_disk_is_the_default(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PLUMBLINE_MOTION_STORAGE", raising=False)
    assert motion_storage(environ.Env()) == DISK


def test_a_recording_in_a_bucket(north, bucket):
    recording = make_analysed_recording(north.paul)
    assert recording.state == "analysed", recording.failure
    assert list(bucket) == [f"/walks/{recording.file_key}"]
    window = motion_files.read_signal(recording.file_key, start_s=5.0, end_s=6.0)
    assert (window.t_s[0], window.t_s[-1]) == (5.0, 6.0)


def test_a_damaged_and_a_missing_object(bucket):
    stored = motion_files.write_pieces("1/a.parquet", [make_signal(10)])
    bucket["/walks/1/a.parquet"] = bucket["/walks/1/a.parquet"][:-100]
    with pytest.raises(MotionFileCorrupt):
        motion_files.read_signals("1/a.parquet", sha256=stored.sha256)
    motion_files.delete_file("1/a.parquet")
    with pytest.raises(MotionFileCorrupt) as told:
        motion_files.read_signals("1/a.parquet")
    assert told.value.code == "missing"
