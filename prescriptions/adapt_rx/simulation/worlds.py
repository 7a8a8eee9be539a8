"""Putting a world together: patients, their chance, ladders and a calendar, from one seed."""

from __future__ import annotations

import zlib

import numpy as np

from prescriptions.adapt_rx.simulation.asking import Shelf, shipped_shelves
from prescriptions.adapt_rx.simulation.course import World
from prescriptions.adapt_rx.simulation.mechanisms import Mechanism
from prescriptions.adapt_rx.simulation.patients import draw_noise, draw_patients

ENROL_FACTOR = 2


def build_world(
    mechanism: Mechanism,
    patients: int,
    *,
    weeks: int,
    seed: int,
    shelves: tuple[Shelf, ...] = (),
    enrol_factor: int = ENROL_FACTOR,
) -> World:
    """A clinic that takes in patients over twice the length of a course and follows each for `weeks`.

    The same arguments give the same world; a mechanism's patients do not depend on the others asked for.
    """
    shelves = shelves or shipped_shelves()
    days = weeks * 7
    enrol_days = days * enrol_factor
    own = (seed, zlib.crc32(mechanism.code.encode()))
    drawn = draw_patients(
        mechanism,
        patients,
        enrol_days=enrol_days,
        open_days=np.array([float(shelf.open_days) for shelf in shelves]),
        seed=own,
    )
    return World(
        mechanism=mechanism,
        patients=drawn,
        noise=draw_noise(patients, days, seed=own),
        shelves=shelves,
        days=days,
        calendar_days=days + enrol_days,
        seed=own,
    )
