"""What a patient typed, without what nobody sees: it could hide words from hearing, or turn a line around."""

import re

# Soft hyphens, joiners, marks and overrides of direction, tags and blanks that have no width.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\U000e0000-\U000e007f]"
)
# Two joiners belong to the writing of other languages and to emoji: only beside plain letters they hide.
_JOINER = re.compile(
    "(?<=[\\x00-\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\\x00-\u024f])|^[\u200c\u200d]+|[\u200c\u200d]+$"
)


def as_seen(text: str) -> str:
    """The text as a reader sees it, letter for letter."""
    return _JOINER.sub("", _UNSEEN.sub("", text))
