"""A laboratory recording to summary numbers and curves: what its channels allow, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sessions.motion_trend.lab import emg
from sessions.motion_trend.lab.force_plates import (
    CONTACT_N,
    Contact,
    LimbLoading,
    contacts,
    limb_loading,
    plate_load_n,
)
from sessions.motion_trend.lab.muscles import OPPONENTS, Muscle, muscles_of
from sessions.motion_trend.lab.sway import SHORTEST_S, Sway, sway_of
from sessions.motion_trend.lab.types import Array, Ellipse, Finding, ForcePlate, LabCurve, LabFile, LabResult
from sessions.motion_trend.types import ENGINE_VERSION, Flag

METHOD = "laboratory 1"
SECONDS = "seconds"
MOST_MUSCLES = 32
MOST_CONTACTS = 12
# Standing: the plate stays loaded and the load hardly moves.
STANDING_SPREAD = 0.05
LEFT_MARKERS = ("LHEE", "LTOE", "LANK", "L_FCC", "L_TOE")
RIGHT_MARKERS = ("RHEE", "RTOE", "RANK", "R_FCC", "R_TOE")

NO_REFERENCE = Flag(
    "no_reference_contraction",
    "EMG is shown in per cent of its own peak in this recording; compare timing, not amounts.",
)
NOTHING = Flag("nothing_measured", "The file holds neither force plates nor EMG that could be analysed.")
SIDES_UNKNOWN = Flag("sides_unknown", "No foot markers say which leg stands on which plate.")


@dataclass(frozen=True, slots=True)
class _Plate:
    """A plate with its name in words and its load."""

    name: str
    plate: ForcePlate
    load_n: Array


def analyse_lab(file: LabFile, *, reference: LabFile | None = None) -> LabResult:
    """Force plates (contacts, sway, limb loading) and EMG (envelopes, bursts, symmetry, co-contraction) of a
    recording.

    `reference`: a recording of reference contractions with the same channel labels and units; a muscle that
    it does not hold is in per cent of its own peak, and no amounts are told of it. Findings have no error
    band: they are what the laboratory's own instruments measured.
    """
    plates, plate_flags = _named_plates(file)
    findings: list[Finding] = []
    curves: list[LabCurve] = []
    for plate in plates:
        findings += _contact_findings(plate)
        findings += _sway_findings(plate, curves)
    findings += _limb_findings(plates)
    if plates:
        curves.insert(0, _load_curve(plates))
    muscles = muscles_of(file.channels)[:MOST_MUSCLES]
    found, drawn, emg_flags = _emg(muscles, reference)
    flags = [*file.flags, *plate_flags, *emg_flags]
    if not plates and not muscles:
        flags.append(NOTHING)
    return LabResult(
        tuple(finding for finding in findings + found if np.isfinite(finding.value)),
        tuple(curves + drawn),
        tuple(dict.fromkeys(flags)),
        contents={
            "seconds": round(file.seconds, 2),
            "markers": len(file.markers_m),
            "marker_rate_hz": round(file.marker_rate_hz, 2),
            "plates": len(file.plates),
            "emg_channels": len(muscles),
            "other_channels": len(file.channels) - len(muscles),
        },
        versions={"engine": ENGINE_VERSION, "method": METHOD},
    )


def _named_plates(file: LabFile) -> tuple[list[_Plate], list[Flag]]:
    loads = [plate_load_n(plate) for plate in file.plates]
    used = [i for i, load in enumerate(loads) if len(load) and load.max() > CONTACT_N]
    sides = {i: _side_on(file, file.plates[i], loads[i]) for i in used}
    told = sorted(side for side in sides.values() if side)
    flags = []
    if len(used) == 2 and told != ["left", "right"]:
        sides = dict.fromkeys(used, "")
        flags.append(SIDES_UNKNOWN)
    names = {i: f"{sides[i]} leg (plate {i + 1})" if sides[i] else f"plate {i + 1}" for i in used}
    return [_Plate(names[i], file.plates[i], loads[i]) for i in used], flags


def _side_on(file: LabFile, plate: ForcePlate, load: Array) -> str:
    """Whose foot's markers lie over the plate while it is loaded: "left", "right" or ""."""
    low, high = plate.corners_m.min(axis=0), plate.corners_m.max(axis=0)
    flat = np.argsort(high - low)[1:]
    ratio = file.marker_rate_hz / plate.rate_hz if plate.rate_hz else 0.0
    frames = np.unique((np.flatnonzero(load > CONTACT_N) * ratio).astype(int))
    inside = {}
    for side, names in (("left", LEFT_MARKERS), ("right", RIGHT_MARKERS)):
        seen = [file.markers_m[name] for name in names if name in file.markers_m]
        over = [
            ((way[frames[frames < len(way)]][:, flat] >= low[flat])
             & (way[frames[frames < len(way)]][:, flat] <= high[flat])).all(axis=1).mean()
            for way in seen
            if frames[frames < len(way)].size
        ]  # fmt: skip
        inside[side] = float(np.mean(over)) if over else 0.0
    best = max(inside, key=lambda side: inside[side])
    return best if inside[best] > 0.5 and min(inside.values()) < 0.2 else ""


