"""The error browser: one HTML page that needs no script, no network and no other file.

It quotes the notes and says so on top. Filters are check boxes that CSS reads; without that CSS everything is
shown. On paper everything that is chosen is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from notes.clini_note_extractor.evaluation.alignment import ErrorKind, NoteError
from notes.clini_note_extractor.evaluation.report import Report, errors_of
from notes.clini_note_extractor.types import Entity, Label

KIND_WORDS = {
    ErrorKind.MISSED: ("Missed", "annotated, and nothing was found there"),
    ErrorKind.SPURIOUS: ("Spurious", "found, and nothing is annotated there"),
    ErrorKind.BORDER: ("Wrong border", "right label, other beginning or end"),
    ErrorKind.LABEL: ("Wrong label", "right beginning and end, other label"),
    ErrorKind.LABEL_AND_BORDER: ("Wrong label and border", "they overlap, and nothing else is right"),
    ErrorKind.ASSERTION: ("Wrong assertion", "right span and label, other assertion"),
}
# Nothing is fetched and nothing runs; the page brings its own style.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root{--ink:#1b2424;--soft:#4a5757;--line:#c9d2d0;--paper:#fff;--gold:#d9f0e4;--found:#fde6c8;--both:#e6e4f5}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.2rem;margin:2.5rem 0 .25rem}
a{color:#0b5a50}.skip{position:absolute;left:-99rem}.skip:focus{position:static}
.warning{border:2px solid #a33a1d;border-radius:.5rem;padding:.75rem 1rem;background:#fff4ef}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child{text-align:left}thead th{vertical-align:bottom;white-space:normal}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.25rem 1rem .75rem}
fieldset label{display:inline-flex;gap:.4rem;align-items:center;min-height:2.75rem;margin-right:1.25rem}
input[type=checkbox]{width:1.25rem;height:1.25rem;accent-color:#0b5a50}
:focus-visible{outline:3px solid #0b5a50;outline-offset:2px}
article{border-top:1px solid var(--line);padding:.75rem 0;break-inside:avoid}
article p{margin:.25rem 0;overflow-wrap:anywhere}.told{color:var(--soft);font-size:.9rem}
mark{color:inherit;padding:.1em .15em;border-radius:.2em}
.gold{background:var(--gold);border-bottom:3px solid #1f7a55}
.found{background:var(--found);border-bottom:3px dashed #9a5a00}
.gold.found{background:var(--both);border-bottom-style:double}
summary{cursor:pointer;min-height:2.75rem;display:list-item;padding:.6rem 0}
@media print{fieldset,.skip,nav{display:none}body{max-width:none;font-size:10pt}}
"""


def error_page(report: Report) -> str:
    """The page as HTML text. It holds words of the notes: keep it where the notes may be kept."""
    errors = errors_of(report)
    labels = [label for label in Label if any(one.label is label for one in errors)]
    title = f"Errors of {report.system} {report.version}"
    return "\n".join((
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<title>{escape(title)}</title>\n<style>{STYLE}{_filter_style(labels)}</style>\n</head>\n<body>",
        '<a class="skip" href="#errors">To the errors</a>',
        "<main>",
        *_head(report, errors, title),
        *_table(errors, labels),
        *_filters(labels),
        '<div id="errors">',
        *(line for kind in ErrorKind for line in _kind(kind, [one for one in errors if one.kind is kind])),
        "</div>\n</main>\n</body>\n</html>\n",
    ))  # fmt: skip


def _head(report: Report, errors: Sequence[NoteError], title: str) -> Iterator[str]:
    spans = sum(len(note.entities) for note in report.notes)
    yield f"<h1>{escape(title)}</h1>"
    yield (
        '<p class="warning"><strong>This page quotes clinical notes.</strong> Keep it only where the notes '
        "themselves may be kept, and do not send it on.</p>"
    )
    yield (
        f"<p>{len(report.notes)} notes, {spans} annotated spans, {len(errors)} errors. In each sentence "
        '<mark class="gold">underlined</mark> is what is annotated, <mark class="found">dashed</mark> '
        'what was found, <mark class="gold found">doubled</mark> where both agree on the place.</p>'
    )


