"""How clinicians write numbers: pain ratings, ranges, muscle grades and scores, in many formats."""

from __future__ import annotations

import random

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Best value of well-known instruments; others get one of USUAL.
BEST = {
    "berg": 56, "bbs": 56, "lefs": 80, "lower extremity functional": 80, "tinetti": 28, "poma": 28,
    "dgi": 24, "dynamic gait": 24, "fga": 30, "functional gait": 30, "fim": 126, "mmse": 30, "mini": 30,
    "moca": 30, "montreal": 30, "slums": 30, "sppb": 12, "short physical": 12, "am-pac": 24, "ampac": 24,
    "dhi": 100, "dizziness": 100, "gcs": 15, "glasgow": 15, "nihss": 42, "nih": 42, "barthel": 100,
    "katz": 6, "fugl": 66, "fma": 66, "arat": 57, "action research": 57, "psfs": 10, "phq": 27, "gds": 15,
    "geriatric": 15, "roland": 24, "rmdq": 24, "uefi": 80, "womac": 96, "ems": 20, "elderly": 20,
    "besttest": 28, "minibest": 28, "braden": 23, "morse": 125, "gmfm": 100, "updrs": 132, "fois": 7,
}  # fmt: skip
USUAL = (10, 20, 24, 30, 40, 48, 50, 60, 80, 100, 100)


def pain(rng: random.Random) -> str:
    """A rating on a scale of ten."""
    low = rng.randint(0, 8)
    high = rng.randint(low + 1, 10)
    one = rng.randint(0, 10)
    over = rng.choice(("/10",) * 9 + (" / 10", "/ 10"))
    return rng.choice([
        *[f"{one}{over}"] * 9, *[f"{low}-{high}{over}"] * 3, f"{low} to {high}{over}", f"{low}–{high}/10",
        *[f"{one} out of 10"] * 2, f"{low} to {high} out of 10", f"{low}-{high} out of 10",
        f"{WORDS[one]} out of ten", f"{WORDS[low]} to {WORDS[high]} out of ten", f"{one}.5/10",
        f"{one} over 10", f"{one}+/10", f"{low}/10-{high}/10", f"{low}/10 to {high}/10",
        f"{one} out of a possible 10",
    ])  # fmt: skip


def bare_pain(rng: random.Random) -> str:
    """A rating without its scale, as after "VAS"."""
    low = rng.randint(0, 8)
    return rng.choice([str(rng.randint(0, 10)), str(rng.randint(0, 10)), f"{low}-{low + 2}", f"{low}.5"])


