"""Processes that answer patients load what a turn needs when they start, so that nobody's first words wait.

In a thread of its own, which begins a moment later: the first pages come first. Tests and management commands
start neither a server nor a worker, and load nothing.
"""

import ctypes
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from celery.signals import worker_process_init

log = logging.getLogger(__name__)

WAIT_S = 3.0
ANSWERING_QUEUE = "default"


async def lifespan(_scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    """The ASGI server's start and end."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
        warm_up_soon()


@worker_process_init.connect(weak=False)
def warm_worker(**_signal: Any) -> None:
    """A worker answers only where a clinic has switched a model on: others would load it for nothing."""
    from clinic.config.celery import app
    from sessions.services.assistant.warming import is_model_switched_on

    if ANSWERING_QUEUE in app.amqp.queues.consume_from:
        warm_up_soon(only_if=is_model_switched_on)


def warm_up_soon(*, only_if: Callable[[], bool] = lambda: True, wait_s: float = WAIT_S) -> Thread | None:
    """Warm this process up in the background; None where the settings want none of it."""
    from django.conf import settings

    if not settings.WARM_UP:
        return None
    thread = Thread(target=_warm_up, args=(only_if, wait_s), name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up(only_if: Callable[[], bool], wait_s: float) -> None:
    from django.db import connection

    from sessions.services.assistant.warming import load_parts

    time.sleep(wait_s)
    began = time.perf_counter()
    try:
        if not only_if():
            return
        for _part in load_parts():
            give_memory_back()
    except Exception as error:
        # Whatever is missing is told again, and answered for, when a patient asks.
        log.warning("the assistant was not warmed up: %s", type(error).__name__)
    else:
        log.info("the assistant is warm, process %d, %.1f s", os.getpid(), time.perf_counter() - began)
    finally:
        connection.close()


def give_memory_back() -> None:
    """Return to the system what loading has left over, 60 MiB after the encoder: glibc would keep it."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
