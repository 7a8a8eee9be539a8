"""The Celery application: one broker, five queues, results ignored."""

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")

QUEUES = ("urgent", "default", "video", "simulate", "train")

app = Celery("plumbline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in QUEUES]
app.autodiscover_tasks()

import clinic.config.warming  # noqa: E402, F401  hears when a worker's process starts
