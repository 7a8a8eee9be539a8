"""Migration operations that close a table: forced row-level security and foreign keys that cannot cross
clinics.

Every migration that creates ClinicOwned models ends with `EnforceTenancy("Patient", …)`. A later migration
that adds a foreign key to one of them ends with `LinkTenancy("Patient")`. PostgreSQL checks a plain foreign
key with row security switched off, so only a composite key (clinic_id, x_id) → (clinic_id, id) keeps a row
from pointing into another clinic.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import names_digest, split_identifier, truncate_name
from django.db.migrations.operations.base import Operation, OperationCategory

POLICY = "tenant"
CLINIC_SETTING = "NULLIF(current_setting('app.clinic_id', true), '')::bigint"
USER_SETTING = "NULLIF(current_setting('app.user_id', true), '')::bigint"


def app_role() -> str:
    """Name of the role that everyday work runs as."""
    return str(getattr(settings, "PLUMBLINE_APP_ROLE", "plumbline_app"))


def is_clinic_owned(model: type[models.Model]) -> bool:
    """Whether a model, also a migration's historical one, carries a clinic of its own that may not be
    empty.
    """
    field = next((f for f in model._meta.local_fields if f.name == "clinic"), None)
    if field is None or field.null or not isinstance(field, models.ForeignKey):
        return False
    target = field.remote_field.model
    return (target.lower() if isinstance(target, str) else target._meta.label_lower) == "clinic.clinic"


def tenant_links(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    """Foreign keys of the model that point at a clinic-owned model."""
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey) or isinstance(field.remote_field.model, str):
            continue
        if is_clinic_owned(field.remote_field.model):
            yield field


def unique_name(table: str) -> str:
    """Name of the UNIQUE (clinic_id, id) constraint that composite foreign keys point at."""
    return _short(table, "clinic_id_id_key")


def link_name(table: str, column: str) -> str:
    """Name of the composite foreign key over (clinic_id, column)."""
    return _short(table, f"{column}_same_clinic")


def _short(table: str, suffix: str) -> str:
    _, bare = split_identifier(table)
    name = f"{bare}_{suffix}"
    if len(name) <= 63:
        return name
    digest = names_digest(bare, suffix, length=8)
    return f"{truncate_name(f'{bare}_{suffix}', 54)}_{digest}"


def _if_constraint_missing(table: str, name: str, statement: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{name}' "
        f"AND conrelid = '\"{table}\"'::regclass) THEN {statement}; END IF; END $$"
    )


def close_table_sql(table: str) -> list[str]:
    """Forced row-level security with the tenant policy, and the key that composite foreign keys need."""
    name = unique_name(table)
    add_key = f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (clinic_id, id)'
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS {POLICY} ON "{table}"',
        f'CREATE POLICY {POLICY} ON "{table}" FOR ALL TO PUBLIC '
        f"USING (clinic_id = {CLINIC_SETTING}) WITH CHECK (clinic_id = {CLINIC_SETTING})",
        _if_constraint_missing(table, name, add_key),
    ]


def open_table_sql(table: str) -> list[str]:
    """The reverse of close_table_sql."""
    return [
        f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{unique_name(table)}" CASCADE',
        f'DROP POLICY IF EXISTS {POLICY} ON "{table}"',
        f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
    ]


def link_sql(table: str, column: str, target: str) -> str:
    """Composite foreign key. Immediate, so that the statement that forges a link is the one that fails."""
    name = link_name(table, column)
    add_link = (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (clinic_id, "{column}") '
        f'REFERENCES "{target}" (clinic_id, id) DEFERRABLE INITIALLY IMMEDIATE'
    )
    return _if_constraint_missing(table, name, add_link)


def unlink_sql(table: str, column: str) -> str:
    """The reverse of link_sql."""
    return f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{link_name(table, column)}"'


def grant_sql(role: str) -> str:
    """Rows, not tables, for the app role: on what exists, and by default on what this owner will create."""
    return (
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "  # noqa: S608 (a setting)
        f'GRANT USAGE ON SCHEMA public TO "{role}"; '
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"; '
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"; '
        f'REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM "{role}"; '
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"; '
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{role}"; '
        "END IF; END $$"
    )


def revoke_grants_sql(role: str) -> str:
    """The reverse of grant_sql, for what is created later."""
    return (
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "  # noqa: S608 (a setting)
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM "{role}"; '
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM "{role}"; '
        "END IF; END $$"
    )


class _SqlOperation(Operation):
    """An operation that leaves the state of the models alone."""

    reversible = True
    category = OperationCategory.SQL

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Row security is no part of Django's model state."""

    def _models(self, app_label: str, state: Any, names: tuple[str, ...]) -> list[type[models.Model]]:
        return [state.apps.get_model(app_label, name) for name in names]


class EnforceTenancy(_SqlOperation):
    """Close the tables of the named models, and tie each of their foreign keys to the same clinic."""

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.model_names), {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        closed = self._models(app_label, to_state, self.model_names)
        for model in closed:
            if not is_clinic_owned(model):
                raise ValueError(f"{model._meta.label} has no clinic of its own")
            for statement in close_table_sql(model._meta.db_table):
                schema_editor.execute(statement, params=None)
        for model in closed:
            _link(schema_editor, model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        opened = self._models(app_label, from_state, self.model_names)
        for model in opened:
            for field in tenant_links(model):
                schema_editor.execute(unlink_sql(model._meta.db_table, field.column), params=None)
        for model in opened:
            for statement in open_table_sql(model._meta.db_table):
                schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Close {', '.join(self.model_names)} to every clinic but its own"


class LinkTenancy(_SqlOperation):
    """After a foreign key was added to a closed model: tie it to the same clinic. Undone by dropping the
    column.
    """

    def __init__(self, *model_names: str) -> None:
        self.model_names = model_names

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.model_names), {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for model in self._models(app_label, to_state, self.model_names):
            _link(schema_editor, model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """PostgreSQL drops the constraint together with the column that the same migration added."""

    def describe(self) -> str:
        return f"Keep the links of {', '.join(self.model_names)} inside one clinic"


class GrantAppRole(_SqlOperation):
    """Give the app role its rows. Skipped where the role does not exist."""

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [], {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(grant_sql(app_role()), params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(revoke_grants_sql(app_role()), params=None)

    def describe(self) -> str:
        return "Grant the app role its rows"


def _link(schema_editor: BaseDatabaseSchemaEditor, model: type[models.Model]) -> None:
    for field in tenant_links(model):
        target = field.remote_field.model._meta.db_table
        schema_editor.execute(link_sql(model._meta.db_table, field.column, target), params=None)


def own_rows_sql(table: str) -> str:
    """Let a person read their own rows while no clinic is in scope: how a clinic is found in the first
    place.
    """
    return (
        f'CREATE POLICY own_rows ON "{table}" FOR SELECT TO PUBLIC '
        f"USING ({CLINIC_SETTING} IS NULL AND user_id = {USER_SETTING})"
    )
