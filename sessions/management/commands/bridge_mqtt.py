"""Take batches from an MQTT broker: ``manage.py bridge_mqtt --host broker.example --tls``."""

import argparse
import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions.mqtt_bridge import Bridge, Broker


class Command(BaseCommand):
    """Runs until it is stopped. Which clinic a batch belongs to is in its topic; its sensor's key decides."""

    help = "Store the batches that sensor gateways publish to an MQTT broker."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help="1883, or 8883 with --tls, unless said otherwise")
        parser.add_argument("--tls", action="store_true", help="encrypt; a broker elsewhere needs it")
        parser.add_argument(
            "--username", default="", help="the password is read from PLUMBLINE_MQTT_PASSWORD"
        )
        parser.add_argument("--prefix", default="plumbline", help="first part of every topic")
        parser.add_argument("--client-id", default="plumbline-bridge")

    def handle(self, *args: Any, **options: Any) -> None:
        broker = Broker(
            host=options["host"],
            port=options["port"] or (8883 if options["tls"] else 1883),
            username=options["username"],
            password=os.environ.get("PLUMBLINE_MQTT_PASSWORD", ""),
            uses_tls=options["tls"],
            prefix=options["prefix"],
            client_id=options["client_id"],
        )
        if not broker.uses_tls and broker.host not in {"127.0.0.1", "localhost", "::1"}:
            raise CommandError("A broker on another machine needs --tls: batches are patients' data.")
        bridge = Bridge(broker)
        signal.signal(signal.SIGTERM, lambda *_: bridge.stop())
        self.stdout.write(f"Listening at {broker.host}:{broker.port}, topics {broker.prefix}/+/+/batches")
        try:
            bridge.run()
        except KeyboardInterrupt:
            bridge.stop()
        except OSError as error:
            raise CommandError(f"No connection to {broker.host}:{broker.port}: {error}") from error
