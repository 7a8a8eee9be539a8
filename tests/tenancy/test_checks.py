"""The startup checks: each hole that they look for, made on purpose."""

import environ
import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, models
from django.test.utils import isolate_apps

from clinic.tenancy.backend.base import DatabaseWrapper, RoleBypassesRowSecurity
from clinic.tenancy.checks import SHARED, _faults_of, check_database_is_closed, check_every_model_has_an_owner
from clinic.tenancy.models import ClinicManager, ClinicOwned
from clinic.tenancy.rls import link_name, unique_name


def ids(found) -> set[str]:
    return {one.id for one in found}


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def test_the_house_is_in_order(db):
    assert [one for one in run_checks(databases=["default"]) if one.id and one.id.startswith("tenancy")] == []


def test_every_shared_model_has_a_reason_and_exists():
    known = {model._meta.label for model in apps.get_models(include_auto_created=True, include_swapped=True)}
    assert all(reason.endswith(".") and len(reason) > 10 for reason in SHARED.values())
    assert set(SHARED) <= known


def test_a_model_without_an_owner_is_found(monkeypatch):
    monkeypatch.delitem(SHARED, "clinic.Clinic")
    assert ids(check_every_model_has_an_owner()) == {"tenancy.E001"}


@isolate_apps("clinic")
def test_careless_models_are_found():
    class Leaky(ClinicOwned):
        everybody = models.Manager()
        code = models.CharField(max_length=5, unique=True)
        name = models.CharField(max_length=5)
        objects = ClinicManager()

        class Meta:
            app_label = "clinic"
            default_manager_name = "everybody"
            base_manager_name = "everybody"
            constraints = [models.UniqueConstraint(fields=["name"], name="leaky_name")]

    found = list(_faults_of(Leaky))
    assert ids(found) == {"tenancy.E003", "tenancy.E004", "tenancy.E007"}
    assert len([one for one in found if one.id == "tenancy.E007"]) == 2


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("ALTER TABLE clinic_membership NO FORCE ROW LEVEL SECURITY", "tenancy.E013"),
        ("ALTER TABLE clinic_membership DISABLE ROW LEVEL SECURITY", "tenancy.E013"),
        ("DROP POLICY tenant ON clinic_membership", "tenancy.E013"),
        (
            "ALTER TABLE clinic_invitation DROP CONSTRAINT "
            f"{link_name('clinic_invitation', 'invited_by_id')}",
            "tenancy.E014",
        ),
        (
            f'ALTER TABLE clinic_fieldchange DROP CONSTRAINT "{unique_name("clinic_fieldchange")}"',
            "tenancy.E014",
        ),
    ],
)
def test_an_open_table_is_found(db, sql, fault):
    run(sql)
    assert ids(check_database_is_closed(databases=["default"])) == {fault}


def test_the_wrong_role_is_found(db, settings, as_app_role):
    settings.AS_OWNER = False
    assert ids(check_database_is_closed(databases=["default"])) == {"tenancy.E012"}
    with as_app_role():
        assert check_database_is_closed(databases=["default"]) == []


def test_a_role_that_bypasses_is_refused(db, settings, private_postgres):
    from clinic.config.embedded.postgres import APP_ROLE, SUPERUSER

    if private_postgres is None:
        pytest.skip("DATABASE_URL names another server")
    settings.AS_OWNER = False
    for role, may in ((SUPERUSER, False), (APP_ROLE, True)):
        wrapper = DatabaseWrapper({**connection.settings_dict, **login_of(private_postgres, role)}, "other")
        wrapper._role_was_checked = False
        try:
            if may:
                wrapper.ensure_connection()
            else:
                with pytest.raises(RoleBypassesRowSecurity, match="postgres"):
                    wrapper.ensure_connection()
        finally:
            wrapper.close()


def login_of(server, role: str) -> dict[str, str]:
    found = environ.Env.db_url_config(server.url(role))
    return {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
