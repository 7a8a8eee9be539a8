"""What a benchmark module returns, and the quantiles that all of them quote."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Measure:
    """One measured value beside its goal; ``higher_is_better`` says which side of the goal is good."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    higher_is_better: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the goal is met: 1 or more is good."""
        if self.goal is None or self.value == 0:
            return None
        return self.value / self.goal if self.higher_is_better else self.goal / self.value

    def line(self) -> str:
        """One line of the report."""
        digits = (
            0 if abs(self.value) >= 1000 or self.value == round(self.value) else 3 - len(str(int(self.value)))
        )
        text = f"  {self.name:<52} {self.value:>10,.{max(digits, 0)}f} {self.unit:<10}"
        if self.ratio is not None:
            sign = "≥" if self.higher_is_better else "≤"
            verdict = "met" if self.ratio >= 1 else "MISSED"
            text += f" goal {sign} {self.goal:g}: {self.ratio:.2f} × {verdict}"
        return f"{text}  {self.note}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """For the JSON report."""
        return {**asdict(self), "ratio": self.ratio}


def quantile(values: ArrayLike, share: float) -> float:
    """The ``share`` quantile (0 to 1) of the values, in their unit."""
    return float(np.quantile(np.asarray(values, dtype=float), share))
