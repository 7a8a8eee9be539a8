"""The tests' database: migrated once and kept in build/ for the next process, emptied quickly after a commit.

Migrating takes longer than most files of tests. A copy of the stopped cluster is kept under the name of all
that a migration reads, so that a change of any of it migrates anew; Django's own ``migrate`` runs on the copy
all the same.
"""

import fcntl
import hashlib
import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from clinic.config.embedded.postgres import SUPERUSER, PostgresServer

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build/test-database"
FACTS = "migrated.json"
OLD_S = 3600.0
READ_BY_MIGRATIONS = (
    "*/migrations/*.py",
    "clinic/tenancy/**/*.py",
    "clinic/audit/*.py",
    "clinic/config/embedded/*.py",
    "clinic/config/settings/*.py",
    "requirements/*.txt",
    "tests/database.py",
)
# What `migrate` writes itself, for the life of the database.
STANDING = ("django_migrations", "django_content_type", "auth_permission")
WRITTEN = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
    "AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)"
)


@dataclass(frozen=True)
class Facts:
    """What must be known of a kept cluster: who may do everything in it, and its database's name."""

    superuser: str
    database: str


def kept_cluster() -> Path:
    """Where the cluster with the migrations of this moment is, or will be, kept."""
    digest = hashlib.sha256()
    for pattern in READ_BY_MIGRATIONS:
        for source in sorted(ROOT.glob(pattern)):
            digest.update(f"{source.relative_to(ROOT)}\0".encode() + source.read_bytes())
    return KEPT / digest.hexdigest()[:16]


def take(home: Path) -> Facts | None:
    """Copy the kept cluster into a server's home, before it starts; None where none is kept."""
    kept = kept_cluster()
    if not kept.exists():
        return None
    copy_with_owners(kept / "postgres", home / "postgres")
    shutil.copy(kept / FACTS, home)
    return facts_of(home)


def facts_of(home: Path) -> Facts | None:
    """What is known of the copied cluster in a home; None where the cluster is a new one."""
    return Facts(**json.loads((home / FACTS).read_text())) if (home / FACTS).exists() else None


def copy_with_owners(folder: Path, to: Path) -> None:
    """Copy a folder whose files belong to the servers' user."""
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)


def rename(server: PostgresServer, *, to: str) -> None:
    """Give the copied database the name that this process uses."""
    facts = facts_of(server.home)
    if facts is not None and facts.database != to:
        with psycopg.connect(server.url(SUPERUSER, database="postgres"), autocommit=True) as connection:
            statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(statement.format(sql.Identifier(facts.database), sql.Identifier(to)))


def keep(server: PostgresServer, *, database: str) -> None:
    """Keep a copy of a freshly migrated cluster. Stops the server for that long; nobody may be connected."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with locked(KEPT / "lock"):
        kept = kept_cluster()
        if kept.exists():
            return
        remove_old()
        copy = Path(tempfile.mkdtemp(dir=KEPT, prefix="new-"))
        server.stop()
        copy_with_owners(server.data, copy / "postgres")
        server.start()
        (copy / FACTS).write_text(json.dumps(asdict(Facts(server.passwords.superuser, database))))
        copy.rename(kept)


def remove_old() -> None:
    """Remove kept clusters that are so old that nobody copies one at this moment."""
    for cluster in KEPT.glob("*/"):
        if time.time() - cluster.stat().st_mtime > OLD_S:
            shutil.rmtree(cluster, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process after the other."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def empty(server: PostgresServer, *, database: str) -> None:
    """Remove every row that tests committed; tables that nobody wrote to are left alone.

    Django's flush truncates all tables and numbers the content types anew, which takes some hundred times as
    long. The superuser sees the rows of every clinic, and a replica's session asks no trigger.
    """
    with psycopg.connect(server.url(SUPERUSER, database=database)) as connection:
        connection.execute("SET session_replication_role = replica")
        for (table,) in connection.execute(WRITTEN, [list(STANDING)]).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def throw_away(server: PostgresServer) -> None:
    """Stop a server whose data nobody needs any more, and remove them."""
    if server.child is not None and server.child.is_running:
        server.child.process.send_signal(signal.SIGQUIT)
    server.stop()
    shutil.rmtree(server.home, ignore_errors=True)
