"""Steps of the optimiser at rates that rise and fall. Needs torch."""

from __future__ import annotations

import torch
from torch import Tensor


class Pacer:
    """Counts steps and sets the rates: a rise over the first steps, then a straight fall to nothing."""

    def __init__(self, optimiser: torch.optim.Optimizer, *, steps: int, warm_up_share: float) -> None:
        self.steps = steps
        self.step = 0
        self._optimiser = optimiser
        self._warm_up = max(1, round(steps * warm_up_share))
        self._rates = [group["lr"] for group in optimiser.param_groups]
        self._set()

    @property
    def done(self) -> bool:
        """Whether all steps are taken."""
        return self.step >= self.steps

    def follow(self, loss: Tensor, model: torch.nn.Module) -> float:
        """One step of the optimiser down this loss at this moment's rates; the loss."""
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.step += 1
        self._set()
        return loss.item()

    def _set(self) -> None:
        rising = (self.step + 1) / self._warm_up
        falling = (self.steps - self.step) / max(1, self.steps - self._warm_up)
        share = max(0.0, min(1.0, rising, falling))
        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * share
