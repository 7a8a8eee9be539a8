"""What in a text may name a person: names, dates, ages over 89, numbers, addresses, places. By rules alone.

It finds a part only: a person looks at every text before it enters a project. Kinds follow the identifiers
of 45 CFR 164.514(b)(2); years alone and weekdays are none. Names in lower case, nicknames and rare names that
are words too are missed. No web framework.
"""

from notes.deidentification.finding import find_suspects, replace
from notes.deidentification.types import Kind, Suspect

__all__ = ["Kind", "Suspect", "find_suspects", "replace"]