def _contact_findings(plate: _Plate) -> list[Finding]:
    """The median contact of a plate, if it was stepped on."""
    found = contacts(plate.load_n, plate.plate.rate_hz)
    if not found:
        return []
    rows: tuple[tuple[str, str, str, list[float]], ...] = (
        ("contact_s", "contact time", "s", [c.seconds for c in found]),
        ("first_peak_n", "first vertical peak", "N", [c.first_peak_n for c in found]),
        ("second_peak_n", "second vertical peak", "N", [c.second_peak_n for c in found]),
        ("highest_n", "highest vertical force", "N", [c.highest_n for c in found]),
        ("loading_rate_n_s", "loading rate", "N/s", [c.loading_rate_n_s for c in found]),
        ("impulse_n_s", "vertical impulse", "N·s", [c.impulse_n_s for c in found]),
    )
    note = _contact_note(found)
    return [
        Finding(code, name, plate.name, float(np.nanmedian(values)), unit, note)
        for code, name, unit, values in rows
        if np.isfinite(values).any()
    ]


def _contact_note(found: Sequence[Contact]) -> str:
    return "one contact" if len(found) == 1 else f"median of {len(found)} contacts"


def _sway_findings(plate: _Plate, curves: list[LabCurve]) -> list[Finding]:
    """Quiet standing: the longest stretch in which the plate carries a steady load."""
    span = _standing(plate.load_n, plate.plate.rate_hz)
    if span is None:
        return []
    center = _in_plane(plate.plate)[span]
    if not np.isfinite(center).all():
        return []
    sway = sway_of(center, plate.plate.rate_hz)
    middle_mm = (center - center.mean(axis=0)) * 1000
    t_s = np.arange(len(middle_mm)) / plate.plate.rate_hz
    lines = {"along the plate's first edge": middle_mm[:, 0], "along its second edge": middle_mm[:, 1]}
    ellipse = Ellipse((sway.half_axes_m[0] * 1000, sway.half_axes_m[1] * 1000), sway.angle_deg)
    curves.append(LabCurve(f"Centre of pressure, {plate.name}", "mm", SECONDS, t_s, lines, ellipse))
    return _sway_rows(sway, plate.name)


def _sway_rows(sway: Sway, place: str) -> list[Finding]:
    note = f"{sway.seconds:.0f} s of standing"
    ellipse = "95 % prediction ellipse (Schubert & Kirchner 2014)"
    return [
        Finding("sway_path_m", "sway path", place, sway.path_m, "m", note),
        Finding(
            "sway_velocity_mm_s", "mean sway velocity", place, sway.mean_velocity_m_s * 1000, "mm/s", note
        ),
        Finding("sway_ellipse_cm2", "sway area", place, sway.ellipse_m2 * 1e4, "cm²", ellipse),
        Finding("sway_rms_mm", "sway (root mean square)", place, sway.rms_m * 1000, "mm", note),
    ]


