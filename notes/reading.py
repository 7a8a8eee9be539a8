"""Which extractor reads the clinic's notes: the model in use with the rules, or the rules alone."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from clinic.model_register.files import ModelFilesUnusable
from clinic.model_register.products import UnknownProduct
from clinic.model_register.selectors import ActiveModel, active_model
from notes.clini_note_extractor import RULES_VERSION, Extraction, System, extract, extract_by_rules
from notes.clini_note_extractor.model import ModelUnusable, NoteModel, load_model, load_released

logger = logging.getLogger(__name__)
PRODUCT = "clini_note_extractor"
MOST_LOADED = 4
BY_RULES = f"rules {RULES_VERSION}"
SWITCHED_OFF = "Read by rules alone: no model is in use in this clinic."
UNUSABLE = "Read by rules alone: the model in use cannot be loaded."


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads notes. `fell_back`: a model should have read and could not; `warning` says so in words, or why
    there is none.
    """

    version: str
    fell_back: bool
    warning: str
    read: Callable[[str], Extraction]

    @property
    def is_by_rules(self) -> bool:
        """Whether no model takes part."""
        return bool(self.warning)

    def extract(self, text: str) -> Extraction:
        """What the text says; offsets are code points of `text`. Raises NoteTooLong."""
        return self.read(text)


@dataclass(frozen=True, slots=True)
class _Failed:
    """A model that this process could not load; it is not tried again for each note."""


_loaded: OrderedDict[str, NoteModel | _Failed] = OrderedDict()
_loading = Lock()


def reader_for_clinic() -> Reader:
    """The reader of the clinic in scope. A model is loaded once a process."""
    try:
        active = active_model(PRODUCT)
    except UnknownProduct:
        active = None
    if active is None:
        return Reader(BY_RULES, fell_back=False, warning=SWITCHED_OFF, read=extract_by_rules)
    model = _model_of(active)
    if isinstance(model, _Failed):
        return Reader(BY_RULES, fell_back=True, warning=UNUSABLE, read=extract_by_rules)
    return _reader_with(model)


def forget_models() -> None:
    """Load every model again when it is next needed."""
    with _loading:
        _loaded.clear()


def _model_of(active: ActiveModel) -> NoteModel | _Failed:
    with _loading:
        known = _loaded.get(active.sha256)
        if known is None:
            known = _load(active)
            _loaded[active.sha256] = known
            while len(_loaded) > MOST_LOADED:
                _loaded.popitem(last=False)
        else:
            _loaded.move_to_end(active.sha256)
    return known


def _load(active: ActiveModel) -> NoteModel | _Failed:
    try:
        folder = active.folder()
        return load_released() if folder is None else load_model(folder)
    except (ModelUnusable, ModelFilesUnusable):
        logger.exception("the model %s in use cannot be loaded; notes are read by rules", active.version)
        return _Failed()


def _reader_with(model: NoteModel) -> Reader:
    def read(text: str) -> Extraction:
        return extract(text, system=System.COMBINED, model=model)

    return Reader(f"rules {RULES_VERSION} + model {model.version}", fell_back=False, warning="", read=read)
