"""Which products have a model, as each app says in `ready()`: the register imports no app."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clinic.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReleasedModel:
    """The model that ships with this version of Plumbline."""

    version: str
    sha256: str
    data_sha256: str = ""
    data_words: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    card: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """A product with a model. `released` answers None while no release ships; `without` says in words what
    runs when the model is switched off; `evidence` answers where to see a version's errors, or an empty text.
    """

    code: str
    title: str
    without: str
    released: Callable[[], ReleasedModel | None]
    evidence: Callable[[str, UUID], str] = lambda clinic_slug, model_ref: ""


class UnknownProduct(NotFound):
    words = "There is no product of that name with a model."


_products: dict[str, Product] = {}


def register_product(product: Product) -> None:
    """Called once in an app's `ready()`; the same code replaces the earlier."""
    _products[product.code] = product


def product_of(code: str) -> Product:
    """Raises UnknownProduct."""
    try:
        return _products[code]
    except KeyError as error:
        raise UnknownProduct from error


def all_products() -> list[Product]:
    """By title."""
    return sorted(_products.values(), key=lambda product: product.title)