def _standing(load: Array, rate_hz: float) -> slice | None:
    """The longest stretch within 5 % of its own median load, of ten seconds and more."""
    loaded = load[load > CONTACT_N]
    if len(loaded) < SHORTEST_S * rate_hz:
        return None
    middle = float(np.median(loaded))
    steady = np.r_[False, np.abs(load - middle) < STANDING_SPREAD * middle, False]
    edges = np.flatnonzero(np.diff(steady.astype(int))).reshape(-1, 2)
    if not len(edges):
        return None
    first, last = edges[int(np.argmax(edges[:, 1] - edges[:, 0]))]
    return slice(int(first), int(last)) if last - first >= SHORTEST_S * rate_hz else None


def _in_plane(plate: ForcePlate) -> Array:
    """Centre of pressure [N,2] (m) along the plate's own two edges."""
    corners = plate.corners_m
    first = corners[1] - corners[0]
    first = first / max(float(np.linalg.norm(first)), 1e-9)
    second = corners[3] - corners[0]
    second = second - (second @ first) * first
    second = second / max(float(np.linalg.norm(second)), 1e-9)
    return np.column_stack([plate.center_of_pressure_m @ first, plate.center_of_pressure_m @ second])


def _limb_findings(plates: Sequence[_Plate]) -> list[Finding]:
    if len(plates) != 2:
        return []
    first, second = sorted(plates, key=lambda plate: plate.name)
    n = min(len(first.load_n), len(second.load_n))
    loading = limb_loading(first.load_n[:n], second.load_n[:n], first.plate.rate_hz)
    if loading is None:
        return []
    return _limb_rows(loading, (first.name, second.name))


def _limb_rows(loading: LimbLoading, names: tuple[str, str]) -> list[Finding]:
    pair = f"{names[0]} against {names[1]}"
    note = (
        f"symmetry index (Robinson 1987), 0 is even, + means {names[0]} carries more; {loading.seconds:.0f} s"
    )
    rows = [
        Finding("limb_mean_n", "mean load", names[0], loading.first_mean_n, "N"),
        Finding("limb_mean_n", "mean load", names[1], loading.second_mean_n, "N"),
        Finding("limb_symmetry_pct", "limb loading symmetry", pair, loading.symmetry_index_pct, "%", note),
        Finding(
            "limb_symmetry_low_pct",
            "loading symmetry, low",
            pair,
            loading.least_pct,
            "%",
            "5th percentile",
        ),
        Finding(
            "limb_symmetry_high_pct",
            "loading symmetry, high",
            pair,
            loading.most_pct,
            "%",
            "95th percentile",
        ),
    ]
    if loading.rises:
        told = f"median of {len(loading.rises)} rises, at the highest load"
        value = float(np.median(loading.rises))
        rows.append(Finding("limb_symmetry_rising_pct", "symmetry when standing up", pair, value, "%", told))
    return rows


def _load_curve(plates: Sequence[_Plate]) -> LabCurve:
    n = min(len(plate.load_n) for plate in plates)
    t_s = np.arange(n) / plates[0].plate.rate_hz
    return LabCurve("Vertical force", "N", SECONDS, t_s, {plate.name: plate.load_n[:n] for plate in plates})


def _emg(
    muscles: Sequence[Muscle], reference: LabFile | None
) -> tuple[list[Finding], list[LabCurve], list[Flag]]:
    findings: list[Finding] = []
    flags: list[Flag] = []
    envelopes: dict[str, tuple[Muscle, Array]] = {}
    references = _references(reference)
    referenced: set[str] = set()
    for muscle in muscles:
        rate_hz = muscle.channel.rate_hz
        values = np.nan_to_num(muscle.channel.values)
        if rate_hz < emg.LEAST_RATE_HZ or len(values) < rate_hz or not np.ptp(values):
            flags.append(Flag("emg_unusable", f"{muscle.words}: too short, too slow or flat."))
            continue
        flags += emg.quality_flags(values, rate_hz, muscle=muscle.words)
        envelope = emg.linear_envelope(values, rate_hz)
        against = references.get((muscle.channel.label, muscle.channel.unit))
        if against is None:
            flags.append(_no_reference(muscle) if references else NO_REFERENCE)
        else:
            referenced.add(muscle.words)
        scaled = emg.normalise_pct(envelope, against or float(envelope.max()))
        envelopes[muscle.words] = (muscle, scaled)
        findings += _muscle_rows(muscle, values, scaled, is_referenced=against is not None)
    findings += _pair_rows(envelopes, referenced)
    return findings, _envelope_curves(envelopes), flags


