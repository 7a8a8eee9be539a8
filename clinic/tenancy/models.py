"""ClinicOwned: the base of every table that belongs to one clinic, with a manager that is closed by
default.
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Func

from clinic.tenancy.scope import OtherClinicScope, current_clinic_id

M = TypeVar("M", bound="ClinicOwned")


class UuidV7(Func):
    """PostgreSQL 18's uuidv7(): unguessable enough for a URL, and sorted by time for the index."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class ClinicQuerySet(models.QuerySet[M]):
    """A queryset that remembers the clinic it was made for and refuses to be evaluated under another, or
    none.
    """

    _clinic_id: int | None = None

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._clinic_id = self._clinic_id
        return clone

    def _check_scope(self) -> None:
        if self.query.is_empty():
            return
        current = current_clinic_id()
        if self._clinic_id != current:
            raise OtherClinicScope(
                f"a queryset of {self.model._meta.label}", owner=self._clinic_id, current=current
            )

    def _check_rows(self, rows: Iterable[M]) -> list[M]:
        self._check_scope()
        checked = list(rows)
        for row in checked:
            row.take_clinic_from_scope()
        return checked

    # Everything below reads or writes: each first asks whether the scope is still the one it was made in.

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._check_scope()
        super()._fetch_all()

    def _iterator(self, use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        rows = super()._iterator(use_chunked_fetch, chunk_size)  # type: ignore[misc]
        while True:
            # The consumer may have walked into another scope between two rows.
            self._check_scope()
            try:
                row = next(rows)
            except StopIteration:
                return
            yield row

    async def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[Any]:
        rows = super().aiterator(chunk_size)
        while True:
            self._check_scope()
            try:
                row = await anext(rows)
            except StopAsyncIteration:
                return
            yield row

    def count(self) -> int:
        self._check_scope()
        return super().count()

    def exists(self) -> bool:
        self._check_scope()
        return super().exists()

    def contains(self, obj: models.Model) -> bool:
        self._check_scope()
        return super().contains(obj)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check_scope()
        return super().aggregate(*args, **kwargs)

    def explain(self, *, format: str | None = None, **options: Any) -> str:
        self._check_scope()
        return super().explain(format=format, **options)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        self._check_scope()
        return super().raw(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._check_scope()
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        self._check_scope()
        return super()._raw_delete(using)

    def update(self, **kwargs: Any) -> int:
        self._check_scope()
        self._check_clinic_values(kwargs)
        return super().update(**kwargs)

    def _update(self, values: Any) -> int:
        self._check_scope()
        return super()._update(values)  # type: ignore[misc]

    def create(self, **kwargs: Any) -> M:
        self._check_scope()
        return super().create(**kwargs)

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        if "clinic" in (kwargs.get("update_fields") or ()):
            raise TypeError("a row cannot be moved to another clinic")
        return super().bulk_create(self._check_rows(objs), *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        if {"clinic", "clinic_id"} & set(fields):
            raise TypeError("a row cannot be moved to another clinic")
        return super().bulk_update(self._check_rows(objs), fields, *args, **kwargs)

    def _insert(self, objs: Sequence[M], *args: Any, **kwargs: Any) -> Any:
        return super()._insert(self._check_rows(objs), *args, **kwargs)  # type: ignore[misc]

    def _check_clinic_values(self, values: dict[str, Any]) -> None:
        for name in ("clinic", "clinic_id"):
            if name not in values:
                continue
            owner = getattr(values[name], "pk", values[name])
            if owner != current_clinic_id():
                raise OtherClinicScope(
                    f"an update of {self.model._meta.label}", owner=owner, current=current_clinic_id()
                )


class ClinicManager(models.Manager.from_queryset(ClinicQuerySet)):  # type: ignore[misc]
    """Rows of the clinic in scope. Raises NoClinicScope when there is none; `none()` is always allowed."""

    use_in_migrations = False

    def get_queryset(self) -> ClinicQuerySet[Any]:
        clinic_id = current_clinic_id()
        queryset: ClinicQuerySet[Any] = super().get_queryset()
        queryset = queryset.filter(clinic_id=clinic_id)
        queryset._clinic_id = clinic_id
        return queryset

    def none(self) -> ClinicQuerySet[Any]:
        return ClinicQuerySet(self.model, using=self._db).none()


class ClinicOwned(models.Model):
    """A row that belongs to one clinic. `clinic` is filled from the scope and can never be changed."""

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(
        "clinic.Clinic", on_delete=models.PROTECT, related_name="+", editable=False, db_index=True
    )
    ref = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[ClinicManager] = ClinicManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_clinic_from_scope()
        super().save(*args, **kwargs)

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        self.take_clinic_from_scope()
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.take_clinic_from_scope()
        return super().delete(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.take_clinic_from_scope()
        super().full_clean(*args, **kwargs)

    def take_clinic_from_scope(self) -> None:
        """Fill `clinic` from the scope. Raises NoClinicScope, and OtherClinicScope for another's row."""
        current = current_clinic_id()
        if self.clinic_id is None:
            self.clinic_id = current
        if self.clinic_id != current:
            raise OtherClinicScope(f"a {self._meta.label}", owner=self.clinic_id, current=current)
