"""Startup checks, all of them errors: what would let one clinic's data reach another.

The model checks run with every command. The database checks run with `check --database default`, with
`migrate`, and when the web process or the worker starts (`check_database_is_closed`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections, models

from clinic.tenancy.models import ClinicManager, ClinicOwned
from clinic.tenancy.rls import POLICY, is_clinic_owned, link_name, tenant_links, unique_name

# Every model that is not clinic-owned is listed here with the reason; anything else is an error.
SHARED: dict[str, str] = {
    "clinic.Clinic": "A clinic must be found before its scope can be opened; it holds no data about people.",
    "clinic.User": "Signing in happens before a clinic is known; it holds e-mail and credentials only.",
    "clinic.AuditEvent": "Holds the platform's chain too (clinic NULL); has row security of its own.",
    "clinic.AuditSeal": "Seals the platform's chain too; has row security of its own.",
    "clinic.AuditChainHead": "Written by the chaining trigger only; the app role has no right to it.",
    "auth.Permission": "Django's list of permissions; unused.",
    "auth.Group": "Django's groups; unused.",
    "auth.Group_permissions": "Django's groups; unused.",
    "clinic.User_groups": "Django's groups; unused.",
    "clinic.User_user_permissions": "Django's permissions; unused.",
    "contenttypes.ContentType": "Names of models.",
    "sessions.Session": "Read before a clinic is known.",
    "account.EmailAddress": "Signing in happens before a clinic is known.",
    "account.EmailConfirmation": "Signing in happens before a clinic is known.",
    "mfa.Authenticator": "Signing in happens before a clinic is known.",
    "axes.AccessAttempt": "Failed sign-ins, before a clinic is known.",
    "axes.AccessAttemptExpiration": "Failed sign-ins, before a clinic is known.",
    "axes.AccessFailureLog": "Failed sign-ins, before a clinic is known; switched off.",
    "axes.AccessLog": "Sign-ins, before a clinic is known.",
    "auditlog.LogEntry": "Replaced by clinic.FieldChange, which is clinic-owned.",
}


@register(Tags.models)
def check_every_model_has_an_owner(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Each model is clinic-owned, or listed as shared with a reason."""
    found: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, ClinicOwned):
            found += list(_faults_of(model))
        elif model._meta.label not in SHARED and model._meta.managed:
            found.append(
                Error(
                    f"{model._meta.label} is neither clinic-owned nor listed as shared.",
                    hint="Inherit ClinicOwned, or add it to clinic.tenancy.checks.SHARED with a reason.",
                    obj=model,
                    id="tenancy.E001",
                )
            )
        elif any(tenant_links(model)) and model._meta.label not in SHARED:
            found.append(Error("A shared model points at a clinic-owned one.", obj=model, id="tenancy.E002"))
    return found


def _faults_of(model: type[ClinicOwned]) -> Iterator[CheckMessage]:
    if not isinstance(model._default_manager, ClinicManager):
        yield Error("The default manager is not a ClinicManager.", obj=model, id="tenancy.E003")
    if not isinstance(model._base_manager, ClinicManager):
        yield Error("The base manager is not a ClinicManager.", obj=model, id="tenancy.E004")
    for many in model._meta.local_many_to_many:
        if many.remote_field.through._meta.auto_created:  # type: ignore[union-attr]
            yield Error(f"{many.name}: give it a clinic-owned through model.", obj=model, id="tenancy.E005")
    for field in tenant_links(model):
        if field.target_field.name != "id":
            yield Error(
                f"{field.name}: point at the id of a clinic-owned model.", obj=model, id="tenancy.E006"
            )
    for names in _unique_sets(model):
        if "clinic" not in names:
            yield Error(
                f"Unique over {', '.join(names)}, without the clinic: it tells one clinic about another.",
                hint="Add clinic to the constraint.",
                obj=model,
                id="tenancy.E007",
            )


def _unique_sets(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The uniqueness rules that must name the clinic. A one-to-one link inside the clinic cannot be met
    from outside.
    """
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield tuple(constraint.fields)
    for together in model._meta.unique_together:
        yield tuple(together)
    for field in model._meta.local_fields:
        linked = isinstance(field, models.OneToOneField) and is_clinic_owned(field.remote_field.model)
        if field.unique and field.name not in {"id", "ref"} and not linked:
            yield (field.name,)


@register(Tags.database)
def check_database_is_closed(
    app_configs: Sequence[AppConfig] | None = None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The role cannot bypass row security, and every clinic-owned table has its forced policy and composite
    keys.
    """
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            found += list(_role_faults(alias))
            found += list(_table_faults(alias))
        except DatabaseError as error:
            found.append(Error(f"The database could not be asked: {error}", id="tenancy.E010"))
    return found


def _role_faults(alias: str) -> Iterator[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        name, superuser, bypasses = cursor.fetchone()
    if superuser or bypasses:
        yield Error(
            f"The database role {name} bypasses row-level security.",
            hint="Connect as a role that is NOSUPERUSER NOBYPASSRLS.",
            id="tenancy.E011",
        )
    expected = settings.PLUMBLINE_APP_ROLE
    if not settings.AS_OWNER and name != expected:
        yield Error(
            f"The application runs as {name}, not as {expected}.",
            hint="Set DATABASE_URL to the app role, or PLUMBLINE_APP_ROLE to its name.",
            id="tenancy.E012",
        )


TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
FORCED = f"{TABLES} AND relrowsecurity AND relforcerowsecurity"
POLICIES = "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = %s"
CONSTRAINTS = "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"


def _table_faults(alias: str) -> Iterator[CheckMessage]:
    tables, forced = _names(alias, TABLES), _names(alias, FORCED)
    policies, constraints = _names(alias, POLICIES, POLICY), _names(alias, CONSTRAINTS)
    for model in (m for m in apps.get_models() if issubclass(m, ClinicOwned)):
        table = model._meta.db_table
        # Not migrated yet: `migrate` runs these checks before it creates the table.
        if table not in tables:
            continue
        if table not in forced or table not in policies:
            yield Error(
                f"{table} has no forced row-level security.",
                hint='End its migration with EnforceTenancy("…").',
                obj=model,
                id="tenancy.E013",
            )
        missing = [link_name(table, field.column) for field in tenant_links(model)]
        for name in [unique_name(table), *missing]:
            if name not in constraints:
                yield Error(
                    f"{table} lacks {name}: a row could point into another clinic.",
                    obj=model,
                    id="tenancy.E014",
                )


def _names(alias: str, sql: str, *params: str) -> set[str]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, params or None)
        return {str(row[0]) for row in cursor.fetchall()}
