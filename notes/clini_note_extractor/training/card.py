"""The model card that a training writes: what the model is, what it was made from, how well it reads."""

from __future__ import annotations

from typing import Any


def card_of(manifest: dict[str, Any]) -> str:
    """Markdown from a manifest's figures; nothing in it is written by hand."""
    scores = manifest["scores"]
    strict = scores["validation"]["strict"]
    counts = manifest["notes"]
    encoder = manifest["encoder"]
    lines = [
        f"# Note model {manifest['version']}",
        "",
        "Finds the ten labels of the annotation guideline (version 1.1) in English physical and occupational",
        "therapy notes, as exact spans. Of assertion it says nothing. In the product it works beside",
        "rules and vocabulary; `docs/science/clini_note_extractor.md` says what the two reach together.",
        "",
        "| | |",
        "|---|---|",
        f"| encoder | {encoder['package']} {encoder['version']} (BERT, 6 layers, width 384, uncased) |",
        f"| encoder's sha256 | `{encoder['weights_sha256']}` |",
        f"| trained on | {counts['training']} notes, sha256 `{manifest['data_sha256']}` |",
        f"| validated on | {counts['validation']} notes, sha256 `{manifest['validation_sha256']}` |",
        f"| kept epoch | {manifest['parameters']['kept_epoch']} of {manifest['parameters']['epochs']} |",
        f"| command | `{manifest['command'] or 'not given'}` |",
        "",
        "Unless annotated notes were added with the command, every note was invented: made by a generator or",
        "written for training by language models. **No real note was trained on or validated on, and no",
        "clinician annotated any.** The validation's frames and wordings stand in no training note. Its",
        "figures choose between trainings and tell little about other people's notes.",
        "",
        "## Validation",
        "",
        f"Strict micro F1 {_f1(strict['micro'])}; partial {_f1(scores['validation']['partial']['micro'])}; "
        f"{scores['spans']} spans. Before int8: {scores['fp32_strict_f1']:.3f} "
        f"(int8 minus fp32 {scores['int8_minus_fp32_f1']:+.4f}).",
        "",
        "| label | F1 | precision | recall | annotated | found |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {label} | {row['f1']:.3f} | {row['precision']:.3f} | {row['recall']:.3f} | {row['gold']} "
        f"| {row['found']} |"
        for label, row in strict["labels"].items()
    ]
    return "\n".join([*lines, "", *_calibration(manifest.get("calibration")), *_limits()]) + "\n"


def _calibration(told: dict[str, Any] | None) -> list[str]:
    if not told:
        return []
    rows = [
        f"| {system} | {row['before']} | {row['after']} |"
        for system, row in told["expected_error"].items()
        if row["before"] is not None
    ]
    return [
        "## Calibration",
        "",
        "Platt curves by who found a span, fitted on the validation notes; expect less on other notes.",
        "Expected calibration error; after: each note by curves that were fitted on others.",
        "",
        "| system | before | after |",
        "|---|---|---|",
        *rows,
        "",
    ]


def _f1(row: dict[str, Any]) -> str:
    if row["low"] is None:
        return f"{row['f1']:.3f}"
    return f"{row['f1']:.3f} ({row['low']:.3f} to {row['high']:.3f}, 95 %, by note)"


def _limits() -> list[str]:
    return [
        "## Limits",
        "",
        "- English only. Names of other specialties, devices and programmes are its weakest part.",
        '- Capitals mean nothing to it: "US" and "us" are one word. It was not measured by sex, age or',
        "  origin of patients: the notes are invented.",
        "- It assists people who read the note themselves; it decides nothing.",
    ]
