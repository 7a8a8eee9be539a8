"""What an intruder who reads the logs learns: no door that opens by its address, no row of a patient."""

import json
import logging

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from clinic.models import Invitation
from clinic.services import invite
from clinic.tenancy.scope import clinic_scope


@pytest.fixture
def written():
    """The lines that the configured handler would write, as JSON."""
    from logging.config import DictConfigurator

    formatter = DictConfigurator(settings.LOGGING).configure_formatter(
        dict(settings.LOGGING["formatters"]["line"])
    )
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    kept = Kept()
    root = logging.getLogger()
    root.addHandler(kept)
    yield lines
    root.removeHandler(kept)


def test_a_refused_visit_does_not_write_the_invitations_token(people, written):
    with clinic_scope(people.north.pk):
        token = invite("new@example.org", role="therapist", display_name="N", by=people.ada).token
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.sam.user)
    assert client.get(f"/join/north/{token}/").status_code == 403
    assert client.post(f"/join/north/{token}/").status_code == 403
    assert Client().get("/join/north/other-token/").status_code == 404
    assert len(written) >= 2
    assert [line for line in written if token in line or "other-token" in line] == []


def test_a_reset_key_is_not_written(people, written):
    logging.getLogger("django.request").warning("Not Found: %s", "/accounts/password/reset/key/1a-secret/")
    assert [line for line in written if "secret" in line] == []


def test_a_refused_row_is_not_written_with_the_error(people, written):
    with clinic_scope(people.north.pk):
        invitation = Invitation(
            email="patient@example.org",
            role="patient",
            display_name="Penelope\nDETAIL Fictional",
            token_hash="x" * 64,
            patient_ref=None,
        )
        try:
            with transaction.atomic():
                invitation.save()
        except DatabaseError:
            logging.getLogger("celery").exception("task failed")
            logging.getLogger("django.request").error("Internal Server Error", exc_info=True)
    said = "".join(written)
    assert "null value in column" in said
    assert "Failing row" not in said
    assert "Penelope" not in said
    assert "Fictional" not in said
    assert "patient@example.org" not in said
    assert all(json.loads(line) for line in written)


def test_the_databases_own_log_holds_no_row(db):
    asked = "SELECT current_setting('log_min_error_statement'), current_setting('log_error_verbosity')"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == ("panic", "terse")
