"""The second reader: it only adds, quotes what completed it, and steps aside where it cannot be used."""

import json
import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from patients.red_flags import Severity
from patients.red_flags.hearing import (
    BY_READER,
    RULES_AND_READER,
    RULES_ONLY,
    hear,
    hear_by_rules,
    reader_state,
)
from patients.red_flags.hearing.reader import served
from patients.red_flags.hearing.reader.deciding import Limits, limits_in, raised
from patients.red_flags.hearing.reader.folder import (
    CARD,
    LARGEST_BYTES,
    MANIFEST,
    MODEL,
    RELEASED,
    TOKENIZER,
    ReaderUnusable,
)
from patients.red_flags.hearing.reader.labels import (
    FLAG_LABELS,
    LABELS,
    URGENT,
    flag_of,
    labels_of,
    severity_of,
)
from patients.red_flags.hearing.reader.pieces import STEP_PIECES, WINDOW_PIECES, joined_pieces, windows_of
from patients.red_flags.hearing.reader.served import Raised, load_reader

# Heard by rules that count beside a reader, each another flag.
PLAIN = (
    "crushing pain in my chest",
    "I want to die",
    "my calf is hot and swollen",
    "fever and my back is agony",
)
SUBTLE = "since this morning the left corner of my mouth hangs and tea runs out of it"


class Saying:
    """A reader that says what it is told to, whatever it reads."""

    def __init__(self, *labels: str) -> None:
        self.labels = labels
        self.manifest = load_reader(RELEASED).manifest

    def read(self, messages: tuple[str, ...]) -> tuple[Raised, ...]:
        return tuple(Raised(label, 0.9, len(messages) - 1) for label in self.labels)


def saying(*labels: str) -> Callable[[], Saying]:
    reader = Saying(*labels)
    return lambda: reader


def unusable() -> Saying:
    raise ReaderUnusable("for a test")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    loaded = Tokenizer.from_file(str(RELEASED / TOKENIZER))
    loaded.no_truncation()
    loaded.no_padding()
    return loaded


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sets(st.sampled_from(PLAIN), min_size=1), st.sets(st.sampled_from(FLAG_LABELS)))
def test_whatever_the_reader_says_no_flag_of_the_rules_goes(turns: set[str], labels: set[str]) -> None:
    messages = sorted(turns)
    alone = hear_by_rules(messages, beside_reader=True)
    both = hear(messages, load=saying(*sorted(labels)))
    assert set(alone.flags) <= set(both.flags)
    assert both.severity is not None and alone.severity is not None
    assert both.severity.rank >= alone.severity.rank
    assert {flag_of(label) for label in labels} <= {flag.flag for flag in both.flags}
    assert {flag.by for flag in set(both.flags) - set(alone.flags)} <= {BY_READER}


def test_a_flag_that_the_rules_heard_is_not_told_twice_but_may_be_worse() -> None:
    words = "I fell and my wrist is swollen"
    assert hear([words], load=saying("fracture_same_day")).flags == hear_by_rules([words]).flags
    worse = hear([words], load=saying("fracture_emergency"))
    assert worse.severity == Severity.EMERGENCY
    assert [(flag.flag, flag.by) for flag in worse.flags][:1] == [("fracture", BY_READER)]


def test_a_rule_that_is_often_wrong_counts_only_where_no_reader_listens() -> None:
    words = "the wound is weeping"
    assert [flag.flag for flag in hear([words], load=unusable).flags] == ["postop_complication"]
    assert hear([words], load=saying()).flags == ()
    assert [flag.by for flag in hear([words]).flags if flag.flag == "postop_complication"] == [BY_READER]


def test_what_the_reader_raised_is_not_asked_about_any_more() -> None:
    words = "my calf is a bit sore"
    assert [ask.flag for ask in hear([words], load=saying()).needs_asking] == ["dvt_pe"]
    assert hear([words], load=saying("dvt_pe")).needs_asking == ()


