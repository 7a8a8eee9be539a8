"""Who watches a stream live, as the stream knows it. A watcher who is silent for a while is forgotten."""

from dataclasses import dataclass, field

SILENT_FOR_S = 25.0
SAY_HERE_EVERY_S = 8.0


@dataclass(slots=True)
class Watchers:
    _heard_at: dict[str, float] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _told_at: float = 0.0

    def heard_from(self, ref: str, *, now: float) -> bool:
        """Note a sign of life; True when this watcher is new."""
        is_new = ref not in self._heard_at
        self._heard_at[ref] = now
        return is_new

    def name(self, ref: str, name: str) -> None:
        if ref in self._heard_at:
            self._names[ref] = name

    def names(self) -> list[str]:
        return sorted(self._names.values())

    def forget(self, ref: str) -> None:
        self._heard_at.pop(ref, None)
        self._names.pop(ref, None)

    def forget_silent(self, *, now: float) -> bool:
        """Forget whoever has been silent for too long; True when someone was."""
        silent = [ref for ref, at in self._heard_at.items() if now - at > SILENT_FOR_S]
        for ref in silent:
            self.forget(ref)
        return bool(silent)

    def is_due(self, *, now: float, every_s: float) -> bool:
        """Whether someone known watches and the last summary is old enough; notes that one is sent now."""
        if not self._names or now - self._told_at < every_s:
            return False
        self._told_at = now
        return True
