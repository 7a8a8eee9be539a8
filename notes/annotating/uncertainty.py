"""Which text teaches most: the one that the extractor is least sure of comes first.

Mean margin over the spans found, 1 - mean|2p - 1| (margin sampling, Scheffer et al., IDA 2001, for two
answers: this label or not). Where nothing has a probability, the share of spans that the reader and the rules
do not share. Neither sees what both overlook.
"""

from collections.abc import Sequence

from notes.annotating.spans import Marked


def from_margins(probabilities: Sequence[float]) -> float:
    """0 where every span is sure, 1 where every span is a coin toss. Raises ValueError for no spans."""
    if not probabilities:
        raise ValueError("There is no probability to judge by.")
    margins = [abs(2 * min(max(one, 0.0), 1.0) - 1) for one in probabilities]
    return 1 - sum(margins) / len(margins)


def from_disagreement(found: Sequence[Marked], by_rules: Sequence[Marked]) -> float:
    """Share of spans that only one of two readers found, 0 to 1; 0 where neither found any."""
    one = {(span.start, span.end, span.label) for span in found}
    other = {(span.start, span.end, span.label) for span in by_rules}
    return len(one ^ other) / (len(one) + len(other)) if one or other else 0.0
