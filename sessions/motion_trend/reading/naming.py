"""What names of files and columns say: where worn, which axis, which unit; in five languages."""

from __future__ import annotations

import re
import unicodedata

from sessions.motion_trend.types import Placement

SIDES = {
    "left": r"\b(left|links?|linke[rsnm]?|gauche|izquierd[ao]|sinistr[ao]|lt|l)\b",
    "right": r"\b(right|rechts?|rechte[rsnm]?|droite?|derech[ao]|destr[ao]|rt|r)\b",
}
PARTS = {
    "foot": r"\b(foot|feet|shoe|fuss|schuh|pied|pie|piede|heel|instep)\b",
    "shank": r"\b(shank|ankle|shin|unterschenkel|knochel|cheville|tobillo)\b",
    "thigh": r"\b(thigh|oberschenkel|cuisse|muslo|femur)\b",
    "wrist": r"\b(wrist|watch|handgelenk|poignet|muneca|polso|uhr|montre|reloj)\b",
}
MIDDLE = (
    (Placement.LOWER_BACK, r"\b(lower ?back|lumbar|l[345]|sacrum|kreuz|lende|bas du dos|zona lumbar|back)\b"),
    (Placement.POCKET, r"\b(pocket|hosentasche|tasche|poche|bolsillo)\b"),
    (Placement.WAIST, r"\b(waist|belt|hip|hufte|taille|gurtel|hanche|cintura|cadera)\b"),
    (Placement.CHEST, r"\b(chest|sternum|trunk|brust|poitrine|pecho)\b"),
)
SHORT = (
    (Placement.LEFT_FOOT, r"\b(lf|lfoot|footl)\b"),
    (Placement.RIGHT_FOOT, r"\b(rf|rfoot|footr)\b"),
    (Placement.LOWER_BACK, r"\b(lb)\b"),
)
UNITS = (
    ("m/s2", r"m\s*/\s*s\s*(\^|\*\*)?\s*(2|²)|m\s*s\s*\^?-2|\bms-?2\b|mps2"),
    ("mg", r"[(\[]\s*mg\s*[)\]]|\bmilli-?g\b"),
    ("g", r"[(\[]\s*g\s*[)\]]|_g$|\bg-?force\b"),
    ("rad/s", r"rad\s*/\s*s|rads-?1|\brps\b|rad\s*s\s*\^?-1"),
    ("deg/s", r"deg\s*/\s*s|grad\s*/\s*s|°\s*/\s*s|\bdps\b|degs|grados\s*/\s*s|degres?\s*/\s*s"),
)
BRACKETS = re.compile(r"[(\[].*?[)\]]")
ACCELERATION = re.compile(r"acc|beschl|acel|^[af][ _.-]?[xyz]$")
LINEAR = re.compile(r"linear|user|lin_?acc|ohne ?g|dynamic")
GRAVITY = re.compile(r"gravi|schwer|pesanteur|^gra?v[ _.-]?[xyz]$")
ROTATION = re.compile(
    r"gyr|rotat|angular|winkelg|drehrate|velocidad ang|vitesse ang|^[gwω][ _.-]?[xyz]$|omega"
)
ORIENTATION = re.compile(r"quat|euler|pitch|roll|yaw|magn|attitude")
TIME = re.compile(r"time|zeit|temps|tiempo|tempo|epoch?|stamp|uhrzeit|hora|heure|elapsed|second|sekund")


def plain(name: str) -> str:
    """Lower case, without accents, underscores and the like as spaces."""
    bare = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"[\s_\-.]+", " ", re.sub(r"(?<=[a-z])(?=\d)", " ", bare)).strip()


def placement_named(name: str) -> Placement:
    """Where a sensor was worn, by the name of its file; UNKNOWN where the name does not say."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = plain(split.replace("/", " "))
    for placement, pattern in SHORT:
        if re.search(pattern, words):
            return placement
    for part, pattern in PARTS.items():
        if re.search(pattern, words):
            for side, side_pattern in SIDES.items():
                if re.search(side_pattern, words):
                    return Placement(f"{side}_{part}")
    return next((placement for placement, pattern in MIDDLE if re.search(pattern, words)), Placement.UNKNOWN)


def unit_named(column: str) -> str:
    """The unit that a column's name tells, or ""."""
    name = unicodedata.normalize("NFKC", column.lower()).replace("m/s2", "m/s^2")
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return next((unit for unit, pattern in UNITS if re.search(pattern, name)), "")


def axis_named(column: str) -> str:
    """x, y or z by a column's name, or ""."""
    bare = BRACKETS.sub("", column).strip()
    found = re.search(r"(?:^|[^A-Za-z])([xyzXYZ])(?:[^A-Za-z]|$)", bare)
    if found:
        return found[1].lower()
    last = re.search(r"(?:[a-z]([XYZ])|(?:acc|gyr|gyro|grav|[afgw])([xyz]))$", bare)
    return (last[1] or last[2]).lower() if last else ""


def quantity_named(column: str) -> str:
    """acceleration, linear, gravity or rotation by a column's name; "" for anything else."""
    name = BRACKETS.sub("", column).strip()
    name = plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    squeezed = name.replace(" ", "")
    if ORIENTATION.search(name):
        return ""
    if GRAVITY.search(name):
        return "gravity"
    if ROTATION.search(name) or ROTATION.search(squeezed):
        return "rotation"
    if LINEAR.search(name):
        return "linear"
    if ACCELERATION.search(name) or ACCELERATION.search(squeezed):
        return "acceleration"
    return {"g": "acceleration", "m/s2": "acceleration", "mg": "acceleration", "deg/s": "rotation",
            "rad/s": "rotation"}.get(unit_named(column), "")  # fmt: skip


def is_time_named(column: str) -> bool:
    """Whether a column's name speaks of time."""
    return TIME.search(plain(column)) is not None