def _references(reference: LabFile | None) -> dict[tuple[str, str], float]:
    """Each muscle's amplitude by its channel's label and unit: another amplifier's is no reference."""
    found = {}
    for muscle in muscles_of(reference.channels) if reference else ():
        channel, values = muscle.channel, np.nan_to_num(muscle.channel.values)
        if channel.rate_hz >= emg.LEAST_RATE_HZ and len(values) >= channel.rate_hz and np.ptp(values):
            found[channel.label, channel.unit] = emg.reference_amplitude(values, channel.rate_hz)
    return found


def _no_reference(muscle: Muscle) -> Flag:
    words = f"{muscle.words}: not in the reference contraction, so it is in per cent of its own peak."
    return Flag("no_reference_contraction", words)


def _muscle_rows(muscle: Muscle, values: Array, scaled: Array, *, is_referenced: bool) -> list[Finding]:
    rows = []
    if is_referenced:
        note = "of the reference contraction"
        rows.append(Finding("emg_mean_pct", "mean activity", muscle.words, float(scaled.mean()), "%", note))
        rows.append(Finding("emg_peak_pct", "peak activity", muscle.words, float(scaled.max()), "%", note))
    found = emg.bursts(values, muscle.channel.rate_hz)
    if found:
        note = f"{len(found)} {'burst' if len(found) == 1 else 'bursts'} (Hodges & Bui 1996)"
        rows.append(Finding("emg_onset_s", "first onset", muscle.words, found[0].onset_s, "s", note))
        share = 100 * sum(b.offset_s - b.onset_s for b in found) / (len(values) / muscle.channel.rate_hz)
        rows.append(Finding("emg_active_pct", "time active", muscle.words, share, "%", note))
    return rows


def _pair_rows(envelopes: Mapping[str, tuple[Muscle, Array]], referenced: set[str]) -> list[Finding]:
    rows = []
    for (first, a), (second, b) in combinations(envelopes.values(), 2):
        # One against the reference and one against its own peak cannot be compared.
        if len(a) != len(b) or (first.words in referenced) != (second.words in referenced):
            continue
        is_referenced = first.words in referenced
        if is_referenced and first.name == second.name and {first.side, second.side} == {"left", "right"}:
            left, right = (a, b) if first.side == "left" else (b, a)
            value = emg.symmetry_index_pct(float(left.mean()), float(right.mean()))
            note = "symmetry index (Robinson 1987), + means left is more active"
            rows.append(Finding("emg_symmetry_pct", "activity symmetry", first.name, value, "%", note))
        opposed = {(first.name, second.name), (second.name, first.name)} & set(OPPONENTS)
        if opposed and first.side == second.side:
            rows += _co_contraction_rows(first, second, a / 100, b / 100)
    return rows


def _co_contraction_rows(first: Muscle, second: Muscle, a: Array, b: Array) -> list[Finding]:
    pair = f"{first.words} and {second.name}"
    common = emg.co_contraction_falconer_winter_pct(a, b)
    rudolph = emg.co_contraction_rudolph(a, b)
    return [
        Finding("co_contraction_pct", "co-contraction", pair, common, "%", "Falconer & Winter 1985"),
        Finding("co_contraction_index", "co-contraction index", pair, rudolph, "", "Rudolph 2000"),
    ]


def _envelope_curves(envelopes: Mapping[str, tuple[Muscle, Array]]) -> list[LabCurve]:
    """Left and right of one muscle in one picture."""
    by_muscle: dict[str, dict[str, tuple[Muscle, Array]]] = {}
    for words, (muscle, envelope) in envelopes.items():
        by_muscle.setdefault(muscle.name, {})[words] = (muscle, envelope)
    curves = []
    for name, group in by_muscle.items():
        n = min(len(envelope) for _, envelope in group.values())
        rate_hz = next(iter(group.values()))[0].channel.rate_hz
        lines = {words: envelope[:n] for words, (_, envelope) in group.items()}
        curves.append(LabCurve(f"Muscle activity, {name}", "%", SECONDS, np.arange(n) / rate_hz, lines))
    return curves
