"""One sensor recording in words: what it is, how good it is, and what was found in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sessions.models import Recording, TimedTest, WalkingBout
from sessions.motion_trend.metrics import METRICS
from sessions.selectors.movement.access import recordings_for
from sessions.selectors.movement.bout_view import shown, steps_of
from sessions.selectors.movement.dashboard import flag_words, placement_words

SORTS = {
    "time": ("start_s",),
    "longest": ("-duration_s", "start_s"),
    "fastest": ("-walking_speed_m_s", "start_s"),
    "slowest": ("walking_speed_m_s", "start_s"),
    "steps": ("-step_count", "start_s"),
}
SORT_WORDS = {
    "time": "In order of time",
    "longest": "Longest first",
    "fastest": "Fastest first",
    "slowest": "Slowest first",
    "steps": "Most steps first",
}
PAGE_ROWS = 200
MEGABYTE = 1_000_000
SECONDS_WORDS = {"recorded_s": "Samples cover", "moving_s": "Moving", "walking_s": "Walking"}
COUNT_WORDS = {
    "gaps": "Gaps",
    "rate_hz": "Least rate, samples a second",
    "resolution_m_s2": "Smallest step of the sensor, m/s²",
    "strides": "Strides found",
    "turning_strides": "Strides in turns",
    "strides_dropped": "Strides left out",
}
TEST_CODES = {
    TimedTest.Kind.WALK_10M: "walk_10m_speed_m_s",
    TimedTest.Kind.CHAIR_STAND_30S: "chair_stand_count",
    TimedTest.Kind.TUG: "tug_s",
}


@dataclass(frozen=True, slots=True)
class TestView:
    """A timed test as it is read."""

    test: TimedTest
    value: str
    band: str
    norm: str
    norm_people: str
    norm_place: str
    norm_source: str
    flags: tuple[str, ...]
    phases: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Everything that the recording's page shows."""

    recording: Recording
    facts: tuple[tuple[str, str], ...]
    quality: tuple[tuple[str, str], ...]
    repairs: tuple[str, ...]
    flags: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    bouts: tuple[WalkingBout, ...]
    bout_total: int
    tests: tuple[TestView, ...]
    lab: Mapping[str, Any] | None
    previous: Recording | None
    following: Recording | None

    @property
    def is_waiting(self) -> bool:
        """Whether something still comes in or is being analysed."""
        waiting = (
            Recording.State.OPEN,
            Recording.State.CLOSED,
            Recording.State.WAITING,
            Recording.State.ANALYSING,
        )
        return self.recording.state in waiting

    @property
    def has_failed(self) -> bool:
        return bool(self.recording.state == Recording.State.FAILED)