def angle(rng: random.Random, top: int) -> str:
    """A range towards a motion's normal value, with its unit or, in tables, without."""
    reach = max(1, int(top * rng.uniform(0.25, 1.05)))
    if rng.random() < 0.75:
        reach = max(5, reach // 5 * 5)
    start = rng.choice((0, 0, 0, 0, 5, 10, 3, 15))
    if reach <= start:
        start = 0
    few = rng.randint(2, 20)
    unit = rng.choice((" degrees",) * 6 + ("°",) * 5 + (" deg", "degrees", " °", " deg."))
    both = f"{start}{rng.choice(('-', '-', ' to ', ' to ', '–', ' - '))}{reach}"
    return rng.choice([
        *[f"{reach}{unit}"] * 9, *[f"{both}{unit}"] * 7, f"-{few}{unit}", f"minus {few} degrees",
        f"-{few} to {reach}{unit}", f"{start}°-{reach}°", f"{start}° to {reach}°", f"{reach}{unit}",
        f"+{few}{unit}", f"{start}-0-{reach}", f"negative {few} degrees", f"0/{few}/{reach}{unit}",
        f"{rng.randrange(10, 100, 5)}%",
    ])  # fmt: skip


def bare_angle(rng: random.Random, top: int) -> str:
    """A range without unit, as in tables."""
    reach = max(5, int(top * rng.uniform(0.3, 1.05)))
    start = rng.choice((0, 0, 0, 5, 8))
    if start >= reach:
        start = 0
    return rng.choice([
        str(reach), str(reach), f"{start}-{reach}", f"{start}-{reach}", f"{start} - {reach}",
        f"{start} to {reach}", f"-{rng.randint(2, 15)}", f"-{rng.randint(2, 15)}-{reach}",
    ])  # fmt: skip


def fingertip_distance(rng: random.Random) -> str:
    """Fingertips to the floor."""
    return rng.choice([f"{rng.randint(2, 45)} cm", f"{rng.randint(2, 18)} inches",
    f"{rng.randint(5, 40)}.5 cm", f"{rng.randint(2, 18)} in"])  # fmt: skip


def grade(rng: random.Random) -> str:
    """A muscle grade from 0 to 5."""
    whole = rng.choice((0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5))
    sign = rng.choice(("", "", "", "", "+", "-")) if whole in {2, 3, 4} else ""
    one = f"{whole}{sign}"
    low = rng.randint(2, 4)
    over = rng.choice(("/5",) * 9 + (" / 5", "/ 5"))
    said = {"+": " plus", "-": " minus", "": ""}[sign]
    return rng.choice([
        *[f"{one}{over}"] * 14, *[f"{low}-{low + 1}/5", f"{low} to {low + 1}/5"] * 1,
        f"{low}+ to {low + 1}-/5",
        f"{low}/5 to {low + 1}/5", f"{whole} out of 5", f"{low} to {low + 1} out of 5", f"{one} out of 5",
        f"{whole}{said}/5", f"{whole}{said} out of 5", f"{low}-/5 to {low}/5", f"{low}+/5", f"{low}-/5",
        f"{WORDS[whole]} out of five", f"{sign}{whole}/5", f"{whole} over 5", f"{low}-{low}+/5", f"{one}/5",
        f"{low}.5/5",
    ])  # fmt: skip


def bare_grade(rng: random.Random) -> str:
    """A grade as it stands in tables."""
    return rng.choice(["4+", "4-", "3+", "3-", "4", "3", "5", "2+", "2-", "5-"])


def best_of(measure: str) -> int | None:
    """The best value of an instrument, where it is well known."""
    lowered = measure.lower()
    return next((best for name, best in BEST.items() if lowered.startswith(name)), None)


def score(rng: random.Random, measure: str, unit: str) -> str:
    """A value of an instrument in one of the formats of its unit."""
    makers = {"points": _points, "percent": _percent, "seconds": _seconds, "count": _count,
              "distance": _distance, "speed": _speed, "pounds": _pounds, "inches": _inches,
              "millimetres": _millimetres}  # fmt: skip
    maker = makers.get(rng.choice(unit.split(",")), _points)
    return bare_pain(rng) if unit == "rating" else maker(rng, measure)


def _points(rng: random.Random, measure: str) -> str:
    best = best_of(measure) or rng.choice(USUAL)
    got = rng.randint(max(1, best // 6), best)
    return rng.choice([
        *[f"{got}/{best}"] * 8, f"{got}/{best} points", f"{got} out of {best}", f"{got} points", str(got),
        f"{got} / {best}", f"{got} of {best}", str(got), f"{got} out of a possible {best}",
        f"{got}/{best} ({100 * got // best}%)", f"{100 * got // best}%", f"{got} pts",
    ])  # fmt: skip


def _percent(rng: random.Random, _measure: str) -> str:
    got = rng.randint(4, 92)
    return rng.choice([*[f"{got}%"] * 6, f"{got} percent", f"{got}.{rng.randint(1, 9)}%", f"{got // 2}/50",
    f"{got}",
                       f"{got}/100", f"{got} %"])  # fmt: skip


def _seconds(rng: random.Random, _measure: str) -> str:
    whole, tenth = rng.randint(6, 58), rng.randint(0, 9)
    return rng.choice([
        *[f"{whole}.{tenth} seconds"] * 3, *[f"{whole} seconds"] * 3, f"{whole} sec", f"{whole}.{tenth} sec",
        f"{whole}s", f"{whole}.{tenth}s", f"{whole} secs", f"{whole}.{tenth}{rng.randint(1, 9)} seconds",
        f"1 minute {whole} seconds", f"{whole}.{tenth}", f"{whole}-{whole + 4} seconds",
        f"{whole} s",
    ])  # fmt: skip


def _count(rng: random.Random, _measure: str) -> str:
    got = rng.randint(3, 28)
    return rng.choice(
        [str(got), f"{got} reps", f"{got} repetitions", f"{got} stands", f"{got} times", f"{got}x"]
    )


def _distance(rng: random.Random, _measure: str) -> str:
    feet = rng.randrange(40, 1900, rng.choice((1, 5, 10, 25, 50)))
    written = f"{feet:,}" if rng.random() < 0.3 else str(feet)
    return rng.choice([*[f"{written} feet"] * 5, f"{written} ft", f"{feet // 3} meters", f"{feet // 3} m",
                       f"{feet // 3}m", f"{written}'", f"{written} ft.", f"{feet // 3} yards"])  # fmt: skip


def _speed(rng: random.Random, _measure: str) -> str:
    speed = f"{rng.uniform(0.15, 1.5):.{rng.choice((1, 2, 2))}f}"
    return rng.choice([f"{speed} m/s", f"{speed} m/s", f"{speed} m/sec", f"{speed} meters per second",
                       f"{speed} meters/second", f"{3 * float(speed):.1f} ft/sec"])  # fmt: skip


def _pounds(rng: random.Random, _measure: str) -> str:
    got = rng.randint(3, 110)
    return rng.choice([*[f"{got} pounds"] * 3, *[f"{got} lbs"] * 2, f"{got}#", f"{got} lb", f"{got // 2} kg",
                       f"{got} lbs."])  # fmt: skip


def _inches(rng: random.Random, _measure: str) -> str:
    got = rng.randint(3, 15)
    return rng.choice([f"{got} inches", f"{got} inches", f"{got}.5 inches", f"{got} in",
    f"{round(got * 2.5)} cm"])  # fmt: skip


def _millimetres(rng: random.Random, _measure: str) -> str:
    return rng.choice([f"{rng.randint(3, 15)} mm", "2.83", "3.61", "4.31", "4.56", "6.65"])
