"""The progression protocol as a form: numbers, criteria, phases; what is posted becomes the next version."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms

from prescriptions.adapt_rx.protocol import MOST_PHASES
from prescriptions.adapt_rx.protocol import NUMBERS as LIMITS
from prescriptions.protocol_words import (
    COMPARISONS,
    MEASURES,
    NUMBERS,
    STEPS,
    UNKNOWN,
    comparison_of,
    criterion_words,
    measure_of,
)

OWN_SOURCE = "clinic"
OWN_SOURCES = {
    "id": OWN_SOURCE,
    "kind": "ours",
    "text": "Chosen by this clinic; who and why stands at the version.",
}


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion with its fields, for the page; `unknown` is None where it is never asked."""

    measure: str
    comparison: str
    unit: str
    words: str
    value: forms.BoundField
    unknown: forms.BoundField | None
    drop: forms.BoundField


@dataclass(frozen=True, slots=True)
class CriterionList:
    """The criteria of one place, and the fields of one to add."""

    code: str
    rows: tuple[CriterionRow, ...]
    new: tuple[forms.BoundField, ...]


@dataclass(frozen=True, slots=True)
class PhaseFields:
    title: forms.BoundField
    steps: forms.BoundField
    enter: CriterionList
    progress: CriterionList
    drop: forms.BoundField
    copy: forms.BoundField


