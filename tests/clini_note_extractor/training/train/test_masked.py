"""The pass that guesses hidden pieces: what it hides, what it wants, what it changes and what it leaves."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs requirements/train.txt")
transformers = pytest.importorskip("transformers", reason="needs requirements/train.txt")

from notes.clini_note_extractor.training import masked  # noqa: E402
from notes.clini_note_extractor.training.encoder import encoder_folder  # noqa: E402
from notes.clini_note_extractor.training.network import HIDDEN_PIECE, Tagger  # noqa: E402
from notes.clini_note_extractor.training.settings import (  # noqa: E402
    Progress,
    TrainingSettings,
    TrainingStopped,
)
from notes.clini_note_extractor.training.train import serving_tokenizer, train_model  # noqa: E402
from notes.clini_note_extractor.training.written.markup import parse  # noqa: E402

TEXT = "Left knee pain after gait training. "
NOTE = parse("[[Left|LATERALITY]] [[knee|BODY_REGION]] pain.", id="n")
TINY = TrainingSettings(
    masked_epochs=30, batch_pieces=64, rate=5e-3, head_rate=5e-3, dropout=0, half_precision=False
)


def tiny_tagger() -> Tagger:
    torch.manual_seed(3)
    config = transformers.BertConfig(
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=0.5,
    )
    return Tagger(transformers.BertModel(config, add_pooling_layer=False), width=16, dropout=0)


def read(tagger: Tagger, settings: TrainingSettings, texts: list[str]) -> list[Progress]:
    told: list[Progress] = []
    masked.read_masked(tagger, texts, serving_tokenizer(encoder_folder()), settings, told.append)
    return told


def loss_of_guess(told: str, *, text: str, seen: list[Any] | None = None) -> float:
    """The loss of a guesser that always says the same word."""
    tokenizer = serving_tokenizer(encoder_folder())
    examples = list(masked.masked_examples([text], tokenizer))

    def guesser(ids: Any, attention: Any, hidden: Any) -> Any:
        if seen is not None:
            seen.append((examples[0].pieces, ids[0].numpy()))
        scores = torch.zeros(int(hidden.sum()), tokenizer.get_vocab_size())
        scores[:, tokenizer.token_to_id(told)] = 50
        return scores

    chance: Any = np.random.default_rng(5)
    return masked.loss_of(guesser, examples, replace(TINY, batch_pieces=8192), chance).item()  # type: ignore[arg-type]


def test_the_hidden_words_themselves_are_wanted() -> None:
    assert loss_of_guess("knee", text="knee " * 60) == pytest.approx(0, abs=1e-6)
    assert loss_of_guess("hip", text="knee " * 60) == pytest.approx(50, abs=0.1)


def test_some_pieces_are_hidden_and_never_the_edges() -> None:
    seen: list[Any] = []
    loss_of_guess("knee", text="knee " * 200, seen=seen)
    pieces, ids = seen[0]
    hidden = ids[: len(pieces)] == HIDDEN_PIECE
    assert 0.07 < hidden.mean() < 0.25
    assert not hidden[[0, -1]].any()
    assert (ids[: len(pieces)] == pieces)[~hidden].all()


def test_where_chance_hides_nothing_the_loss_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked, "HIDDEN_SHARE", 0.0)
    assert loss_of_guess("hip", text=TEXT) == 0


def test_a_guesser_that_knows_nothing_says_how_often_pieces_occur() -> None:
    guesser = masked.Guesser(tiny_tagger().encoder, torch.tensor([0.0, 3.0, 0.0]).repeat(10174))
    torch.nn.init.zeros_(guesser.classifier[-1].weight)
    ids = torch.tensor([[101, HIDDEN_PIECE, 102]])
    shares = guesser(ids, torch.ones_like(ids), ids == HIDDEN_PIECE).softmax(-1)
    assert shares.shape == (1, 30522)
    assert (shares[0, 1] / shares[0, 0]).item() == pytest.approx(4)


def test_the_encoder_learns_and_its_words_stay() -> None:
    tagger = tiny_tagger()
    before = {name: value.clone() for name, value in tagger.state_dict().items()}
    told = read(tagger, TINY, [TEXT * count for count in range(1, 9)])
    assert told[-1].loss is not None
    assert told[0].loss is not None
    assert told[-1].loss < told[0].loss - 1
    assert all(one.masked for one in told)
    assert (told[-1].step, told[-1].epoch) == (told[-1].steps, 30)
    changed = {
        name.split(".layer.")[-1][0] if ".layer." in name else name
        for name, value in tagger.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert changed == {"0", "1"}


def test_chance_goes_on_as_without_the_pass() -> None:
    tagger = tiny_tagger()
    expected = torch.get_rng_state()
    read(tagger, replace(TINY, masked_epochs=1, dropout=0.1), [TEXT])
    assert torch.equal(torch.get_rng_state(), expected)


def test_the_steps_can_be_limited() -> None:
    told = read(tiny_tagger(), replace(TINY, most_steps=2), [TEXT] * 4)
    assert [(one.step, one.steps) for one in told] == [(2, 2)]


def test_texts_without_a_word_are_refused() -> None:
    with pytest.raises(ValueError, match="no word to read"):
        read(tiny_tagger(), TINY, ["", " "])


def test_a_training_reads_words_before_it_learns_tags(tmp_path: Path) -> None:
    settings = TrainingSettings(epochs=1, masked_epochs=1, batch_pieces=256, threads=1)
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        if not progress.masked:
            raise TrainingStopped("Seen enough.")

    with pytest.raises(TrainingStopped):
        train_model(
            notes=[NOTE], validation=[NOTE], out=tmp_path / "m", settings=settings, progress=stop,
            unannotated=[TEXT, TEXT * 3],
        )  # fmt: skip
    assert [one.masked for one in told] == [True, False]
    assert told[0].steps == 2
