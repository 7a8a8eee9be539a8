"""A real MQTT broker for one test, and a gateway that speaks to it."""

import queue
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from clinic.config.embedded.processes import free_port, is_port_free
from tests.sessions.devices.gateway import Gateway

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextmanager
def running_broker(folder: Path) -> Iterator[int]:
    """Mosquitto on a free port; answers the port."""
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    process = subprocess.Popen(
        [str(MOSQUITTO), "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 10
        while is_port_free(port) and time.monotonic() < until:
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


class Publisher:
    """A gateway's connection: publishes batches and hears the answers."""

    def __init__(self, gateway: Gateway, *, port: int) -> None:
        self._gateway = gateway
        self._topic = f"plumbline/{gateway.clinic}/{gateway.device.ref.hex}"
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.on_message = lambda _c, _d, message: self.answers.put(orjson.loads(message.payload))
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe(f"{self._topic}/answers", qos=1)

    def send(self, body: dict[str, Any], *, key: str = "", token: str | None = None) -> str:
        """Publish a batch with QoS 1; answers its key."""
        key = key or str(uuid4())
        properties = Properties(PacketTypes.PUBLISH)
        properties.ContentType = "application/json"
        properties.UserProperty = [
            ("Authorization", f"Bearer {self._gateway.token if token is None else token}"),
            ("Idempotency-Key", key),
        ]
        sent = self._client.publish(
            f"{self._topic}/batches", orjson.dumps(body), qos=1, properties=properties
        )
        sent.wait_for_publish(10)
        return key

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()
