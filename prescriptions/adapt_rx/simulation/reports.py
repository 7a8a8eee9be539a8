"""What a simulated patient says and what the record keeps of it: noisy, rounded, often missing; and the
context that a policy is given, made from the record alone as the product makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from prescriptions.adapt_rx.layout import CONTEXT_COLUMNS, TRIGGERS
from prescriptions.adapt_rx.rewards import OBSERVED_COLUMNS, estimated_capacity
from prescriptions.adapt_rx.simulation.body import Body, pain_of
from prescriptions.adapt_rx.simulation.mechanisms import Mechanism
from prescriptions.adapt_rx.simulation.patients import Flags, Floats, Ints, Noise, Patients
from prescriptions.adapt_rx.types import Trigger

NO_TRIGGER, PAIN_OVER_LIMIT, PAIN_NEXT_MORNING = (
    TRIGGERS.index(one) for one in (Trigger.NONE, Trigger.PAIN_OVER_LIMIT, Trigger.PAIN_NEXT_MORNING)
)
DUE_WEEKDAYS = (0, 2, 4)
BEFORE_DAYS = 14
USUAL_REPORTS = 10
ADHERENCE_DAYS = 14
PAIN_LIMIT, MORNING_RISE = 5.0, 2.0
COMPENSATED_AT = 0.8
FORM_SESSIONS = 3
LITTLE_PAIN, LITTLE_EFFORT, GOOD_FORM = 2.0, 3.0, 0.97


@dataclass(slots=True)
class Record:
    """What a clinic knows: arrays (P, days) with NaN for what was not said.

    `broke_rule`: an answer of that day broke the pain rule; `answered`: pain was asked and answered. `usual`
    (P, 10) holds the last answers before exercise, `forms` (P, 3) those of the last sessions, newest first.
    `last_session` (P,) is the own day of the latest session, -1 before the first.
    """

    trained: Flags
    due: Flags
    broke_rule: Flags
    answered: Flags
    load: Floats
    rung: Floats
    resistance: Floats
    load_done: Floats
    pain_before: Floats
    pain_after: Floats
    pain_morning: Floats
    morning_rise: Floats
    effort: Floats
    form: Floats
    range: Floats
    completion: Floats
    usual: Floats
    forms: Floats
    last_session: Ints

    @classmethod
    def empty(cls, patients: int, days: int) -> Record:
        """A record of nothing."""
        flags = ("trained", "due", "broke_rule", "answered")
        own = ("usual", "forms", "last_session")
        daily = [one.name for one in fields(cls) if one.name not in own]
        values = {
            name: np.zeros((patients, days), dtype=bool)
            if name in flags
            else np.full((patients, days), np.nan)
            for name in daily
        }
        return cls(
            **values,
            usual=np.full((patients, USUAL_REPORTS), np.nan),
            forms=np.full((patients, FORM_SESSIONS), np.nan),
            last_session=np.full(patients, -1),
        )


@dataclass(frozen=True, slots=True)
class SessionTruth:
    """What really happened in today's sessions, arrays (n,) over active patients."""

    did: Flags
    share: Floats
    completion: Floats
    effort: Floats
    form: Floats
    range: Floats


def _said_pain(true: Floats, chance: Floats, missing: Floats, *, sd: float, missing_share: float) -> Floats:
    said = np.clip(np.round(true + sd * chance), 0, 10)
    return np.where(missing < missing_share, np.nan, said)


def hide(body: Body, pain: Floats, mechanism: Mechanism) -> Floats:
    """The pain that a patient admits to: little until irritation breaks through, if the mechanism says so."""
    if not mechanism.silent_until:
        return pain
    return np.where(body.irritation < mechanism.silent_until, np.minimum(pain, LITTLE_PAIN), pain)


def session_truth(
    body: Body, mechanism: Mechanism, *, asked: Floats, did: Flags, effort_noise: Floats, form: Floats
) -> SessionTruth:
    """What a patient makes of a dose that asks this share of capacity. `form`: chance of the day's form."""
    over = np.maximum(asked - 1.05, 0.0)
    completion = np.clip(1.0 - 1.2 * over - 0.06 * np.maximum(pain_of(body) - 4.0, 0.0), 0.2, 1.0)
    effort = 10.0 * (1.0 - np.exp(-1.2 * asked))
    if mechanism.less_is_more:
        effort = np.clip(9.5 - 5.5 * asked, 0.0, 10.0)
    good = 1.0 / (1.0 + np.exp(-(3.0 - 5.0 * (asked - 0.9))))
    good = np.clip(good + 0.05 * form, 0.0, 1.0)
    if mechanism.silent_until:
        quiet = body.irritation < mechanism.silent_until
        effort = np.where(quiet, np.minimum(effort, LITTLE_EFFORT), effort)
        good = np.where(quiet, np.maximum(good, GOOD_FORM), good)
    reach = np.clip(1.0 - 0.3 * over - 0.03 * np.maximum(pain_of(body) - 2.0, 0.0), 0.3, 1.0)
    effort = np.clip(np.round(effort + mechanism.effort_report_sd * effort_noise), 0, 10)
    return SessionTruth(did, asked * completion, completion, effort, good, reach)


