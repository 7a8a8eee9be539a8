"""Which cue the patient hears: one at a time, the most severe first, and not the same one again too soon."""

from collections.abc import Iterable
from dataclasses import dataclass, field

SEVERITY_RANK = {"significant": 2, "mild": 1}
SHOW_S = 3.0
SAME_CUE_AGAIN_S = 8.0


@dataclass(frozen=True, slots=True)
class Cue:
    code: str
    words: str
    severity: str

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "words": self.words, "severity": self.severity}


@dataclass(slots=True)
class CueBoard:
    """Shows a cue for ``SHOW_S`` seconds; only a more severe one may replace it before."""

    showing: Cue | None = None
    since_s: float = 0.0
    last_shown_s: dict[str, float] = field(default_factory=dict)

    def offer(self, cues: Iterable[Cue], *, at_s: float) -> Cue | None:
        """Take what the scorer would say now; answer what the patient should see at ``at_s``."""
        if self.showing is not None and at_s - self.since_s >= SHOW_S:
            self.showing = None
        best = max(cues, key=_rank, default=None)
        if best is not None and self._may_show(best, at_s=at_s):
            self.showing, self.since_s = best, at_s
            self.last_shown_s[best.code] = at_s
        return self.showing

    def _may_show(self, cue: Cue, *, at_s: float) -> bool:
        if self.showing is not None and _rank(cue) <= _rank(self.showing):
            return False
        last = self.last_shown_s.get(cue.code)
        return last is None or at_s - last >= SAME_CUE_AGAIN_S


def _rank(cue: Cue) -> int:
    return SEVERITY_RANK.get(cue.severity, 0)
