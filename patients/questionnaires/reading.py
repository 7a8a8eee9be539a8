"""Answers as they come in, checked against what was asked."""

from collections.abc import Collection, Mapping

from patients.questionnaires.items import SCALE_LEAST, SCALE_MOST, shipped_questionnaire


class AnswerUnreadable(ValueError):
    """An answer to a question that was not asked, or one that is not on its scale; `link_id` names it."""

    def __init__(self, link_id: str) -> None:
        super().__init__(link_id)
        self.link_id = link_id


def checked_answers(answers: Mapping[str, object], *, asked: Collection[str]) -> dict[str, int]:
    """The answers by link id, without those left out (None). Raises AnswerUnreadable for anything but a
    whole number on the question's scale: a questionnaire with one guess in it is no measurement.
    """
    checked = {}
    for link_id, value in answers.items():
        if value is None:
            continue
        if link_id not in asked or isinstance(value, bool) or not isinstance(value, int):
            raise AnswerUnreadable(link_id)
        least, most = scale_of(link_id)
        if not least <= value <= most:
            raise AnswerUnreadable(link_id)
        checked[link_id] = value
    return checked


def scale_of(link_id: str) -> tuple[int, int]:
    """The least and the most of a question's scale."""
    change = shipped_questionnaire().change
    if link_id != change.link_id:
        return SCALE_LEAST, SCALE_MOST
    values = [value for value, _ in change.choices]
    return min(values), max(values)


def worst_pain(answers: Mapping[str, int]) -> int | None:
    """The strongest pain of the last 24 hours that the answers tell; None without any answer on pain."""
    told = [answers[item.link_id] for item in shipped_questionnaire().pain.items if item.link_id in answers]
    return max(told, default=None)
