"""AdaptRx in the model register: the prior that ships, and what runs when the learner is switched off."""

from dataclasses import asdict
from functools import cache
from pathlib import Path

from clinic.model_register.products import Product, ReleasedModel, register_product
from prescriptions.adapt_rx.learner import prior
from prescriptions.selectors.adapting.states import PRODUCT

CARD = Path(__file__).parent / "adapt_rx" / "MODEL_CARD.md"


def register_models() -> None:
    """Called once when the app is ready."""
    register_product(
        Product(
            code=PRODUCT,
            title="AdaptRx",
            without="Without the learner, proposals come from the fixed protocol, inside the same rules.",
            released=released_model,
        )
    )


@cache
def released_model() -> ReleasedModel:
    """The prior of this release; what a clinic learns on top of it is kept version by version elsewhere."""
    shipped = prior()
    return ReleasedModel(
        version=shipped.prior,
        sha256=shipped.sha256(),
        data_words="Simulated patients only; nothing was learned from people",
        parameters=asdict(shipped.settings),
        card=CARD.read_text(encoding="utf-8") if CARD.is_file() else "",
    )
