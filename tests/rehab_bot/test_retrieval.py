"""Passages are found by words and by meaning, within one plan only."""

from pathlib import Path

import numpy as np
import pytest

from sessions.rehab_bot import encoder as encoders
from sessions.rehab_bot.bm25 import WordIndex
from sessions.rehab_bot.encoder import EncoderUnusable, forget_encoder, load_encoder
from sessions.rehab_bot.intent_model import FITTED_FILE, fit_of, model_for, read_fitted, wordings_in_order
from sessions.rehab_bot.knowledge import shipped_topics
from sessions.rehab_bot.passages import build_passages
from sessions.rehab_bot.readability import reading_grade, syllables_of
from sessions.rehab_bot.retrieval import Library
from tests.rehab_bot.made_plans import make_plan

PASSAGES = build_passages(make_plan("squat", "clamshell"), ())


def refs(library: Library, question: str, exercise_code: str = "") -> list[str]:
    return [found.passage.ref for found in library.search(question, exercise_code=exercise_code)]


def test_each_passage_has_a_ref_of_its_own() -> None:
    assert len({passage.ref for passage in PASSAGES}) == len(PASSAGES)


def test_finds_by_meaning_where_no_word_is_shared() -> None:
    library = Library(PASSAGES, load_encoder())
    assert "app:camera_unseen" in refs(library, "the lens is unable to spot me")[:2]


TEXTS = ("bend both knees and sit back", "rest the knees", "breathe out", "bend bend bend", "")


def test_words_count_as_in_another_library() -> None:
    other = pytest.importorskip("bm25s").BM25()
    other.index([text.split() for text in TEXTS], show_progress=False)
    index = WordIndex([text.split() for text in TEXTS])
    for asked in (["bend"], ["knees", "rest"], ["bend", "bend", "out"], ["back", "unheard", "the"]):
        known = [word for word in asked if word in other.vocab_dict]
        assert np.allclose(index.scores(asked), other.get_scores(known), atol=1e-6), asked
    assert index.scores(["bend"])[0] > 0


def test_words_score_by_rarity_and_length() -> None:
    # One of two texts holds it, of 1 word where the mean is 2: ln 2 / (1 + 1.5 · (0.25 + 0.75 · ½)).
    index = WordIndex([["knee"], ["hip", "hip", "out"]])
    assert index.scores(["knee"])[0] == pytest.approx(0.6931472 / 1.9375, abs=1e-6)
    assert list(WordIndex([["knee"], []]).scores(["hip"])) == [0.0, 0.0]
    assert list(WordIndex([]).scores(["hip"])) == []


def test_finds_by_words_alone() -> None:
    assert refs(Library(PASSAGES, None), "how do I do the clamshell")[0].startswith("exercise:clamshell:")


def test_other_exercises_are_left_out_when_one_is_meant() -> None:
    found = refs(Library(PASSAGES, load_encoder()), "how do I do it", "squat")
    assert not [ref for ref in found if ref.startswith("exercise:clamshell")]


def test_what_is_not_about_exercise_falls_under_the_floor() -> None:
    assert Library(PASSAGES, load_encoder()).search("zebra quantum spreadsheet volcano") == []
    assert Library((), load_encoder()).search("squat") == []
    assert Library(PASSAGES, None).search("  ") == []


def test_scores_are_shares_and_the_best_comes_first() -> None:
    scores = [found.score for found in Library(PASSAGES, load_encoder()).search("how many squats")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_shipped_fit_is_that_of_the_shipped_wordings() -> None:
    stored = read_fitted(FITTED_FILE)
    assert stored is not None
    _, texts = wordings_in_order()
    some = list(range(0, len(texts), 97))
    kept = stored["vectors"][some].astype(np.float32) / 127
    fresh = load_encoder().encode([texts[place] for place in some])
    assert float((kept * fresh).sum(axis=1).min()) > 0.9
    assert len(model_for(load_encoder()).vectors) == len(texts)


def test_a_damaged_fit_is_not_used(tmp_path: Path) -> None:
    damaged = tmp_path / "intents.npz"
    damaged.write_bytes(FITTED_FILE.read_bytes()[:500])
    assert read_fitted(damaged) is None
    assert read_fitted(tmp_path / "missing.npz") is None


def test_words_alone_read_intents_without_an_encoder() -> None:
    fit = fit_of(["can i print my plan"], None)[0]
    assert max(fit, key=lambda code: fit[code]) == "printing"


def test_weights_that_are_not_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "MODEL_SHA256", "0" * 64)
    forget_encoder()
    try:
        with pytest.raises(EncoderUnusable):
            load_encoder()
    finally:
        forget_encoder()


def test_vectors_have_length_one_and_half_characters_do_no_harm() -> None:
    vectors = load_encoder().encode(["squat", "\ud800 squat", ""])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_topics_are_plain() -> None:
    for topic in shipped_topics().values():
        assert reading_grade(" ".join(topic.text)) <= 6, topic.code
        assert len(topic.text) <= 5
        assert topic.source


@pytest.mark.parametrize(
    ("word", "count"), [("squat", 1), ("exercise", 3), ("therapist", 3), ("knee", 1), ("moved", 1), ("2", 1)]
)
def test_counts_syllables(word: str, count: int) -> None:
    assert syllables_of(word) == count


def test_reading_grade_of_a_known_sentence() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59, which is below nought.
    assert reading_grade("The cat sat on the mat.") == 0.0
    hard = "Considerable physiological deterioration necessitates immediate discontinuation."
    assert reading_grade(hard) > 20
    assert reading_grade("") == 0.0
