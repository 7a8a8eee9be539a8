"""Simulated movement: landmarks of a kinematic human doing the library's exercises, with known repetitions
and faults.

It makes demonstration data, tests and the moving figures. It is simulated, and nothing measured on it says
how well anything works on people.
"""

from prescriptions.movement.generator.camera import UnknownView
from prescriptions.movement.generator.motion import (
    Motion,
    Scene,
    TrueRepetition,
    Truth,
    UnknownCompensation,
    UnknownExercise,
    act,
    compensations,
    exercises,
    generate,
    observe,
    views,
)
from prescriptions.movement.generator.timing import Tempo

__all__ = [
    "Motion",
    "Scene",
    "Tempo",
    "TrueRepetition",
    "Truth",
    "UnknownCompensation",
    "UnknownExercise",
    "UnknownView",
    "act",
    "compensations",
    "exercises",
    "generate",
    "observe",
    "views",
]