def recording_view(recording: Recording, *, sort: str = "time") -> RecordingView:
    """A recording that its reader may open, in a number of queries that does not grow with the bouts."""
    bouts = WalkingBout.objects.filter(recording=recording)
    order = SORTS.get(sort, SORTS["time"])
    found = list(bouts.select_related("recording").defer("steps").order_by(*order)[:PAGE_ROWS])
    result = recording.result if isinstance(recording.result, dict) else {}
    return RecordingView(
        recording=recording,
        facts=_facts(recording),
        quality=quality_words({**_mapping(result.get("quality")), **_mapping(recording.quality)}),
        repairs=tuple(flag_words(recording.quality.get("repairs") or result.get("repairs"))),
        flags=() if result.get("kind") == "timed" else tuple(flag_words(result.get("flags"))),
        versions=tuple((str(name), str(value)) for name, value in _mapping(result.get("versions")).items()),
        bouts=tuple(found),
        bout_total=len(found) if len(found) < PAGE_ROWS else bouts.count(),
        tests=tuple(test_view(test) for test in TimedTest.objects.filter(recording=recording)),
        lab=result if recording.modality == Recording.Modality.LAB and result else None,
        previous=_neighbour(recording, earlier=True),
        following=_neighbour(recording, earlier=False),
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def recording_title(recording: Recording) -> str:
    """What the recording is called: its own title, else what was done."""
    return recording.title or str(recording.get_activity_display()) or str(recording.get_modality_display())


def length_words(recording: Recording) -> str:
    """How long a recording is, in a list; a laboratory's file has no length of its own there."""
    return "" if recording.modality == Recording.Modality.LAB else duration_words(recording.duration_s)


def _facts(recording: Recording) -> tuple[tuple[str, str], ...]:
    facts: tuple[tuple[str, str], ...] = (
        ("What", str(recording.get_activity_display())),
        ("Came from", str(recording.get_source_display())),
        ("Device", recording.device.name if recording.device else ""),
        *_facts_of_kind(recording),
        ("Added by", recording.uploaded_by.display_name if recording.uploaded_by else ""),
    )
    return tuple((name, words) for name, words in facts if words)


def _facts_of_kind(recording: Recording) -> tuple[tuple[str, str], ...]:
    size = _size_words(recording.file_bytes) if recording.file_bytes else ""
    if recording.modality == Recording.Modality.LAB:
        contents = _mapping(_mapping(recording.result).get("contents"))
        return (
            ("When", "The file does not say; it was uploaded then"),
            ("Length", duration_words(contents["seconds"]) if _known(contents, "seconds") else ""),
            ("Kept", f"The laboratory's file, {size}" if size else ""),
        )
    if recording.modality == Recording.Modality.HEALTH:
        return (("Covers", duration_words(recording.duration_s)), ("Values", _count(recording.sample_count)))
    return (*_facts_of_sensor(recording), ("Stored as", f"{size}, compressed" if size else ""))


def _facts_of_sensor(recording: Recording) -> tuple[tuple[str, str], ...]:
    rate = recording.sampling_rate_hz
    run_up = recording.protocol.get("run_up_m")
    is_timed = recording.activity == Recording.Activity.CHAIR_STAND_30S
    return (
        ("Worn at", placement_words(recording.placement) or "Not said"),
        (
            "Height used",
            f"{recording.height_m:.2f} m" if recording.height_m else "None: no lengths, no speed",
        ),
        ("Way", f"10 m, with {run_up:g} m before and after" if run_up else ""),
        ("Timed from", "The word “Go”" if "go_s" in recording.protocol and is_timed else ""),
        ("Length", duration_words(recording.duration_s)),
        ("Samples", _count(recording.sample_count)),
        ("Rate", f"{rate:.0f} a second" if rate else ""),
    )


def _count(count: int) -> str:
    return f"{count:,}" if count else ""


def _size_words(size_bytes: int) -> str:
    if size_bytes >= MEGABYTE:
        return f"{size_bytes / MEGABYTE:.1f} MB"
    return f"{max(1, round(size_bytes / 1000))} kB"


def duration_words(seconds: float | None) -> str:
    """ "42 s", "6 min 5 s", "11 h 20 min", "14 days"; empty where it is not known."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 2 * 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{round(whole / 86_400)} days"


def quality_words(quality: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The numbers of a recording's quality that a person can read; the others are left to the export."""
    seconds = [
        (name, duration_words(quality[code])) for code, name in SECONDS_WORDS.items() if _known(quality, code)
    ]
    counts = [(name, f"{quality[code]:.3g}") for code, name in COUNT_WORDS.items() if _known(quality, code)]
    return tuple(seconds + counts)


def _known(quality: Mapping[str, Any], code: str) -> bool:
    value = quality.get(code)
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def test_view(test: TimedTest) -> TestView:
    """A timed test with its band, its norm and the norm's source."""
    code = TEST_CODES[TimedTest.Kind(test.kind)]
    unit = METRICS[code].unit
    norm = _mapping(test.norm)
    return TestView(
        test=test,
        value="" if test.value is None else f"{shown(code, test.value)} {unit}",
        band=_between(code, None if test.value is None else test.low, test.high),
        norm=_norm_words(code, norm),
        norm_people=str(norm.get("people") or "people of this age and sex"),
        norm_place=str(norm.get("words") or ""),
        norm_source=str(norm.get("source") or ""),
        flags=tuple(flag_words(test.flags)),
        phases=phases_of(test.phases),
    )


def _norm_words(code: str, norm: Mapping[str, Any]) -> str:
    return _between(code, norm.get("low"), norm.get("high"))


def _between(code: str, low: object, high: object) -> str:
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return ""
    return f"{shown(code, low)}–{shown(code, high)} {METRICS[code].unit}"


def phases_of(stored: object) -> tuple[dict[str, Any], ...]:
    """A test's phases with their names and seconds; anything else is left out."""
    if not isinstance(stored, list):
        return ()
    kept = (one for one in stored if isinstance(one, dict) and "start_s" in one and "end_s" in one)
    return tuple(
        {
            "name": str(one.get("words") or one.get("name") or one.get("code") or "").replace("_", " "),
            "start_s": float(one["start_s"]),
            "end_s": float(one["end_s"]),
            "seconds": float(one["end_s"]) - float(one["start_s"]),
        }
        for one in kept
    )


def _neighbour(recording: Recording, *, earlier: bool) -> Recording | None:
    at: datetime | None = recording.started_at
    if at is None or recording.patient is None:
        return None
    others = recordings_for(recording.patient).exclude(pk=recording.pk)
    if earlier:
        return others.filter(started_at__lt=at).first()
    return others.filter(started_at__gt=at).last()


def steps_within(recording: Recording) -> tuple[tuple[float, str], ...]:
    """The steps of all bouts of a recording, in order of time."""
    stored = WalkingBout.objects.filter(recording=recording).values_list("steps", flat=True)
    return tuple(sorted(step for steps in stored for step in steps_of(steps)))
