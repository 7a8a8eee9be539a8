"""Which model of a product runs in the clinic in scope."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from clinic.errors import NotFound
from clinic.model_register.files import open_folder
from clinic.model_register.products import all_products, product_of
from clinic.models import RegisteredModel

Origin, State = RegisteredModel.Origin, RegisteredModel.State


class ModelNotFound(NotFound):
    words = "We could not find that model."


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """The version that runs, and where its files lie; a released one lies with the code."""

    version: str
    sha256: str
    stored_name: str = ""

    @property
    def is_released(self) -> bool:
        return not self.stored_name

    def folder(self) -> Path | None:
        """None for a released model. Raises ModelFilesUnusable."""
        return None if self.is_released else open_folder(self.stored_name, sha256=self.sha256)


def active_model(product: str) -> ActiveModel | None:
    """What runs; None when it was switched off or nothing has been released.

    Until the clinic decides, the released model runs; an update of Plumbline brings its successor.
    """
    rows = RegisteredModel.objects.filter(product=product, state__in=(State.ACTIVE, State.OFF))
    rows = list(rows.only("version", "sha256", "stored_name", "origin", "state"))
    active = next((row for row in rows if row.state == State.ACTIVE), None)
    if active is not None and active.origin == Origin.TRAINED:
        return ActiveModel(active.version, active.sha256, active.stored_name)
    if active is None and rows:
        return None
    released = product_of(product).released()
    return ActiveModel(released.version, released.sha256) if released else None


def models_of(product: str) -> QuerySet[RegisteredModel]:
    """Every version that this clinic knows, the newest first."""
    rows = RegisteredModel.objects.filter(product=product).select_related("decided_by", "registered_by")
    return rows.defer("card").order_by("-id")


def model_named(ref: UUID) -> RegisteredModel:
    """Raises ModelNotFound for another clinic's or an unknown one."""
    row = RegisteredModel.objects.select_related("decided_by", "registered_by").filter(ref=ref).first()
    if row is None or row.product not in {product.code for product in all_products()}:
        raise ModelNotFound
    return row