def write_morning(
    record: Record, body: Body, mechanism: Mechanism, noise: Noise, rows: Ints, days: Ints
) -> None:
    """The next-morning question, asked of those who trained the day before."""
    asked = (days > 0) & record.trained[rows, np.maximum(days - 1, 0)]
    pain = hide(body, pain_of(body), mechanism)
    said = _said_pain(
        pain,
        noise.pain_morning[rows, days],
        noise.missing_morning[rows, days],
        sd=mechanism.pain_report_sd,
        missing_share=mechanism.morning_missing,
    )
    said = np.where(asked, said, np.nan)
    rise = said - usual_pain(record, rows)
    record.pain_morning[rows, days] = said
    record.morning_rise[rows, days] = rise
    record.answered[rows, days] = ~np.isnan(said)
    record.broke_rule[rows, days] = (said > PAIN_LIMIT) | (rise >= MORNING_RISE)


def write_session(
    record: Record,
    mechanism: Mechanism,
    noise: Noise,
    rows: Ints,
    days: Ints,
    truth: SessionTruth,
    *,
    load: Floats,
    before: Floats,
    after: Floats,
) -> None:
    """What is said and measured in a session: pain before and after, effort, form, range, what was done."""
    sd, missing = mechanism.pain_report_sd, mechanism.pain_missing
    did = truth.did
    said = _said_pain(
        before, noise.pain_before[rows, days], noise.missing_pain[rows, days], sd=sd, missing_share=missing
    )
    told = _said_pain(
        after, noise.pain_after[rows, days], noise.missing_after[rows, days], sd=sd, missing_share=missing
    )
    said, told = np.where(did, said, np.nan), np.where(did, told, np.nan)
    unasked = noise.missing_effort[rows, days] < mechanism.effort_missing
    unseen = noise.missing_form[rows, days] < mechanism.form_missing
    form = np.where(did & ~unseen, truth.form, np.nan)
    record.trained[rows, days] = did
    record.pain_before[rows, days] = said
    record.pain_after[rows, days] = told
    record.effort[rows, days] = np.where(did & ~unasked, truth.effort, np.nan)
    record.form[rows, days] = form
    record.range[rows, days] = np.where(did & ~unseen, truth.range, np.nan)
    record.completion[rows, days] = np.where(did, truth.completion, np.nan)
    record.load_done[rows, days] = np.where(did, load * truth.completion, np.nan)
    record.answered[rows, days] |= ~(np.isnan(said) & np.isnan(told))
    record.broke_rule[rows, days] |= (said > PAIN_LIMIT) | (told > PAIN_LIMIT)
    record.last_session[rows[did]] = days[did]
    _push(record.usual, rows[~np.isnan(said)], said[~np.isnan(said)])
    _push(record.forms, rows[did], form[did])


def _push(newest_first: Floats, rows: Ints, values: Floats) -> None:
    newest_first[rows, 1:] = newest_first[rows, :-1]
    newest_first[rows, 0] = values