def test_without_a_reader_the_rules_hear_alone_and_say_so() -> None:
    heard = hear([PLAIN[0]], load=unusable)
    assert heard.reader == RULES_ONLY
    assert [flag.flag for flag in heard.flags] == ["cardiac"]
    assert hear([PLAIN[0]]).reader == RULES_AND_READER


def test_the_released_reader_adds_what_the_rules_miss_and_quotes_the_turn() -> None:
    turns = ["hello, thanks for the new plan", SUBTLE]
    assert "stroke_neck_artery" not in {flag.flag for flag in hear_by_rules(turns).flags}
    found = [flag for flag in hear(turns).flags if flag.flag == "stroke_neck_artery"]
    assert [(flag.by, flag.words[0].turn, flag.words[0].text) for flag in found] == [(BY_READER, 1, turns[1])]
    assert found[0].severity == Severity.EMERGENCY
    assert str(found[0].rule_version) in found[0].source


def test_an_old_turn_stays_the_one_that_is_quoted() -> None:
    turns = [SUBTLE]
    later = [*turns, "ok thanks", "see you on Thursday"]
    heard = served.load_released().read(later)
    assert {one.turn for one in heard if one.label == "stroke_neck_artery"} == {0}


@pytest.mark.parametrize(
    "words",
    [
        "hello",
        "thanks!",
        "how do I do the clamshell again?",
        "7",
        "done",
        "I skipped two days",
        "next one please",
        "It hurts",
        "I don't understand",
        "I want to talk to a person",
    ],
)
def test_ordinary_turns_raise_nothing(words: str) -> None:
    assert [flag for flag in hear([words]).flags if flag.severity.rank > Severity.TELL_THERAPIST.rank] == []


def test_a_sign_at_the_end_of_a_long_story_is_read() -> None:
    chatter = "We went to the market and bought apples and pears and talked about the weather. "
    sign = f"Oh, and {SUBTLE}."
    assert "stroke_neck_artery" in {one.label for one in served.load_released().read([chatter * 48 + sign])}


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "🤒🏃‍♀️",
        "\x00\ufffd",
        "\ud83d",
        "אני לא יכול לנשום",
        "1 " * 3000,
        "!" * 4000,
        "[SEP] [CLS] [MASK]",
    ],
)
def test_any_text_is_read_without_a_fault(words: str) -> None:
    heard = hear([words])
    assert heard.reader == RULES_AND_READER
    for flag in heard.flags:
        assert [quote.text for quote in flag.words] == [words]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(count=st.integers(0, 700))
def test_windows_leave_no_piece_unread(tokenizer: Tokenizer, count: int) -> None:
    pieces = list(range(1000, 1000 + count))
    windows = windows_of(pieces, tokenizer)
    assert all(len(window) <= WINDOW_PIECES for window in windows)
    read: list[int] = []
    at = 0
    for number, window in enumerate(windows):
        begin = min(number * STEP_PIECES, max(0, len(pieces) - (WINDOW_PIECES - 2)))
        assert begin <= at
        own = window[1:-1].tolist()
        assert own == pieces[begin : begin + len(own)]
        read, at = [*read[:begin], *own], begin + len(own)
    assert read == pieces


def test_both_ends_of_an_endless_text_are_read(tokenizer: Tokenizer) -> None:
    windows = windows_of(list(range(1000, 21_000)), tokenizer)
    assert windows[0][1] == 1000
    assert windows[-1][-2] == 20_999
    assert len(windows) == 64


def test_turns_are_parted(tokenizer: Tokenizer) -> None:
    separator = tokenizer.token_to_id("[SEP]")
    assert joined_pieces(["hip", "", "knee"], tokenizer).count(separator) == 1


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RELEASED, tmp_path / "reader"))


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_file_that_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    folder = copied(tmp_path)
    with (folder / name).open("ab") as raw:
        raw.write(b" ")
    with pytest.raises(ReaderUnusable, match="wrong hash"):
        load_reader(folder)
    (folder / name).unlink()
    with pytest.raises(ReaderUnusable, match="missing"):
        load_reader(folder)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("labels", ["cardiac"], "other labels"),
        ("limits", {"urgent": 0, "beside": 1, "labels": {}}, "cannot be read"),
        ("files", {}, "cannot be read"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path: Path, key: str, value: object, fault: str) -> None:
    folder = copied(tmp_path)
    told = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**told, key: value}))
    with pytest.raises(ReaderUnusable, match=fault):
        load_reader(folder)
    (folder / MANIFEST).unlink()
    with pytest.raises(ReaderUnusable, match="missing"):
        load_reader(folder)


