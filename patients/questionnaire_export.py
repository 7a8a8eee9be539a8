"""A patient's answers as CSV, one row each time, safe to open in a spreadsheet. Without the free words."""

import csv
import io
from collections.abc import Iterable

from clinic.audit.export import safe_cell
from patients.questionnaires import MOST_ACTIVITIES, Change, activity_link, shipped_questionnaire
from patients.selectors.questionnaires import Row


def answers_as_csv(rows: Iterable[Row]) -> str:
    """With a heading."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_columns())
    for row in rows:
        writer.writerow(_cells(row))
    return out.getvalue()


def _columns() -> list[str]:
    asks = shipped_questionnaire()
    places = range(1, MOST_ACTIVITIES + 1)
    activities = [name for place in places for name in (f"activity {place}", f"psfs.{place}")]
    return [
        "day", "version of the questions", *(item.link_id for item in asks.pain.items), "pain",
        "pain since the start (+ is better)", "pain change", *activities, "activities",
        "activities since the start (+ is better)", "activities change", asks.change.link_id,
        "change in words",
    ]  # fmt: skip


def _cells(row: Row) -> list[object]:
    asks, answers = shipped_questionnaire(), row.answered.answers
    activities: list[object] = []
    for place in range(MOST_ACTIVITIES):
        known = place < len(row.answered.activities)
        activities += [
            safe_cell(row.answered.activities[place]) if known else "",
            _plain(answers.get(activity_link(place))) if known else "",
        ]
    return [
        row.day.isoformat(),
        row.response.version,
        *(_plain(answers.get(item.link_id)) for item in asks.pain.items),
        _score(row.pain),
        *_change(row.pain_since_start),
        *activities,
        _score(row.function),
        *_change(row.function_since_start),
        _plain(answers.get(asks.change.link_id)),
        row.rating,
    ]


def _plain(value: int | None) -> object:
    return "" if value is None else value


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _change(change: Change | None) -> tuple[str, str]:
    return ("", "") if change is None else (f"{change.points:.2f}", change.words)
