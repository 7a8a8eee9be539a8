"""The card that a training writes: what the reader is, what it was made from, how well it hears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def card_of(manifest: Mapping[str, Any]) -> str:
    """Markdown from a manifest's figures; nothing in it is written by hand."""
    encoder, counts, limits = manifest["encoder"], manifest["messages"], manifest["limits"]
    alone = ", ".join(str(limit) for limit in sorted(set(limits["labels"].values())))
    lines = [
        f"# Second reader {manifest['version']}",
        "",
        "Reads a patient's turns and says which red flags they may tell of. It works beside the rules and",
        "can only add a flag, never take one away. It is no diagnosis; all that follows is a person told.",
        "",
        "| | |",
        "|---|---|",
        f"| encoder | {encoder['package']} {encoder['version']} (BERT, 6 layers, width 384, uncased), int8 |",
        f"| encoder's sha256 | `{encoder['weights_sha256']}` |",
        f"| trained on | {sum(counts.values())} invented messages, sha256 `{manifest['data_sha256']}` |",
        f"| of authors | {', '.join(f'{name} {count}' for name, count in counts.items())} |",
        f"| limits | urgent {limits['urgent']}, beside {limits['beside']}, a flag alone {alone} |",
        f"| command | `{manifest['command']}` |",
        "",
        "Every message was invented by a language model in an invented voice. **No patient said any of them,",
        "and no clinician reviewed their labels.** Figures here are no evidence about real patients.",
        "",
        *_left_out(manifest.get("left_out")),
        *LIMITS,
    ]
    return "\n".join(lines) + "\n"


def _left_out(told: Mapping[str, Any] | None) -> list[str]:
    if not told:
        return ["## Measured", "", "Not measured: a trial run.", ""]
    systems = told["systems"]
    both, rules = systems["both"]["per_flag"], systems["all rules"]["per_flag"]
    folds = " / ".join(" and ".join(fold) for fold in told["folds"])
    return [
        "## Measured on authors whose messages it had not learnt",
        "",
        "`rules in force` are those that count beside a reader; all rules count where it cannot be loaded.",
        f"Trained anew without one group of authors at a time ({folds}), and",
        f"judged on their {told['lines']} messages. The rules had seen these messages when they were last",
        "changed, and the limits were set with them and totals of suites kept aside in view: new wording",
        "may fare worse.",
        f"They knew the messages with the sha256 `{told['data_sha256']}`; the release may know more.",
        "",
        "| | red flags heard | near-misses taken for one | pairs alike |",
        "|---|---|---|---|",
        *(
            f"| {name} | {_share(row['sensitivity'])} | {_share(row['false_escalation'])} "
            f"| {_share(row['pair_stability'])} |"
            for name, row in systems.items()
        ),
        "",
        "| flag | both | all rules |",
        "|---|---|---|",
        *(f"| {flag} | {_share(both[flag])} | {_share(rules[flag])} |" for flag in sorted(both)),
        "",
    ]


def _share(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return "none"
    return f"{row['hits']} of {row['n']}: {row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"


LIMITS = (
    "## Limits",
    "",
    "- English, and English of people who learned it late; other languages are not heard.",
    "- What is said only between the lines, or rests on a picture, a sound or the record, is missed.",
    "- It does not know who types: words for a relative and news about a relative may look alike.",
    "- It was not measured by sex, age or origin of patients: the messages are invented.",
)