def test_a_release_that_cannot_be_used_leaves_the_rules_and_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path)
    (folder / MODEL).write_bytes(b"no model")
    monkeypatch.setattr(served, "RELEASED", folder)
    served.forget_released()
    try:
        assert hear([PLAIN[0]]).reader == RULES_ONLY
        state = reader_state()
        assert state.version is None and "wrong hash" in state.fault and str(tmp_path) not in state.fault
    finally:
        monkeypatch.undo()
        served.forget_released()
    assert reader_state().version == load_reader(RELEASED).manifest.version


def test_many_threads_load_the_reader_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []

    def counting(folder: Path) -> served.Reader:
        loads.append(folder)
        return load_reader(folder)

    monkeypatch.setattr(served, "load_reader", counting)
    served.forget_released()
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda number: hear([f"my smile slid off {number}"]).reader, range(16)))
    assert heard == [RULES_AND_READER] * 16
    assert len(loads) == 1


def test_the_same_words_are_read_alike_whatever_was_read_before() -> None:
    reader = load_reader(RELEASED)
    first = reader.probabilities(["my foot slaps when I walk"])
    reader.probabilities(["something else " * 50])
    assert np.array_equal(reader.probabilities(["my foot slaps when I walk"]), first)
    assert np.array_equal(load_reader(RELEASED).probabilities(["my foot slaps when I walk"]), first)


def test_no_word_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        served.forget_released()
        hear(["my xylophone smile slid off on the left"])
    assert caplog.records == []


def reading(**likely: float) -> np.ndarray:
    return np.array([likely.get(label, 0.01) for label in LABELS])


def test_limits_decide_what_is_raised() -> None:
    limits = Limits(0.3, 0.5, dict.fromkeys(FLAG_LABELS, 0.6))
    assert raised(reading(urgent=0.29, cardiac=0.59), limits) == ()
    assert raised(reading(urgent=0.29, cardiac=0.6), limits) == ("cardiac",)
    beside = reading(urgent=0.3, cardiac=0.2, dvt_pe=0.11, self_harm=0.04)
    assert raised(beside, limits) == ("cardiac", "dvt_pe")
    worse = reading(urgent=0.3, malignancy=0.2, inflammatory=0.06, cardiac=0.09, dvt_pe=0.11)
    assert raised(worse, limits) == ("malignancy", "dvt_pe", "inflammatory")
    assert raised(reading(urgent=0.9, pain_over_limit=0.9), limits)[0] in FLAG_LABELS
    assert limits_in(limits.to_dict()) == limits


def test_labels_carry_the_severity_of_the_line() -> None:
    assert labels_of("emergency", frozenset({"fracture"})) == {"fracture_emergency", URGENT}
    assert labels_of("same_day", frozenset({"fracture"})) == {"fracture_same_day", URGENT}
    assert labels_of("tell_therapist", frozenset({"pain_over_limit"})) == {"pain_over_limit"}
    assert labels_of("none", frozenset()) == frozenset()
    assert {severity_of(label) for label in FLAG_LABELS} == {Severity.EMERGENCY, Severity.SAME_DAY}


def test_the_release_is_small_and_says_what_it_is() -> None:
    assert sum(path.stat().st_size for path in RELEASED.iterdir()) <= LARGEST_BYTES
    card = (RELEASED / CARD).read_text(encoding="utf-8")
    told = json.loads((RELEASED / MANIFEST).read_text(encoding="utf-8"))
    assert told["data_sha256"] in card and "No patient said any of them" in card
    assert told["left_out"]["systems"]["both"]["sensitivity"]["n"] >= 1000