class ProtocolForm(forms.Form):
    """Fields for everything in `spec` that a clinic may change; `new_spec` gives the result."""

    title = forms.CharField(label="Title", max_length=120)
    change_note = forms.CharField(label="What you changed, and why", max_length=300)

    def __init__(self, data: Any = None, *, spec: Mapping[str, Any]) -> None:
        self.spec = spec
        super().__init__(data, initial={"title": spec.get("title", "")})
        for name, label in NUMBERS.items():
            least, most = LIMITS[name]
            self.fields[name] = forms.IntegerField(
                label=label, min_value=least, max_value=most, initial=spec[name]
            )
        self._add_list("back", spec["step_back_when"], asks_unknown=False)
        for place, phase in enumerate(spec["phases"]):
            self._add_phase(f"p{place}", phase)

    def _add_phase(self, code: str, phase: Mapping[str, Any]) -> None:
        self.fields[f"{code}_title"] = forms.CharField(
            label="Name of the phase", max_length=80, initial=phase["title"]
        )
        self.fields[f"{code}_steps"] = forms.MultipleChoiceField(
            label="Steps up, in this order",
            choices=list(STEPS.items()),
            initial=phase["steps"],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"{code}_drop"] = forms.BooleanField(label="Remove this phase", required=False)
        self.fields[f"{code}_copy"] = forms.BooleanField(label="Add a phase like it after it", required=False)
        self._add_list(f"{code}_enter", phase["enter_when"], asks_unknown=False)
        self._add_list(f"{code}_go", phase["progress_when"], asks_unknown=True)

    def _add_list(self, code: str, criteria: list[dict[str, Any]], *, asks_unknown: bool) -> None:
        for place, criterion in enumerate(criteria):
            self._add_criterion(f"{code}{place}", criterion, asks_unknown=asks_unknown)
        measures = [("", "–"), *((name, one.name) for name, one in MEASURES.items())]
        self.fields[f"{code}_new_measure"] = forms.ChoiceField(
            label="Measure", choices=measures, required=False
        )
        self.fields[f"{code}_new_comparison"] = forms.ChoiceField(
            label="Compare", choices=list(COMPARISONS.items()), required=False
        )
        self.fields[f"{code}_new_value"] = _number("Value", required=False)

    def _add_criterion(self, code: str, criterion: Mapping[str, Any], *, asks_unknown: bool) -> None:
        _, value = comparison_of(criterion)
        measure = measure_of(criterion["measure"])
        label = f"{measure.name}{', %' if measure.unit else ''}"
        self.fields[f"{code}_value"] = _number(label, initial=_whole(value * measure.scale))
        self.fields[f"{code}_drop"] = forms.BooleanField(label=f"Remove: {measure.name}", required=False)
        if asks_unknown:
            self.fields[f"{code}_unknown"] = forms.ChoiceField(
                label=f"{measure.name} not known",
                choices=list(UNKNOWN.items()),
                initial=criterion.get("when_unknown", "hold"),
            )

    def numbers(self) -> list[forms.BoundField]:
        """The numbers that hold in every phase, for the page."""
        return [self[name] for name in NUMBERS]

    def step_back(self) -> CriterionList:
        """When the dose goes down, for the page."""
        return self._list("back", self.spec["step_back_when"])

    def phases(self) -> Iterator[PhaseFields]:
        """Each phase, for the page."""
        for place, phase in enumerate(self.spec["phases"]):
            code = f"p{place}"
            yield PhaseFields(
                title=self[f"{code}_title"],
                steps=self[f"{code}_steps"],
                enter=self._list(f"{code}_enter", phase["enter_when"]),
                progress=self._list(f"{code}_go", phase["progress_when"]),
                drop=self[f"{code}_drop"],
                copy=self[f"{code}_copy"],
            )

    def _list(self, code: str, criteria: list[dict[str, Any]]) -> CriterionList:
        rows = [self._row(f"{code}{place}", criterion) for place, criterion in enumerate(criteria)]
        new = tuple(self[f"{code}_new_{name}"] for name in ("measure", "comparison", "value"))
        return CriterionList(code=code, rows=tuple(rows), new=new)

    def _row(self, code: str, criterion: Mapping[str, Any]) -> CriterionRow:
        measure = measure_of(criterion["measure"])
        asks_unknown = f"{code}_unknown" in self.fields
        return CriterionRow(
            measure=measure.name,
            comparison=COMPARISONS[comparison_of(criterion)[0]],
            unit=measure.unit,
            words=criterion.get("words", ""),
            value=self[f"{code}_value"],
            unknown=self[f"{code}_unknown"] if asks_unknown else None,
            drop=self[f"{code}_drop"],
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in [one for one in self.fields if one.endswith("_new_measure")]:
            value = name.replace("_new_measure", "_new_value")
            if cleaned.get(name) and cleaned.get(value) is None and value not in self.errors:
                self.add_error(value, "Say the number that the new criterion compares with.")
            if not cleaned.get(name) and cleaned.get(value) is not None:
                self.add_error(name, "Choose what the new criterion measures.")
        return cleaned

    def new_spec(self) -> dict[str, Any]:
        """The spec with what was typed; call after `is_valid`. Whether it makes sense, the service says."""
        spec = deepcopy(dict(self.spec))
        spec["title"] = self.cleaned_data["title"]
        spec |= {name: self.cleaned_data[name] for name in NUMBERS}
        spec["step_back_when"] = self._criteria("back", spec["step_back_when"])
        spec["phases"] = [one for place in range(len(spec["phases"])) for one in self._phase(spec, place)]
        spec["sources"] = _with_own_source(spec)
        return spec

    def _phase(self, spec: dict[str, Any], place: int) -> list[dict[str, Any]]:
        """What becomes of one phase: nothing, itself, or itself and one like it."""
        code, phase = f"p{place}", spec["phases"][place]
        if self.cleaned_data[f"{code}_drop"]:
            return []
        chosen = self.cleaned_data[f"{code}_steps"]
        phase |= {
            "title": self.cleaned_data[f"{code}_title"],
            "steps": [step for step in (*phase["steps"], *STEPS) if step in chosen],
            "enter_when": self._criteria(f"{code}_enter", phase["enter_when"]),
            "progress_when": self._criteria(f"{code}_go", phase["progress_when"]),
        }
        phase["steps"] = list(dict.fromkeys(phase["steps"]))
        if not self.cleaned_data[f"{code}_copy"] or len(spec["phases"]) >= MOST_PHASES:
            return [phase]
        taken = {one["code"] for one in spec["phases"]}
        free = next(number for number in range(2, 99) if f"{phase['code']}_{number}" not in taken)
        title = f"{phase['title']} {free}"
        return [phase, deepcopy(phase) | {"code": f"{phase['code']}_{free}", "title": title}]

    def _criteria(self, code: str, criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = [
            self._criterion(f"{code}{place}", criterion)
            for place, criterion in enumerate(criteria)
            if not self.cleaned_data[f"{code}{place}_drop"]
        ]
        return [*kept, *self._new_criterion(code)]

    def _criterion(self, code: str, criterion: dict[str, Any]) -> dict[str, Any]:
        comparison, before = comparison_of(criterion)
        measure = criterion["measure"]
        value = _stored(measure, self.cleaned_data[f"{code}_value"])
        changed = dict(criterion)
        if abs(value - before) > 1e-9:
            words = criterion_words(measure, comparison, value)
            changed |= {comparison: value, "words": words, "source": OWN_SOURCE}
        if f"{code}_unknown" in self.cleaned_data:
            changed["when_unknown"] = self.cleaned_data[f"{code}_unknown"]
        return changed

    def _new_criterion(self, code: str) -> list[dict[str, Any]]:
        measure = self.cleaned_data[f"{code}_new_measure"]
        if not measure:
            return []
        comparison = self.cleaned_data[f"{code}_new_comparison"] or "at_least"
        value = _stored(measure, self.cleaned_data[f"{code}_new_value"])
        criterion = {"measure": measure, comparison: value}
        criterion |= {"words": criterion_words(measure, comparison, value), "source": OWN_SOURCE}
        return [criterion | ({"when_unknown": "hold"} if code.endswith("_go") else {})]


def _number(label: str, *, initial: float | None = None, required: bool = True) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=3650, initial=initial, required=required)


def _stored(measure: str, shown: float) -> float:
    """A whole number stays one, so that an unchanged protocol stays the same to the letter."""
    return _whole(shown / measure_of(measure).scale)


def _whole(value: float) -> float:
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _with_own_source(spec: dict[str, Any]) -> list[dict[str, Any]]:
    sources = [one for one in spec.get("sources", []) if one.get("id") != OWN_SOURCE]
    criteria = [*spec["step_back_when"]]
    for phase in spec["phases"]:
        criteria += [*phase["enter_when"], *phase["progress_when"]]
    is_used = any(one.get("source") == OWN_SOURCE for one in criteria)
    return [*sources, OWN_SOURCES] if is_used else sources
