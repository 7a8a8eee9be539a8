"""Batches through a real broker: stored once, nothing lost while we are away."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DataError, OperationalError, connections

from clinic.config.embedded.processes import free_port
from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from sessions import services
from sessions.models import Recording
from sessions.mqtt_bridge import Bridge, Broker
from tests.factories.sessions import make_clinic_floor
from tests.sessions.devices.broker import MOSQUITTO, Publisher, running_broker
from tests.sessions.devices.gateway import batch_body, make_gateway

pytestmark = pytest.mark.skipif(MOSQUITTO is None, reason="needs mosquitto: apt-get install mosquitto")
PATIENCE_S = 20


@contextmanager
def running_bridge(port: int) -> Iterator[Bridge]:
    bridge = Bridge(Broker(host="127.0.0.1", port=port))

    def serve() -> None:
        try:
            bridge.run()
        finally:
            connections.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert bridge.is_ready.wait(PATIENCE_S)
    try:
        yield bridge
    finally:
        bridge.stop()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def broker(tmp_path) -> Iterator[int]:
    with running_broker(tmp_path) as port:
        yield port


@pytest.fixture
def gateway(transactional_db):
    return make_gateway(make_clinic_floor().paul)


@pytest.fixture
def publisher(gateway, broker) -> Iterator[Publisher]:
    one = Publisher(gateway, port=broker)
    yield one
    one.close()


def samples_of(gateway) -> int:
    with clinic_scope(gateway.device.clinic_id):
        found = Recording.objects.filter(device=gateway.device)
        return sum(found.values_list("sample_count", flat=True))


def test_a_batch_is_stored_and_answered(gateway, publisher, broker):
    with running_bridge(broker):
        key = publisher.send(batch_body())
        answer = publisher.answers.get(timeout=PATIENCE_S)
        assert answer == {"key": key, "status": "stored", "samples": 100}
        publisher.send({"broken": True}, key=key)
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "refused"
    assert samples_of(gateway) == 100


def test_a_wrong_key_stores_nothing(gateway, publisher, broker):
    with running_bridge(broker):
        publisher.send(batch_body(), token="plb_wrong")
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "refused"
    assert samples_of(gateway) == 0
    with clinic_scope(gateway.device.clinic_id):
        assert AuditEvent.objects.filter(action="denied", object_type="sessions.Device").count() == 1


def test_what_comes_while_the_bridge_is_away_is_not_lost(gateway, publisher, broker):
    with running_bridge(broker):
        publisher.send(batch_body(ago_s=900))
        publisher.answers.get(timeout=PATIENCE_S)
    publisher.send(batch_body(ago_s=800))
    with running_bridge(broker):
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "stored"
    assert samples_of(gateway) == 200


def test_a_database_that_is_away_only_delays(gateway, publisher, broker, monkeypatch):
    store: Callable = services.store_batch
    failures = iter([OperationalError("away"), OperationalError("away")])

    def sometimes(*args, **options):
        for failure in failures:
            raise failure
        return store(*args, **options)

    monkeypatch.setattr(services, "store_batch", sometimes)
    with running_bridge(broker):
        publisher.send(batch_body())
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "stored"
    assert samples_of(gateway) == 100


def test_a_batch_that_the_database_never_takes_stops_nobody_else(gateway, publisher, broker, monkeypatch):
    store: Callable = services.store_batch
    failures = iter([DataError("value out of range")])

    def sometimes(*args, **options):
        for failure in failures:
            raise failure
        return store(*args, **options)

    monkeypatch.setattr(services, "store_batch", sometimes)
    with running_bridge(broker):
        publisher.send(batch_body())
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "refused"
        publisher.send(batch_body())
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "stored"


def test_one_sensor_that_floods_is_told_to_come_later(gateway, publisher, broker, settings):
    cache.clear()
    settings.DEVICE_BATCHES_A_MINUTE = 1
    with running_bridge(broker):
        publisher.send(batch_body(ago_s=600))
        assert publisher.answers.get(timeout=PATIENCE_S)["status"] == "stored"
        key = publisher.send(batch_body(ago_s=590))
        answer = publisher.answers.get(timeout=PATIENCE_S)
    assert answer == {"key": key, "status": "later", "retry_after_s": 60}
    assert samples_of(gateway) == 100


def test_a_broker_elsewhere_needs_encryption():
    with pytest.raises(CommandError, match="--tls"):
        call_command("bridge_mqtt", host="broker.example", stdout=io.StringIO())


def test_no_broker_is_said_plainly():
    with pytest.raises(CommandError, match="No connection"):
        call_command("bridge_mqtt", port=free_port(), stdout=io.StringIO())
