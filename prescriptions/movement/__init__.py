"""Movement science: landmarks, 2-D quantities, views, criteria and exercise rules. No web framework."""

from prescriptions.movement.criteria import Criterion, InvalidRules
from prescriptions.movement.landmarks import LANDMARK_COUNT, LIMBS, MIRRORED, Landmark, Side, plain_names
from prescriptions.movement.quantities import QUANTITIES, Quantity, UnknownQuantity, quantities, quantity
from prescriptions.movement.rules import ExerciseRules, Segmentation, ViewRules
from prescriptions.movement.views import VIEW_WORDS

__all__ = [
    "LANDMARK_COUNT",
    "LIMBS",
    "MIRRORED",
    "QUANTITIES",
    "VIEW_WORDS",
    "Criterion",
    "ExerciseRules",
    "InvalidRules",
    "Landmark",
    "Quantity",
    "Segmentation",
    "Side",
    "UnknownQuantity",
    "ViewRules",
    "plain_names",
    "quantities",
    "quantity",
]
