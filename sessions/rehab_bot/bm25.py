"""BM25 as Lucene computes it (Robertson & Zaragoza 2009): a turn's few passages, found by words.

The package bm25s gives the same numbers (a test compares them), but is made for millions of texts: it takes
60 MiB of a process where numba is installed, and six times as long for one plan.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SATURATION, LENGTH_SHARE = 1.5, 0.75

Scores = NDArray[np.float64]


class WordIndex:
    """Texts as lists of words, ready to be asked."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._counts = [Counter(words) for words in texts]
        lengths = np.array([len(words) for words in texts], dtype=np.float64)
        mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
        self._weight = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / mean)

    def scores(self, asked: Sequence[str]) -> Scores:
        """Shape (texts,), 0 where no word is shared; a word that is asked twice counts twice."""
        total: Scores = np.zeros(len(self._counts))
        for word in asked:
            found = np.array([counts[word] for counts in self._counts], dtype=np.float64)
            holders = np.count_nonzero(found)
            if holders:
                rarity = np.log1p((len(found) - holders + 0.5) / (holders + 0.5))
                total += rarity * found / (found + self._weight)
        return total
