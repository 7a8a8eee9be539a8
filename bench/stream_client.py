"""Patients of the stream benchmark: many sockets in one process on the other core.

Sends frames at their own pace and notes, for each message, when the first reply came that covers it.
Speaks just enough of
the websocket protocol to cost little: frames are masked with zeros, so they can be made before the clock
starts.
"""

import asyncio
import base64
import json
import os
import struct
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

FRAME_BYTES = 940
FRAME_MS = 1000.0 / 30.0
AT_ONCE = 8


def masked(opcode: int, payload: bytes) -> bytes:
    """A client's websocket frame; a mask of zeros leaves the payload as it is."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    return head + b"\0\0\0\0" + payload


class Patient(asyncio.Protocol):
    """One socket: upgrades, says hello, streams, and measures."""

    def __init__(
        self,
        job: dict[str, Any],
        port: int,
        messages: list[bytes],
        frames_per_message: int,
        *,
        frame_ms: float = FRAME_MS,
    ) -> None:
        self.job, self.port, self.frames_per_message = job, port, frames_per_message
        self.frame_ms = frame_ms
        self.messages = messages
        self.welcomed = asyncio.Event()
        self.closed = asyncio.Event()
        self.sent_at: list[float] = []
        self.answered = 0
        self.delays_s: list[float] = []
        self.last_state: dict[str, Any] = {}
        self.errors: list[str] = []
        self.skipping = False
        self._buffer = bytearray()
        self._is_open = False

    @property
    def is_echo(self) -> bool:
        return self.job["path"].endswith("/echo/")

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self.job['path']} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://127.0.0.1:{self.port}\r\nCookie: {self.job['cookie']}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._buffer.startswith(b"HTTP/1.1 101"):
                self.errors.append(bytes(self._buffer[:60]).decode(errors="replace"))
                self.transport.close()
                return
            del self._buffer[: end + 4]
            self._is_open = True
            self._greet()
        self._read_frames()

    def _greet(self) -> None:
        if self.is_echo:
            self.welcomed.set()
        else:
            self.transport.write(
                masked(1, json.dumps({"type": "hello", "header": self.job["header"]}).encode())
            )

    def _read_frames(self) -> None:
        buffer = self._buffer
        while len(buffer) >= 2:
            length, start = buffer[1] & 0x7F, 2
            if length == 126:
                if len(buffer) < 4:
                    return
                length, start = int.from_bytes(buffer[2:4], "big"), 4
            if len(buffer) < start + length:
                return
            opcode, payload = buffer[0] & 0x0F, bytes(buffer[start : start + length])
            del buffer[: start + length]
            self._take(opcode, payload)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 2:
            self._answered(self.answered + 1)
        elif opcode == 1:
            self._hear(json.loads(payload))
        elif opcode == 9:
            self.transport.write(masked(10, payload))
        elif opcode == 8:
            code = int.from_bytes(payload[:2], "big")
            if code != 1000:
                self.errors.append(f"closed {code}")
            self.closed.set()
            self.transport.close()

    def _hear(self, said: dict[str, Any]) -> None:
        if said["type"] == "state":
            self.last_state = said
            self.skipping = self.skipping or said["skipping"]
            self._answered((said["seen"] + 1) // self.frames_per_message)
        elif said["type"] == "welcome":
            self.welcomed.set()
        elif said["type"] == "error":
            self.errors.append(said["code"])

    def _answered(self, messages: int) -> None:
        now = time.perf_counter()
        for index in range(self.answered, min(messages, len(self.sent_at))):
            self.delays_s.append(now - self.sent_at[index])
        self.answered = max(self.answered, messages)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed.set()
        self.welcomed.set()

    async def stream(self, start_at: float) -> None:
        """Send each message when its last frame would have been taken; then end."""
        every = self.frames_per_message * self.frame_ms / 1000.0
        for index, message in enumerate(self.messages):
            due = start_at + index * every
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            if self.closed.is_set():
                self.errors.append("connection lost")
                return
            self.sent_at.append(time.perf_counter())
            self.transport.write(message)
        await asyncio.sleep(0.5)

    async def end(self) -> None:
        """Say that the set is done, and wait until the server has stored it."""
        if self.is_echo or self.closed.is_set():
            self.transport.close()
            return
        self.transport.write(masked(1, b'{"type": "end"}'))
        async with asyncio.timeout(60):
            await self.closed.wait()


def cut(raw: bytes, frames_per_message: int, *, frame_bytes: int = FRAME_BYTES) -> list[bytes]:
    """Frames as websocket messages, ready to be sent."""
    step = frames_per_message * frame_bytes
    return [masked(2, raw[at : at + step]) for at in range(0, len(raw) - len(raw) % step, step)]


def numbers(port: int) -> dict[str, Any]:
    """What the server counted since the last question."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/numbers", timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def _patient(job: dict[str, Any], plan: dict[str, Any]) -> Patient:
    """A plan may name another frame than the camera's: its bytes and milliseconds."""
    size, frame_bytes = plan["frames_per_message"], plan.get("frame_bytes", FRAME_BYTES)
    raw = Path(job["motion"]).read_bytes()[: plan["frames"] * frame_bytes]
    messages = cut(raw, size, frame_bytes=frame_bytes)
    return Patient(job, plan["port"], messages, size, frame_ms=plan.get("frame_ms", FRAME_MS))


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """All patients of a plan at once; answers delays and last states."""
    loop, port, size = asyncio.get_running_loop(), plan["port"], plan["frames_per_message"]
    patients = [_patient(job, plan) for job in plan["jobs"]]
    gate = asyncio.Semaphore(AT_ONCE)

    async def join(patient: Patient) -> None:
        async with gate, asyncio.timeout(60):
            await loop.create_connection(lambda: patient, "127.0.0.1", port)
            await patient.welcomed.wait()

    await asyncio.gather(*(join(patient) for patient in patients))
    before = await asyncio.to_thread(numbers, port)
    began, used = time.perf_counter() + 0.2, time.process_time()
    spread = size * plan.get("frame_ms", FRAME_MS) / 1000.0 / len(patients)
    await asyncio.gather(*(patient.stream(began + n * spread) for n, patient in enumerate(patients)))
    seconds, used = time.perf_counter() - began, time.process_time() - used
    after = await asyncio.to_thread(numbers, port)
    await asyncio.gather(*(patient.end() for patient in patients))
    return {
        "seconds": seconds,
        "client_cpu_s": used,
        "before": before,
        "after": after,
        "patients": [
            {
                "set": patient.job.get("set"),
                "count": patient.last_state.get("count"),
                "ack": patient.last_state.get("ack"),
                "skipping": patient.skipping,
                "errors": patient.errors,
                "sent": len(patient.sent_at),
                "answered": len(patient.delays_s),
                "delays_s": patient.delays_s,
            }
            for patient in patients
        ],
    }


if __name__ == "__main__":
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    print(json.dumps(asyncio.run(run(json.loads(Path(sys.argv[1]).read_text())))))
