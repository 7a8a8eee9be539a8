"""One simulated patient as a Gymnasium environment, so that others can bring their own agent.

`gymnasium.make("AdaptRx-v0", mechanism="silent")`; importing this module registers the id. A step is one
decision; the days until the next one then pass. The action is a place among the ladder's candidates;
`info["action_mask"]` says which the safety mask allows. An action outside it is not carried out: the fixed
protocol's dose is given instead and `info["outside_mask"]` is True.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import register, registry

from prescriptions.adapt_rx.features import STATE_COLUMNS, state_array
from prescriptions.adapt_rx.ladders import shipped_ladders
from prescriptions.adapt_rx.simulation.asking import shelf_of
from prescriptions.adapt_rx.simulation.course import Clinic
from prescriptions.adapt_rx.simulation.learned import ScienceDesk, Settings
from prescriptions.adapt_rx.simulation.mechanisms import mechanism_of
from prescriptions.adapt_rx.simulation.policies import Question
from prescriptions.adapt_rx.simulation.worlds import build_world
from prescriptions.adapt_rx.simulation.worth import FLARE_DAY_COSTS

ENVIRONMENT_ID = "AdaptRx-v0"
DOSE_NUMBERS = 5
LARGEST = 1000.0

Observation = np.ndarray[Any, np.dtype[np.float32]]


class AdaptRxEnv(gymnasium.Env[Observation, np.int64]):
    """Treats one patient for `weeks`.

    Observation: the learner's state columns (`features.STATE_COLUMNS`: scaled context, 0 and a flag where not
    known) and the five numbers of the dose in force. Reward: points of function gained since the decision,
    less 1 for each flare day, from the patient's true state, which the observation does not show. The episode
    is truncated at the end of the course and terminated when the patient drops out. `reset(seed=…)` chooses
    the patient. Raises UnknownMechanism, KeyError for an unknown ladder.
    """

    metadata = {"render_modes": []}

    def __init__(
        self, mechanism: str = "load_capacity", ladder: str = "knee_extension", weeks: int = 12
    ) -> None:
        self.mechanism = mechanism_of(mechanism)
        self.shelf = shelf_of(shipped_ladders()[ladder])
        self.weeks = weeks
        size = len(STATE_COLUMNS) + DOSE_NUMBERS
        self.observation_space = spaces.Box(-LARGEST, LARGEST, (size,), np.float32)
        self.action_space = spaces.Discrete(len(self.shelf.loads))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """A new patient, on the morning of the first decision."""
        super().reset(seed=seed)
        patient = int(self.np_random.integers(0, 2**31))
        world = build_world(
            self.mechanism, 1, weeks=self.weeks, seed=patient, shelves=(self.shelf,), enrol_factor=0
        )
        self.clinic = Clinic(world, ScienceDesk(Settings()))
        self.mornings = self._mornings()
        self.question = next(self.mornings, None)
        self.worth_before = self._worth()
        return self._observed(), self._told(outside=False)

    def step(self, action: np.int64) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Put a dose in force and let the days pass until the next decision."""
        outside = False
        if self.question is not None:
            outside = not bool(self.question.allowed[0, int(action)])
            place = self.question.protocol if outside else np.array([int(action)])
            self.clinic.answer(self.question, place)
            self.question = next(self.mornings, None)
        worth = self._worth()
        reward, self.worth_before = worth - self.worth_before, worth
        dropped = bool(self.clinic.body.dropped_out[0])
        over = self.question is None
        return self._observed(), reward, dropped, over and not dropped, self._told(outside=outside)

    def _mornings(self) -> Iterator[Question]:
        """Every decision of the course; between two of them the days pass."""
        for day in range(self.clinic.world.days):
            self.clinic.begin_day(day)
            yield from self.clinic.questions()
            self.clinic.end_day()

    def _worth(self) -> float:
        function = self.clinic.function[0]
        known = function[~np.isnan(function)]
        reached = float(known[-1]) if len(known) else 0.0
        return reached - FLARE_DAY_COSTS * float(self.clinic.counts["flare_days"][0])

    def _observed(self) -> Observation:
        question = self.question
        if question is None:
            return np.zeros(self.observation_space.shape or (), np.float32)
        dose = self.shelf.ladder.table()[question.current[0], :DOSE_NUMBERS]
        both = np.concatenate([state_array(question.contexts)[0], dose])
        return np.asarray(np.clip(both, -LARGEST, LARGEST), np.float32)

    def _told(self, *, outside: bool) -> dict[str, Any]:
        question = self.question
        allowed = np.zeros(len(self.shelf.loads), np.int8)
        if question is not None:
            allowed = question.allowed[0].astype(np.int8)
        return {
            "action_mask": allowed,
            "protocol_action": int(question.protocol[0]) if question is not None else self.shelf.rest,
            "outside_mask": outside,
        }


if ENVIRONMENT_ID not in registry:
    register(ENVIRONMENT_ID, entry_point="prescriptions.adapt_rx.simulation.environment:AdaptRxEnv")
