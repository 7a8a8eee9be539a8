"""PostgreSQL with the scope stamped on the session: `app.clinic_id`, `app.user_id`, `app.platform`.

Row-level security reads these settings. Before each statement the wrapper compares the ContextVar with what
this connection was last stamped with, and stamps again when they differ; no scope stamps the empty string.
Settings made inside a transaction vanish when it (or its savepoint) is rolled back, so after a rollback the
stamp counts as unknown. Why at the cursor and not at the outermost transaction:
docs/decisions/004-scope-is-stamped-at-the-cursor.md.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.base import CursorDebugWrapper
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from clinic.tenancy.scope import Scope, current_scope

STAMP = (
    "SELECT set_config('app.clinic_id', %s, false), set_config('app.user_id', %s, false), "
    "set_config('app.platform', %s, false)"
)
# Statements that a person may send by hand and that change or undo session settings behind our back.
UNSTAMPING = ("rollback", "reset", "discard", "set ", "abort")
# Tables whose rows a trigger guards against TRUNCATE (clinic.audit.chain).
TRUNCATION_GUARDED = (
    "clinic_auditevent",
    "clinic_auditeventpatient",
    "clinic_auditseal",
    "clinic_fieldchange",
)
BYPASSES = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


class RoleBypassesRowSecurity(Exception):
    """The application connects as a role to which no policy applies."""

    def __init__(self, role: str) -> None:
        super().__init__(f"The database role {role} bypasses row-level security: connect as the app role.")
        self.role = role


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


class _StampingCursor:
    """Mixin: stamps before each statement, and before each fetch of a server-side cursor, whose rows are
    judged late.
    """

    db: "DatabaseWrapper"
    cursor: Any

    def execute(self, sql: Any, params: Any = None) -> Any:
        self.db.stamp()
        try:
            return super().execute(sql, params)  # type: ignore[misc]
        finally:
            if isinstance(sql, str) and sql.lstrip()[:9].lower().startswith(UNSTAMPING):
                self.db.forget_stamp()

    def executemany(self, sql: Any, param_list: Any) -> Any:
        self.db.stamp()
        return super().executemany(sql, param_list)  # type: ignore[misc]

    def callproc(self, procname: str, params: Any = None, kparams: Any = None) -> Any:
        self.db.stamp()
        return super().callproc(procname, params, kparams)  # type: ignore[misc]

    def fetchone(self) -> Any:
        self._stamp_late_rows()
        with self.db.wrap_database_errors:
            return self.cursor.fetchone()

    def fetchmany(self, *args: Any) -> Any:
        self._stamp_late_rows()
        with self.db.wrap_database_errors:
            return self.cursor.fetchmany(*args)

    def fetchall(self) -> Any:
        self._stamp_late_rows()
        with self.db.wrap_database_errors:
            return self.cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        self._stamp_late_rows()
        with self.db.wrap_database_errors:
            yield from self.cursor

    def _stamp_late_rows(self) -> None:
        if getattr(self.cursor, "name", None):
            self.db.stamp()


class ScopedCursor(_StampingCursor, CursorWrapper):
    """The everyday cursor."""


class ScopedDebugCursor(_StampingCursor, CursorDebugWrapper):
    """The cursor that counts queries; a stamp is not counted, so that query counts stay those of the page."""


class DatabaseOperations(PostgresOperations):
    """Django's operations; `flush` empties the audit trail too, which only the tables' owner may do."""

    def sql_flush(self, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = super().sql_flush(style, tables, **options)
        if not statements:
            return []
        guarded = [table for table in TRUNCATION_GUARDED if table in tables]
        off = [f'ALTER TABLE "{table}" DISABLE TRIGGER refuse_truncate' for table in guarded]
        on = [f'ALTER TABLE "{table}" ENABLE TRIGGER refuse_truncate' for table in guarded]
        return [*off, *statements, *on]


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Django's PostgreSQL wrapper, with the scope stamped on its session."""

    ops_class = DatabaseOperations
    stamped: Scope | None = None  # None: unknown
    _role_was_checked = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.put_off: list[tuple[frozenset[str], Callable[[], None]]] = []

    def before_commit(self, write: Callable[[], None]) -> None:
        """Run `write` as the last thing of the transaction, or at once when there is none.

        Undone with its savepoint or transaction; when it fails, the transaction fails. For writes that
        take a lock which many want. The transaction that Django's TestCase wraps around a test is none.
        """
        if not self._is_in_own_transaction():
            write()
            return
        self.put_off.append((frozenset(self.savepoint_ids), write))

    def _is_in_own_transaction(self) -> bool:
        return any(
            not block._from_testcase  # type: ignore[attr-defined]
            for block in self.atomic_blocks
        )

    def _write_what_was_put_off(self) -> None:
        try:
            while self.put_off:
                _, write = self.put_off.pop(0)
                write()
        finally:
            self.put_off = []

    def savepoint_commit(self, sid: str) -> None:
        super().savepoint_commit(sid)
        if not self._is_in_own_transaction():
            self._write_what_was_put_off()

    def savepoint_rollback(self, sid: str) -> None:
        self.put_off = [(sids, write) for sids, write in self.put_off if sid not in sids]
        super().savepoint_rollback(sid)

    def stamp(self) -> None:
        """Make the session's settings say what the ContextVar says."""
        scope = current_scope()
        if scope == self.stamped or self.connection is None:
            return
        # A broken transaction accepts nothing but its rollback; after that the stamp is unknown anyway.
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(
                STAMP, (_text(scope.clinic_id), _text(scope.user_id), "on" if scope.platform else "")
            )
        self.stamped = scope

    def forget_stamp(self) -> None:
        """The session's settings are no longer known."""
        self.stamped = None

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if not self._role_was_checked and not settings.AS_OWNER:
            self._refuse_a_role_that_bypasses()

    def _refuse_a_role_that_bypasses(self) -> None:
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            name, bypasses = cursor.execute(BYPASSES).fetchone()
        if bypasses:
            raise RoleBypassesRowSecurity(name)
        DatabaseWrapper._role_was_checked = True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # A pool hands out connections that carry another borrower's settings.
        self.forget_stamp()
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        self.put_off = []
        self.forget_stamp()
        super()._close()  # type: ignore[misc]

    def _commit(self) -> None:
        try:
            self._write_what_was_put_off()
        except BaseException:
            # Django rolls back after a database error only; what could not be written must not be half done.
            self._rollback()
            raise
        try:
            super()._commit()  # type: ignore[misc]
        except BaseException:
            # A commit that fails on a deferred constraint has rolled back, settings included.
            self.forget_stamp()
            raise

    def _rollback(self) -> None:
        self.put_off = []
        self.forget_stamp()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.forget_stamp()

    def _cursor(self, name: str | None = None) -> Any:
        cursor = super()._cursor(name)  # type: ignore[misc]
        self.stamp()
        return cursor

    def make_cursor(self, cursor: Any) -> ScopedCursor:
        return ScopedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> ScopedDebugCursor:
        return ScopedDebugCursor(cursor, self)
