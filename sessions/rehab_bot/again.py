"""Words that say only that the last answer was not understood: it is said again, more simply."""

import re

AGAIN = re.compile(
    r"(?:sorry |but |hm+ |um+ |er+ |please |ok(?:ay)? |no )*"
    r"(?:what\?*|wh?at do you mean|what does (?:that|this|it) mean|huh|eh|pardon(?: me)?|sorry(?=\?)|"
    r"come again|how so|"
    r"i(?: (?:still|really))? (?:do not|don't|dont|did not|didn't|didnt|can not|cannot|can't|cant) "
    r"(?:understand|get|follow|see what you mean)(?: (?:it|that|this|you|what you (?:mean|say|said)|"
    r"a word|anything))*|"
    r"(?:i(?: a|')m |im |that(?: i|')s |that is |it(?: i|')s )?(?:confused|confusing|lost|not clear|unclear)|"
    r"(?:too (?:long|complicated|difficult to understand))|makes no sense|that makes no sense|"
    r"explain(?: (?:it|that|again|more|better|please))*|(?:say|tell me) (?:it |that )?(?:again )?(?:more )?"
    r"(?:simply|simpler|easier|in (?:simple|easy|plain|other) words)|in (?:simple|easy|plain|other) words|"
    r"simpler|(?:more )?simply|no comprend[oe]|not understand|i not (?:understand|get(?: it)?)|"
    r"(?:make it |say it )?short(?:er)?(?: version)?|(?:the )?short version)"
    r"(?: (?:please|sorry|again|then))*[? ]*"
)


def asks_again(text: str) -> bool:
    """Whether the words are nothing but a wish to hear the last answer in a way that can be understood."""
    plain = " ".join(text.casefold().replace("’", "'").replace("`", "'").split())
    return AGAIN.fullmatch(re.sub(r"[.,!…]+", " ", plain).strip()) is not None
