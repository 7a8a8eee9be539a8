"""From an MQTT broker to the device API's service: the same batches, checks and answers, without HTTP.

A gateway publishes to ``<prefix>/<clinic>/<sensor>/batches`` with QoS 1 and hears the outcome on
``…/answers``. A message is acknowledged to the broker only when the batch is stored or refused for good, so
a crash or a lost database loses nothing: the broker sends it again, and the batch's key keeps it single.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import paho.mqtt.client as mqtt
import structlog
from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, close_old_connections
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from clinic.audit import record
from clinic.audit.actor import Actor, acting
from clinic.errors import HouseError, TooOften
from clinic.models import Clinic
from clinic.pace import Pace, count_sent
from clinic.tenancy.scope import clinic_scope
from sessions import services
from sessions.device_batches import LARGEST_SENT_BYTES, BatchRefused, parse_batch, too_large, unzip
from sessions.errors import DeviceNotKnown
from sessions.models import Device

log = structlog.get_logger(__name__)

# The database is away or busy. Anything else is the batch's own fault, and would hold up all other sensors if
# it were tried for ever.
AWAY = (OperationalError, InterfaceError, InternalError)
WRONG_KEYS = Pace(most=30, in_s=60)
QUEUED_WHILE_AWAY_S = 7 * 24 * 3600
MOST_IN_FLIGHT = 20


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to sign in; `prefix` is the first part of every topic."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    uses_tls: bool = False
    prefix: str = "plumbline"
    client_id: str = "plumbline-bridge"


class Bridge:
    """One connection to a broker; `run` serves it until `stop`."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._topic = re.compile(
            rf"{re.escape(broker.prefix)}/(?P<slug>[a-z0-9-]{{1,40}})/(?P<device>[0-9a-f-]{{32,36}})/batches"
        )
        self._client = self._new_client()
        self._was_refused = ""
        self._stopping = threading.Event()
        self.is_ready = threading.Event()

    def run(self) -> None:
        """Serve until `stop`. Raises OSError when there is no broker, PermissionError when it refuses us."""
        self._client.connect(
            self._broker.host,
            self._broker.port,
            clean_start=False,
            properties=_connect_properties(),
        )
        self._client.loop_forever(retry_first_connection=False)
        if self._was_refused:
            raise PermissionError(self._was_refused)

    def stop(self) -> None:
        """Leave the broker; it keeps what comes meanwhile."""
        self._stopping.set()
        self._client.disconnect()

    def _new_client(self) -> mqtt.Client:
        client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=self._broker.client_id,
            protocol=mqtt.MQTTv5,
            manual_ack=True,
        )
        if self._broker.username:
            client.username_pw_set(self._broker.username, self._broker.password)
        if self._broker.uses_tls:
            client.tls_set()
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._was_refused = f"The broker refused us: {reason}"
            client.disconnect()
            return
        client.subscribe(f"{self._broker.prefix}/+/+/batches", qos=1)
        log.info("mqtt_connected")

    def _on_subscribe(self, _client: Any, _data: Any, _mid: Any, _reasons: Any, _properties: Any) -> None:
        self.is_ready.set()

    def _on_message(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        answer = self._store_patiently(message)
        if answer is None:
            return
        client.publish(message.topic.removesuffix("batches") + "answers", orjson.dumps(answer), qos=0)
        client.ack(message.mid, message.qos)

    def _store_patiently(self, message: mqtt.MQTTMessage) -> dict[str, Any] | None:
        """The outcome; None when we stop before the database is back, and the broker keeps the message."""
        wait_s = 1.0
        while not self._stopping.is_set():
            try:
                return self._store(message)
            except AWAY:
                log.exception("mqtt_batch_not_stored")
                close_old_connections()
                self._stopping.wait(wait_s)
                wait_s = min(30.0, 2 * wait_s)
            except Exception:
                log.exception("mqtt_batch_broken")
                return {"status": "refused", "detail": "This batch could not be read."}
        return None

    def _store(self, message: mqtt.MQTTMessage) -> dict[str, Any]:
        said = _properties_of(message)
        try:
            return self._store_checked(message, said)
        except BatchRefused as refused:
            return _answer(said, {"status": "refused", **refused.to_dict()})
        except TooOften as error:
            return _answer(said, {"status": "later", "retry_after_s": error.retry_after_s})
        except HouseError as error:
            return _answer(said, {"status": "refused", "detail": error.words})

    def _store_checked(self, message: mqtt.MQTTMessage, said: Mapping[str, str]) -> dict[str, Any]:
        place = self._topic.fullmatch(message.topic)
        clinic = Clinic.objects.filter(slug=place["slug"]).first() if place else None
        if place is None or clinic is None:
            raise DeviceNotKnown
        if len(message.payload) > LARGEST_SENT_BYTES:
            raise too_large()
        with clinic_scope(clinic.pk), acting(Actor(via="api")):
            device = _device(said, place["device"])
            count_sent(device.pk, "device_batches", Pace(most=settings.DEVICE_BATCHES_A_MINUTE, in_s=60))
            body = unzip(bytes(message.payload), encoding=said.get("content-encoding", ""))
            batch = parse_batch(
                body,
                content_type=said.get("content-type", ""),
                key=said.get("idempotency-key", ""),
                set_ref=said.get("exercise-set", ""),
            )
            stored = services.store_batch(device, batch)
        close_old_connections()
        outcome = {"status": "stored" if stored.is_new else "known", "samples": stored.sample_count}
        return _answer({"idempotency-key": str(batch.key)}, outcome)


def _device(said: Mapping[str, str], ref: str) -> Device:
    """The sensor that a topic names, once its key is right; a wrong key is counted, audited and refused."""
    ref = ref.replace("-", "")
    try:
        device = services.device_of_token(said.get("authorization", "").removeprefix("Bearer ").strip())
    except DeviceNotKnown:
        device = None
    if device is None or device.ref.hex != ref:
        count_sent(f"mqtt:{ref}", "device_key", WRONG_KEYS)
        record("denied", object_type="sessions.Device")
        raise DeviceNotKnown
    return device


def _answer(said: Mapping[str, str], outcome: dict[str, Any]) -> dict[str, Any]:
    return {"key": said.get("idempotency-key", "")[:36], **outcome}


def _properties_of(message: mqtt.MQTTMessage) -> dict[str, str]:
    """Content type and user properties, names in small letters."""
    found = message.properties
    said = {name.lower(): value for name, value in getattr(found, "UserProperty", [])}
    content_type = getattr(found, "ContentType", "")
    if content_type:
        said["content-type"] = content_type
    return said


def _connect_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = QUEUED_WHILE_AWAY_S
    properties.ReceiveMaximum = MOST_IN_FLIGHT
    properties.MaximumPacketSize = LARGEST_SENT_BYTES + 4096
    return properties
