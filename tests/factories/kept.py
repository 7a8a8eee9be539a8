"""Scenes that many tests begin with: made once by each process, then copied into the database of each test.

To write the cast and their plans anew costs more than most tests that begin with them. The first call of a
kept factory runs it and notes the rows that it wrote; a later call with the same arguments writes those rows
again, as they were, and answers equal objects. Lines of the audit trail are chained anew by the database's
own trigger. The same numbers come again in the next test, so what the process remembers by them is emptied:
the cache, and who listens to which group.
"""

import pickle
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, models, transaction
from django.utils import timezone

from clinic.models import Clinic
from clinic.tenancy.scope import clinic_scope, no_scope

P = ParamSpec("P")
R = TypeVar("R")
Model = type[models.Model]
# Written by triggers on other tables.
BY_TRIGGER = ("clinic_auditchainhead", "clinic_auditeventpatient")
# The rows of a table by key, each with a digest of its content.
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Scene:
    """What a factory wrote, as SQL and its rows by clinic (None: rows of no clinic), and what it answered."""

    written: tuple[tuple[int | None, str, tuple[str, ...]], ...]
    answer: bytes


_scenes: dict[Hashable, Scene] = {}


def kept(make: Callable[P, R]) -> Callable[P, R]:
    """A factory whose scene is made once and copied afterwards. Its arguments are hashable."""

    @wraps(make)
    def scene(*args: P.args, **kwargs: P.kwargs) -> R:
        if not is_usual_time():
            return make(*args, **kwargs)
        # A flush gives the content types new numbers, which lines of the audit trail name.
        era = (timezone.now().replace(minute=0, second=0, microsecond=0), content_types())
        key = (make.__module__, make.__qualname__, args, tuple(sorted(kwargs.items())), era)
        if key in _scenes:
            return write_again(_scenes[key])
        answer, _scenes[key] = note(lambda: make(*args, **kwargs))
        return answer

    return scene


def is_usual_time() -> bool:
    """Whether the product's clock shows the time; a test that turned it wants rows of its own time."""
    return abs(timezone.now() - datetime.now(UTC)) < timedelta(seconds=1)


def content_types() -> int:
    """Changes when the content types are numbered anew."""
    return int(ContentType.objects.get_for_model(Clinic).pk)


def write_again(scene: Scene) -> object:
    """Write the rows of a scene; answers what its factory answered."""
    forget()
    with transaction.atomic():
        for clinic_id, statements, rows in scene.written:
            with scope_of(clinic_id), connection.cursor() as cursor:
                cursor.execute(statements, rows)
    return pickle.loads(scene.answer)  # noqa: S301 (pickled by this process)


def forget() -> None:
    """Empty what the process remembers of the clinics and people of the test before."""
    cache.clear()
    layer = get_channel_layer()
    if isinstance(layer, InMemoryChannelLayer):
        layer.groups.clear()
        layer.channels.clear()


def note(make: Callable[[], R]) -> tuple[R, Scene]:
    """Run a factory; its answer, and the scene for later."""
    before = {clinic_id: rows_of(clinic_id) for clinic_id in clinics()}
    answer = make()
    pickled = pickle.dumps(answer)
    written = []
    for clinic_id in clinics():
        new = new_rows(before.get(clinic_id, {}), rows_of(clinic_id))
        if new:
            written.append((clinic_id, *again(clinic_id, new)))
    return answer, Scene(tuple(written), pickled)


def clinics() -> list[int | None]:
    """None first: the rows of no clinic."""
    return [None, *Clinic.objects.order_by("pk").values_list("pk", flat=True)]


def scope_of(clinic_id: int | None) -> AbstractContextManager[object]:
    return no_scope() if clinic_id is None else clinic_scope(clinic_id)


def tables(clinic_id: int | None) -> Iterator[Model]:
    """The tables of clinics, or those of the whole house, each after the tables it points at."""
    left = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in BY_TRIGGER
    ]
    left = [model for model in left if has_clinic(model) is (clinic_id is not None)]
    while left:
        free = [model for model in left if not points_at(model) & set(left)] or left
        yield from free
        left = [model for model in left if model not in free]


def has_clinic(model: Model) -> bool:
    return any(field.name == "clinic" for field in model._meta.local_fields)


def points_at(model: Model) -> set[Model]:
    """Other models that a row of this one needs."""
    links = (field for field in model._meta.local_fields if isinstance(field, models.ForeignKey))
    return {link.related_model for link in links} - {model}


def rows_of(clinic_id: int | None) -> Rows:
    """What is in the database of one clinic, or of none."""
    parts = [
        f"SELECT '{model._meta.db_table}', {key_of(model)}::text, md5(row::text) "
        f'FROM "{model._meta.db_table}" AS row'
        for model in tables(clinic_id)
    ]
    found: Rows = defaultdict(dict)
    with scope_of(clinic_id), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        for table, key, digest in cursor.fetchall():
            found[table][key] = digest
    return dict(found)


def key_of(model: Model) -> str:
    return f'"{model._meta.pk.column}"'


def new_rows(before: Rows, after: Rows) -> dict[str, list[str]]:
    """Keys of the new rows by table. Raises SceneChangedRows."""
    for table, rows in before.items():
        if any(after.get(table, {}).get(key) != digest for key, digest in rows.items()):
            raise SceneChangedRows(table)
    found = {
        table: [key for key in rows if key not in before.get(table, {})] for table, rows in after.items()
    }
    return {table: keys for table, keys in found.items() if keys}


def again(clinic_id: int | None, new: dict[str, list[str]]) -> tuple[str, tuple[str, ...]]:
    """SQL that writes these rows again, and the rows of each of its statements."""
    statements, rows = [], []
    for model in tables(clinic_id):
        table = model._meta.db_table
        if table not in new:
            continue
        with scope_of(clinic_id), connection.cursor() as cursor:
            cursor.execute(
                f'SELECT array_agg(row ORDER BY {key_of(model)})::text FROM "{table}" AS row '
                f"WHERE {key_of(model)}::text = ANY(%s)",
                [new[table]],
            )
            rows.append(cursor.fetchone()[0])
        statements.append(f'INSERT INTO "{table}" SELECT * FROM unnest(%s::"{table}"[])')
        if all(key.isdecimal() for key in new[table]):
            statements.append(number_on(table, key_of(model), max(map(int, new[table]))))
    return "; ".join(statements), tuple(rows)


def number_on(table: str, key: str, highest: int) -> str:
    """SQL that lets the next row have a higher number: the demo's wipe numbers its tables anew."""
    sequence = f"pg_get_serial_sequence('\"{table}\"', '{key.strip(chr(34))}')"
    return f"SELECT setval({sequence}, GREATEST({highest}, pg_sequence_last_value({sequence}::regclass)))"


class SceneChangedRows(Exception):
    """A kept factory changed or removed a row that was there before, which a copy of its rows cannot do."""

    def __init__(self, table: str) -> None:
        super().__init__(f"a kept scene changes rows of {table} that it did not write")
