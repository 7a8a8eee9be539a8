"""A visit note drafted from a session by rules: sentences, each with what it rests on. No database."""

from collections.abc import Mapping, Sequence

from notes.session_sentences.assessment import assessment
from notes.session_sentences.facts import SessionFacts
from notes.session_sentences.objective import objective
from notes.session_sentences.plan import plan
from notes.session_sentences.sentence import Basis, Sentence
from notes.session_sentences.subjective import subjective

__all__ = ["Basis", "Sentence", "SessionFacts", "sentences_of", "text_of"]

PARTS = {"SUBJECTIVE": subjective, "OBJECTIVE": objective, "ASSESSMENT": assessment, "PLAN": plan}


def sentences_of(facts: SessionFacts) -> dict[str, tuple[Sentence, ...]]:
    """The sentences of each section by its heading, in order."""
    return {heading: tuple(part(facts)) for heading, part in PARTS.items()}


def text_of(sections: Mapping[str, Sequence[Sentence]]) -> str:
    """The note's text: each heading on a line of its own, each sentence on one below it."""
    parts = ("\n".join([f"{heading}:", *(one.words for one in said)]) for heading, said in sections.items())
    return "\n\n".join(parts) + "\n"
