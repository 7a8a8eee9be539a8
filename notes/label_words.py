"""How labels and assertions are told to people: a name, two letters, a key, and words."""

from dataclasses import dataclass

from notes.clini_note_extractor import ASSERTED, Assertion, Label


@dataclass(frozen=True, slots=True)
class LabelWords:
    """One label: `tag` stands on the mark itself, so that colour is never alone; `key` sets it."""

    label: Label
    name: str
    tag: str
    key: str

    @property
    def css(self) -> str:
        """Ending of the class ``mark--…``."""
        return self.tag.lower()

    @property
    def may_be_denied(self) -> bool:
        """Whether the schema knows an assertion of it other than present."""
        return self.label in ASSERTED


LABELS: dict[str, LabelWords] = {
    label.value: LabelWords(label, name, tag, key)
    for label, name, tag, key in (
        (Label.BODY_REGION, "Body region", "BR", "1"),
        (Label.LATERALITY, "Side", "SI", "2"),
        (Label.DIAGNOSIS, "Diagnosis", "DX", "3"),
        (Label.SURGERY, "Surgery", "OP", "4"),
        (Label.INTERVENTION, "Treatment", "TX", "5"),
        (Label.OUTCOME_MEASURE, "Measure", "ME", "6"),
        (Label.OUTCOME_SCORE, "Score", "SC", "7"),
        (Label.PAIN_LEVEL, "Pain", "PA", "8"),
        (Label.ROM, "Range of motion", "RM", "9"),
        (Label.STRENGTH, "Strength", "ST", "0"),
    )
}


@dataclass(frozen=True, slots=True)
class AssertionWords:
    """One assertion: `short` stands beside the tag, empty where something simply is so; `key` sets it."""

    assertion: Assertion
    name: str
    short: str
    key: str


ASSERTIONS: dict[str, AssertionWords] = {
    assertion.value: AssertionWords(assertion, name, short, key)
    for assertion, name, short, key in (
        (Assertion.PRESENT, "is so", "", "a"),
        (Assertion.NEGATED, "not so", "not", "n"),
        (Assertion.HISTORICAL, "in the past", "past", "h"),
        (Assertion.POSSIBLE, "maybe", "maybe", "p"),
        (Assertion.HYPOTHETICAL, "if it should happen", "if", "i"),
        (Assertion.FAMILY, "in the family", "family", "f"),
    )
}