def usual_pain(record: Record, rows: Ints) -> Floats:
    """The lower middle of the last ten answers before exercise, (n,); NaN without any."""
    ordered = np.sort(record.usual[rows], axis=1)
    known = np.sum(~np.isnan(ordered), axis=1)
    return np.asarray(ordered[np.arange(len(rows)), np.maximum(known - 1, 0) // 2])


def contexts_of(
    record: Record, patients: Patients, rows: Ints, days: Ints, *, sessions_at_dose: Floats
) -> Floats:
    """What is known on the morning of own day `days` of patients `rows`, (n, len(CONTEXT_COLUMNS)).

    As `prescriptions.selectors.adapting.context` reads it from the real record; `phase` is left at 0.
    """
    last = record.last_session[rows]
    at = np.maximum(last, 0)
    ever = last >= 0
    since = np.where(ever, days - last, np.nan)
    usual = usual_pain(record, rows)
    rise = _first_morning_after(record, rows, last, days)
    due = window(record.due, rows, days, back=ADHERENCE_DAYS, fill=0).sum(axis=1)
    trained = window(record.trained, rows, days, back=ADHERENCE_DAYS, fill=0).sum(axis=1)
    post_operative = patients.post_operative[rows]
    in_days = patients.days_since_start[rows] + days
    after = np.where(ever, record.pain_after[rows, at], np.nan)
    before = np.where(ever, record.pain_before[rows, at], np.nan)
    over = (np.fmax(before, after) > PAIN_LIMIT) & (sessions_at_dose > 0)
    risen = (rise >= MORNING_RISE) & (sessions_at_dose > 0)
    values = {
        "pain_before": before,
        "pain_after": after,
        "morning_rise": rise,
        "usual_pain": usual,
        "effort": np.where(ever, record.effort[rows, at], np.nan),
        "form_correct": np.where(ever, record.form[rows, at], np.nan),
        "range_share": np.where(ever, record.range[rows, at], np.nan),
        "completion": np.where(ever, record.completion[rows, at], np.nan),
        "adherence": np.where(due > 0, trained / np.maximum(due, 1), np.nan),
        "days_in_plan": days,
        "days_since_onset": in_days,
        "phase": np.zeros(len(rows)),
        "sessions_at_dose": sessions_at_dose,
        "flare_days_14": window(record.broke_rule, rows, days + 1, back=14, fill=0).sum(axis=1),
        "days_since_session": since,
        "trigger": np.where(over, PAIN_OVER_LIMIT, np.where(risen, PAIN_NEXT_MORNING, NO_TRIGGER)),
        "days_since_surgery": np.where(post_operative, in_days, np.nan),
        "post_operative": post_operative,
        "exercise_on_hold": np.zeros(len(rows)),
        "load_seven_days_ago": _week_ago(record.load, rows, days),
        "rung_seven_days_ago": _week_ago(record.rung, rows, days),
        "resistance_seven_days_ago": _week_ago(record.resistance, rows, days),
        "compensated_sessions": np.sum(record.forms[rows] <= COMPENSATED_AT, axis=1),
        "resistance_known": np.ones(len(rows)),
    }
    return np.stack([values[name] for name in CONTEXT_COLUMNS], axis=1).astype(np.float64)


def window(values: np.ndarray, rows: Ints, days: Ints, *, back: int, fill: float) -> np.ndarray:
    """Values of days d-back to d-1, (n, back), `fill` before the first day."""
    at = days[:, None] - np.arange(back, 0, -1)[None, :]
    return np.where(at >= 0, values[rows[:, None], np.maximum(at, 0)], fill)


def _first_morning_after(record: Record, rows: Ints, last: Ints, days: Ints) -> Floats:
    """Only the morning after a session is asked, so it is that day's or none."""
    at = np.maximum(np.minimum(last + 1, days), 0)
    return np.where((last >= 0) & (last < days), record.morning_rise[rows, at], np.nan)


def _week_ago(values: Floats, rows: Ints, days: Ints) -> Floats:
    """What was in force seven days ago; not known while the plan is younger."""
    return np.where(days >= 7, values[rows, np.maximum(days - 7, 0)], np.nan)


def observed_of(record: Record, rows: Ints, days: Ints) -> Floats:
    """What was seen after decisions on own days `days`, (n, len(OBSERVED_COLUMNS)), seven days later.

    Function questionnaires come too rarely to fall into a week: `function_change` is never known here.
    """
    week = days[:, None] + np.arange(7)[None, :]
    mine = rows[:, None]
    trained = record.trained[mine, week]
    capacity = estimated_capacity(record.load_done[mine, week], record.effort[mine, week])
    before = estimated_capacity(
        window(record.load_done, rows, days, back=BEFORE_DAYS, fill=np.nan),
        window(record.effort, rows, days, back=BEFORE_DAYS, fill=np.nan),
    )
    first = np.argmax(trained, axis=1)
    morning = record.morning_rise[rows, days + first + 1]
    answered = record.answered[mine, week + 1]
    values = {
        "capacity_before": _latest(before),
        "capacity_after": _latest(capacity),
        "function_change": np.full(len(rows), np.nan),
        "morning_rise": np.where(trained.any(axis=1), morning, np.nan),
        "flare_days": (record.broke_rule[mine, week + 1] & answered).sum(axis=1),
        "pain_days": answered.sum(axis=1),
        "sessions_asked": record.due[mine, week].sum(axis=1),
        "sessions_done": trained.sum(axis=1),
    }
    return np.stack([values[name] for name in OBSERVED_COLUMNS], axis=1).astype(np.float64)


def _latest(values: Floats) -> Floats:
    """The last known value of each row, (n,)."""
    known = ~np.isnan(values)
    at = values.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), values[np.arange(len(values)), at], np.nan)
