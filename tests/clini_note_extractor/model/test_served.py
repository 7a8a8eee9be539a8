"""The released model as it is served: exact offsets on any text, one answer, no torch, forks and threads."""

import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from notes.clini_note_extractor import Label, System, extract
from notes.clini_note_extractor.model import NoteModel, load_model, load_released, released_folder
from notes.clini_note_extractor.model.served import REMEMBERED_WINDOWS
from tests.clini_note_extractor.model.texts import PROSE, texts

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def model() -> NoteModel:
    return load_released()


def words_found(model: NoteModel, text: str) -> list[tuple[str, str]]:
    return [(text[one.span.start : one.span.end], one.label.value) for one in model.spans(text)]


@given(texts)
@settings(max_examples=80, deadline=None)
def test_spans_are_exact_and_apart(model: NoteModel, text: str) -> None:
    spans = model.spans(text)
    assert all(0 <= one.span.start < one.span.end <= len(text) for one in spans)
    assert all(left.span.end <= right.span.start for left, right in pairwise(spans))
    quoted = [text[one.span.start : one.span.end] for one in spans]
    assert quoted == [words.strip() for words in quoted]
    assert all(words[-1] not in ".,;:" and words[0] not in ".,;:" for words in quoted)
    assert all(0 < one.probability <= 1 for one in spans)
    assert model.spans(text) == spans


def test_it_reads_prose(model: NoteModel) -> None:
    found = words_found(model, PROSE)
    assert ("left", "LATERALITY") in found
    assert ("6/10", "PAIN_LEVEL") in found
    assert ("0 to 105 degrees", "ROM") in found
    assert ("gait training", "INTERVENTION") in found


@pytest.mark.parametrize("blank", ["  ", "\t", "\u00a0", " \u200f"])
def test_white_space_moves_offsets_only(model: NoteModel, blank: str) -> None:
    def told(text: str) -> list[tuple[str, str]]:
        return [
            (" ".join(words.replace("\u200f", "").split()), label)
            for words, label in words_found(model, text)
        ]

    assert told(PROSE.replace(" ", blank)) == words_found(model, PROSE)


def test_capitals_change_nothing(model: NoteModel) -> None:
    assert [one.span for one in model.spans(PROSE.upper())] == [one.span for one in model.spans(PROSE)]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\u200f", "______", "😀" * 50, "x" * 200_000, "9" * 50_000, "." * 5_000]
)
def test_odd_texts_are_read(model: NoteModel, text: str) -> None:
    assert all(text[one.span.start : one.span.end].strip() for one in model.spans(text))


def test_half_a_character_is_refused(model: NoteModel) -> None:
    with pytest.raises(ValueError, match="lone surrogate") as told:
        model.spans("secret \ud800 note")
    assert "secret" not in str(told.value)


@pytest.mark.slow
def test_the_longest_note_is_read_to_its_end(model: NoteModel) -> None:
    text = (f"{PROSE} " * 1000)[:199_000] + "Gait training for the left knee."
    spans = model.spans(text)
    assert spans[-1].span.end > 198_900
    assert sum(one.label is Label.PAIN_LEVEL for one in spans) > 700


def test_windows_are_remembered_up_to_a_bound(model: NoteModel) -> None:
    fresh = load_model(released_folder())
    first = fresh.spans(PROSE)
    read = fresh.windows_read
    assert read > 0
    assert fresh.spans(PROSE) == first
    assert fresh.windows_read == read
    fresh._remembered.update({number.to_bytes(4): None for number in range(REMEMBERED_WINDOWS)})
    fresh.spans("Gait training for the left hip.")
    assert len(fresh._remembered) <= REMEMBERED_WINDOWS + read


def test_typing_reads_only_what_changed() -> None:
    fresh = load_model(released_folder())
    text = "".join(f"{PROSE} Visit {number}. " for number in range(20))
    fresh.spans(text)
    whole = fresh.windows_read
    fresh.spans(text + "He reported a fall.")
    assert whole >= 6
    assert fresh.windows_read - whole <= 2


def test_what_is_remembered_holds_no_text() -> None:
    fresh = load_model(released_folder())
    fresh.spans("Zebrafinch syndrome of the left knee.")
    assert all(len(key) == 16 for key in fresh._remembered)


def test_threads_share_a_model() -> None:
    fresh = load_model(released_folder())
    notes = [f"{PROSE} Visit {number} for the right hip." for number in range(12)]
    alone = [load_released().spans(text) for text in notes]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(fresh.spans, notes * 3)) == alone * 3


def test_a_forked_worker_loads_its_own() -> None:
    parent = load_released()
    expected = parent.spans(PROSE)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        own = load_released()
        good = own is not parent and own.spans(PROSE) == expected
        os.write(writing, b"1" if good else b"0")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 1) == b"1"
    os.close(reading)
    os.close(writing)


def test_serving_loads_no_torch() -> None:
    code = (
        "import sys\n"
        "from notes.clini_note_extractor import extract\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "extract('Left knee pain 5/10.')\n"
        "print(*sorted({'torch', 'transformers', 'onnx', 'safetensors', 'pandas'} & set(sys.modules)))\n"
        "assert 'onnxruntime' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-2000:]


def test_nothing_is_logged(model: NoteModel, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        extract(PROSE, system=System.COMBINED, model=model)
    assert caplog.records == []