def _table(errors: Sequence[NoteError], labels: Sequence[Label]) -> Iterator[str]:
    counts = Counter((one.kind, one.label) for one in errors)
    yield '<nav aria-label="Errors by label and kind"><div class="scroll" tabindex="0" role="region" '
    yield 'aria-label="Table of errors"><table><caption>Each number leads to its errors</caption>'
    heads = "".join(f'<th scope="col">{escape(KIND_WORDS[kind][0])}</th>' for kind in ErrorKind)
    yield f'<thead><tr><th scope="col">Label</th>{heads}<th scope="col">All</th></tr></thead><tbody>'
    for label in labels:
        cells = "".join(_cell(kind, label, counts[kind, label]) for kind in ErrorKind)
        total = sum(counts[kind, label] for kind in ErrorKind)
        yield f'<tr><th scope="row">{label.value}</th>{cells}<td>{total}</td></tr>'
    yield "</tbody></table></div></nav>"


def _cell(kind: ErrorKind, label: Label, count: int) -> str:
    return f'<td><a href="#{_anchor(kind, label)}">{count}</a></td>' if count else "<td>0</td>"


def _filters(labels: Sequence[Label]) -> Iterator[str]:
    for legend, names in (
        ("Kinds of error", [(_key(kind), KIND_WORDS[kind][0]) for kind in ErrorKind]),
        ("Labels", [(label.value, label.value) for label in labels]),
    ):
        boxes = "".join(
            f'<label><input type="checkbox" id="show-{key}" checked>{escape(name)}</label>'
            for key, name in names
        )
        yield f"<fieldset><legend>{legend} shown</legend>{boxes}</fieldset>"


def _filter_style(labels: Sequence[Label]) -> str:
    keys = [*(_key(kind) for kind in ErrorKind), *(label.value for label in labels)]
    return "".join(f"body:has(#show-{key}:not(:checked)) .of-{key}{{display:none}}" for key in keys)


def _kind(kind: ErrorKind, errors: Sequence[NoteError]) -> Iterator[str]:
    name, meaning = KIND_WORDS[kind]
    if not errors:
        return
    yield f'<section class="of-{_key(kind)}"><h2 id="{_key(kind)}">{name}: {len(errors)}</h2><p>{meaning}</p>'
    for label in Label:
        of_label = [one for one in errors if one.label is label]
        if of_label:
            yield (
                f'<details open class="of-{label.value}" id="{_anchor(kind, label)}">'
                f"<summary><strong>{label.value}</strong>, {len(of_label)}</summary>"
            )
            yield from map(_article, of_label)
            yield "</details>"
    yield "</section>"


def _article(error: NoteError) -> str:
    told = []
    if error.gold is not None:
        told.append(f"annotated {_named(error, error.gold)}")
    if error.found is not None:
        told.append(f"found {_named(error, error.found)}")
    if error.probability is not None:
        told.append(f"probability {error.probability:.2f}")
    where = f"Note {escape(error.note_id)}, from character {(error.gold or error.found).start}"  # type: ignore[union-attr]
    return f'<article><p>{_sentence(error)}</p><p class="told">{where}: {"; ".join(told)}.</p></article>'


def _named(error: NoteError, entity: Entity) -> str:
    return f"“{escape(error.quoted(entity))}” {entity.label.value}, {entity.assertion.value}"


def _sentence(error: NoteError) -> str:
    """The sentence with marks; where the two spans overlap, the mark carries both classes."""
    sides = [(name, one) for name, one in (("gold", error.gold), ("found", error.found)) if one is not None]
    cuts = {error.sentence.start, error.sentence.end}
    cuts |= {place for _, one in sides for place in (one.start, one.end)}
    places = sorted(cuts)
    shown = []
    for start, end in pairwise(places):
        words = escape(error.words[start - error.sentence.start : end - error.sentence.start])
        names = [name for name, one in sides if one.start <= start < one.end]
        shown.append(f'<mark class="{" ".join(names)}">{words}</mark>' if names else words)
    return "".join(shown)


def _key(kind: ErrorKind) -> str:
    return kind.value.replace(" ", "-")


def _anchor(kind: ErrorKind, label: Label) -> str:
    return f"{_key(kind)}-{label.value}"
