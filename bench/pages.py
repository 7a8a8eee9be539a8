"""Page times of caseload and session review with 10,000 patients in 50 clinics, and their query counts.

A throw-away database with the real schema, roles and row-level security; one uvicorn process; one request at
a time, as the application's role, signed in as a therapist. Times are of whole answers over the loopback.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from bench.measure import Measure, quantile
from clinic.config.embedded.places import temporary_home
from clinic.config.embedded.postgres import (
    APP_ROLE,
    OWNER_ROLE,
    SUPERUSER,
    THROWAWAY,
    Passwords,
    PostgresServer,
)
from clinic.config.embedded.processes import free_port, start_child
from clinic.config.embedded.valkey import ValkeyServer
from clinic.config.serve import wait_until_served, web_command

ROOT = Path(__file__).resolve().parents[1]
CLINICS = 49
PATIENT_COPIES = 16
REQUESTS = 200
GOAL_MS = 150.0
BUSY, QUIET = "therapist@north.demo", "colleague@north.demo"


def measure() -> list[Measure]:
    """Build the clinics, then time and count."""
    with servers() as (postgres, environment):
        os.environ.update(environment)
        prepare("database", PLUMBLINE_AS_OWNER="1")
        seed()
        import django

        django.setup()
        from bench import multiply

        began = time.monotonic()
        size = multiply.Size(clinics=CLINICS, patient_copies=PATIENT_COPIES)
        multiply.multiply(postgres.url(SUPERUSER), source_slug="north", size=size)
        built = f"copied in {time.monotonic() - began:.0f} s"
        return [*sizes(postgres, built), *counted(), *timed(postgres.home)]


@contextmanager
def servers() -> Iterator[tuple[PostgresServer, dict[str, str]]]:
    """A PostgreSQL and a Valkey for this benchmark, and the variables that point at them."""
    home = temporary_home("plumbline-bench")
    postgres = PostgresServer(home, free_port(), Passwords(), settings=dict(THROWAWAY))
    valkey = ValkeyServer(home / "valkey", free_port())
    try:
        postgres.start()
        valkey.start()
        yield (
            postgres,
            {
                "DATABASE_URL": postgres.url(APP_ROLE),
                "DATABASE_OWNER_URL": postgres.url(OWNER_ROLE),
                "REDIS_URL": valkey.url,
                "PLUMBLINE_DEMO": "1",
                "DJANGO_SETTINGS_MODULE": "clinic.config.settings.dev",
            },
        )
    finally:
        valkey.stop()
        postgres.stop()
        rmtree(home, ignore_errors=True)


def prepare(errand: str, **more: str) -> None:
    """Run one errand of the start-up in a process of its own."""
    command = [sys.executable, "-m", "clinic.config.chores.prepare", errand]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, check=True, stdout=subprocess.DEVNULL)


def seed() -> None:
    """The demo's two clinics with two weeks of history."""
    command = [sys.executable, "manage.py", "seed_demo", "--small"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, cwd=ROOT, check=True, **quiet)


def sizes(postgres: PostgresServer, built: str) -> list[Measure]:
    """What the database holds."""
    import psycopg

    tables = {
        "clinics": "clinic_clinic",
        "patients": "patients_patient",
        "sessions": "rehab_sessions_therapysession",
        "repetitions": "rehab_sessions_repetition",
    }
    with psycopg.connect(postgres.url(SUPERUSER)) as connection:
        rows = {
            name: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for name, table in tables.items()
        }
    return [
        Measure(name, count, "rows", note=built if name == "repetitions" else "")
        for name, count in rows.items()
    ]


def counted() -> list[Measure]:
    """Queries of each page in a small and a large case; the small one's count is the large one's goal."""
    few, many = queries_of("/c/north/caseload/", email=QUIET), queries_of("/c/north/caseload/", email=BUSY)
    reviews = sorted(review_addresses(BUSY, limit=40), key=lambda address: address[1])
    short, long = queries_of(reviews[0][0], email=BUSY), queries_of(reviews[-1][0], email=BUSY)
    return [
        Measure(
            "queries, caseload (192 patients)", many, "queries", goal=few, note="goal: the count with 16"
        ),
        Measure(
            f"queries, review ({reviews[-1][1]} sets)",
            long,
            "queries",
            goal=short,
            note=f"goal: the count with {reviews[0][1]}",
        ),
    ]


def queries_of(path: str, *, email: str) -> int:
    """How many queries one page takes, after one warm request."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in_client(email)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise PageNotServed(path, answer.status_code)
    return len(captured)


def signed_in_client(email: str):  # type: ignore[no-untyped-def]
    """Django's test client, signed in."""
    from django.test import Client

    from clinic.models import User

    client = Client()
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client


def review_addresses(email: str, *, limit: int) -> list[tuple[str, int]]:
    """Addresses of sessions of this therapist's patients, with their number of sets."""
    from django.db.models import Count

    from clinic.models import Clinic, Membership
    from clinic.tenancy.scope import clinic_scope
    from sessions.models import TherapySession

    clinic = Clinic.objects.get(slug="north")
    with clinic_scope(clinic.pk):
        place = Membership.objects.get(user__email=email)
        sessions = TherapySession.objects.filter(patient__care_team__membership=place, state="analysed")
        rows = sessions.annotate(n=Count("sets")).order_by("ref").values_list("ref", "n")[:limit]
        return [(f"/c/north/sessions/{ref}/", n) for ref, n in rows]


def timed(home: Path) -> list[Measure]:
    """Times of whole answers from a uvicorn process."""
    port = free_port()
    log = home.with_name(home.name + "-web.log")
    web = start_child(
        "web", web_command("127.0.0.1", port), log=log, folder=ROOT, environment=dict(os.environ)
    )
    try:
        wait_until_served(f"http://127.0.0.1:{port}/healthz", web)
        cookie = "; ".join(
            f"{name}={morsel.value}" for name, morsel in signed_in_client(BUSY).cookies.items()
        )
        caseload = [f"/c/north/caseload/?page={number % 4 + 1}" for number in range(REQUESTS)]
        reviews = [address for address, _ in review_addresses(BUSY, limit=REQUESTS)]
        pages = {"caseload, 192 patients, 50 a page": caseload, "session review": reviews}
        return [
            line for name, paths in pages.items() for line in times_of(name, paths, port=port, cookie=cookie)
        ]
    finally:
        web.stop()
        log.unlink(missing_ok=True)


def times_of(name: str, paths: list[str], *, port: int, cookie: str) -> list[Measure]:
    """Median and p95 of the pages over one kept connection, without the ten requests that warm up."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    taken_ms = []
    for path in [*paths[:10], *paths]:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        taken_ms.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise PageNotServed(path, answer.status)
    connection.close()
    kept = taken_ms[10:]
    return [
        Measure(f"{name}: p50", quantile(kept, 0.5), "ms"),
        Measure(
            f"{name}: p95",
            quantile(kept, 0.95),
            "ms",
            goal=GOAL_MS,
            note=f"{len(kept)} requests, last {len(body) / 1024:.0f} KiB",
        ),
    ]


class PageNotServed(Exception):
    """A page did not answer 200."""

    def __init__(self, path: str, status: int) -> None:
        super().__init__(f"{path} answered {status}")
