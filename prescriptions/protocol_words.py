"""The progression protocol in words: what its criteria measure, and a protocol as lines to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Spec = Mapping[str, Any]
COMPARISONS = {"at_least": "at least", "at_most": "at most", "over": "over", "under": "under"}
UNKNOWN = {"hold": "do not go up", "pass": "leave it out"}
STEPS = {
    "repetitions": "repetitions",
    "sets": "sets",
    "rung": "a harder exercise",
    "hold": "a longer hold",
    "resistance": "more resistance",
}
NUMBERS = {
    "restart_repetitions": "Repetitions after a step to a harder exercise or more resistance",
    "target_repetitions": "Repetitions before the next kind of step",
    "target_sets": "Sets before the next kind of step",
}

# The names of the file, for whoever reads a fault on the page.
NAMES_IN_FAULTS = {
    **NUMBERS,
    "step_back_when": "“Steps back when”",
    "progress_when": "“Goes up when”",
    "enter_when": "“Begins when”",
    "when_unknown": "“Not known”",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a criterion looks at. A share is stored as 0 to 1 and shown as per cent."""

    name: str
    words: str
    unit: str = ""

    @property
    def scale(self) -> float:
        return 100.0 if self.unit == "%" else 1.0

    def shown(self, value: float) -> str:
        number = f"{value * self.scale:g}"
        return f"{number} %" if self.unit == "%" else number


MEASURES = {
    "pain_before": Measure("Pain before", "pain before exercise"),
    "pain_after": Measure("Pain after", "pain after exercise"),
    "morning_rise": Measure("Rise the next morning", "pain over usual the next morning"),
    "usual_pain": Measure("Usual pain", "usual pain"),
    "effort": Measure("Effort", "effort"),
    "form_correct": Measure("Good form", "repetitions in good form", "%"),
    "range_share": Measure("Range reached", "range reached", "%"),
    "completion": Measure("Dose done", "dose done", "%"),
    "adherence": Measure("Sessions done", "planned sessions done", "%"),
    "days_in_plan": Measure("Days in the plan", "days in the plan"),
    "days_since_onset": Measure("Days since onset", "days since onset"),
    "sessions_at_dose": Measure("Sessions at this dose", "sessions at this dose"),
    "flare_days_14": Measure("Flare days in two weeks", "flare days in two weeks"),
    "days_since_session": Measure("Days since a session", "days since the last session"),
}


def measure_of(code: str) -> Measure:
    """A measure that we have no words for is shown by its code."""
    return MEASURES.get(code, Measure(code.replace("_", " ").capitalize(), code.replace("_", " ")))


def comparison_of(criterion: Spec) -> tuple[str, float]:
    """("at_most", 2.0). Raises ValueError for a criterion without one."""
    for code in COMPARISONS:
        if code in criterion:
            return code, float(criterion[code])
    raise ValueError("a criterion compares with nothing")


def limit_words(criterion: Spec) -> str:
    """ "at most 2", "under 50 %"."""
    code, value = comparison_of(criterion)
    return f"{COMPARISONS[code]} {measure_of(criterion['measure']).shown(value)}"


def criterion_words(measure: str, comparison: str, value: float) -> str:
    """A sentence for a criterion that somebody wrote or changed: "pain after exercise at most 2"."""
    found = measure_of(measure)
    return f"{found.words} {COMPARISONS[comparison]} {found.shown(value)}"


def plain_fault(words: str) -> str:
    """A fault of the protocol with the page's names of its parts."""
    for name, plain in NAMES_IN_FAULTS.items():
        words = words.replace(name, plain)
    return words[:1].upper() + words[1:]


def protocol_lines(spec: Spec) -> list[str]:
    """The whole protocol, a line for each thing that can be changed."""
    lines = [f"Title: {spec.get('title', '')}"]
    lines += [f"{words}: {spec[name]}" for name, words in NUMBERS.items() if name in spec]
    lines += [f"Step back when {_line(one)}" for one in spec.get("step_back_when", ())]
    for phase in spec.get("phases", ()):
        title = phase["title"]
        steps = ", ".join(STEPS.get(step, step) for step in phase["steps"])
        lines.append(f"{title}: steps up by {steps}")
        lines += [f"{title}: begins at {_line(one)}" for one in phase["enter_when"]]
        lines += [f"{title}: goes up when {_line(one)}" for one in phase["progress_when"]]
    return lines


def _line(criterion: Spec) -> str:
    unknown = UNKNOWN.get(criterion.get("when_unknown", ""), "")
    measure = measure_of(criterion["measure"]).words
    return f"{measure} {limit_words(criterion)}" + (f" (not known: {unknown})" if unknown else "")


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One line of the comparison; an empty side was not there."""

    before: str
    after: str


def changed_lines(old: Spec, new: Spec) -> list[ChangedLine]:
    """What is different between two versions, in the order of the protocol."""
    before, after = protocol_lines(old), protocol_lines(new)
    changed: list[ChangedLine] = []
    for kind, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left, right = before[a:b], after[c:d]
        for place in range(max(len(left), len(right))):
            changed.append(ChangedLine("".join(left[place : place + 1]), "".join(right[place : place + 1])))
    return changed
