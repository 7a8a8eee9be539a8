"""One policy treats one mechanism's patients through the calendar: the loop of days.

Patients start on different calendar days, so that what was learned from the first serves the later ones. A
dose is decided on the morning after a session (the next-morning answer is then known) and on a due day of a
patient who rests. It is in force until the next decision.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from prescriptions.adapt_rx.features import features_array
from prescriptions.adapt_rx.simulation import reports
from prescriptions.adapt_rx.simulation.asking import Desk, Shelf
from prescriptions.adapt_rx.simulation.body import (
    Body,
    Limits,
    function_of,
    is_flare_day,
    limits_of,
    new_body,
    pain_of,
    pass_night,
    stimulus,
    train,
)
from prescriptions.adapt_rx.simulation.mechanisms import Mechanism
from prescriptions.adapt_rx.simulation.patients import Flags, Floats, Ints, Noise, Patients
from prescriptions.adapt_rx.simulation.policies import Lessons, Policy, Question
from prescriptions.adapt_rx.simulation.reports import Record
from prescriptions.adapt_rx.simulation.worth import worth_of

REWARD_DAYS = 8

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class World:
    """What all policies share: the patients, their chance, the mechanism, the ladders and the length."""

    mechanism: Mechanism
    patients: Patients
    noise: Noise
    shelves: tuple[Shelf, ...]
    days: int
    calendar_days: int
    seed: tuple[int, ...]

    def start_places(self) -> Ints:
        """The starting dose of each patient among the actions of their ladder, (P,)."""
        starts = np.array([shelf.starts for shelf in self.shelves])
        return np.asarray(starts[self.patients.ladder, self.patients.start])


@dataclass(frozen=True, slots=True)
class Course:
    """What became of each patient under one policy: arrays (P,), `function` (P, days).

    `outside` counts decisions that left the mask.
    """

    policy: str
    function: Floats
    flare_days: Floats
    sessions: Floats
    due: Floats
    decisions: Floats
    harder: Floats
    easier: Floats
    outside: int


@dataclass(frozen=True, slots=True)
class Pending:
    """Decisions of one calendar day whose reward is not known yet."""

    rows: Ints
    days: Ints
    features: Floats


@dataclass(frozen=True, slots=True)
class Today:
    """A calendar day: patients (n,), their own days (n,), their bodies and what a session would meet."""

    calendar_day: int
    at: Ints
    days: Ints
    body: Body
    limits: Limits


class Clinic:
    """One world under treatment. `run` plays it to the end; or day by day: `begin_day`, answer each of
    `questions`, `end_day`.
    """

    today: Today

    def __init__(self, world: World, desk: Desk) -> None:
        self.world, self.desk = world, desk
        people = len(world.patients)
        self.current = world.start_places()
        self.last_dose = self.current.copy()
        self.body = new_body(world.patients, self._of_current(self.current, "loads"))
        self.first_minutes = self._of_current(self.current, "minutes")
        self.record = Record.empty(people, world.days)
        self.sessions_at_dose = np.zeros(people)
        self.pending: deque[Pending | None] = deque([None] * REWARD_DAYS)
        self.function = np.full((people, world.days), np.nan)
        self.counts = {
            name: np.zeros(people)
            for name in ("flare_days", "sessions", "due", "decisions", "harder", "easier")
        }
        self.outside = 0
        self.waiting: list[Pending] = []
        self.chance = np.random.default_rng((*world.seed, 3)).random((people, world.days, 2))

    def run(self, policy: Policy, progress: Progress | None = None) -> Course:
        """Play all days. What `progress` raises is let through."""
        for calendar_day in range(self.world.calendar_days):
            lessons = self.begin_day(calendar_day)
            if lessons is not None:
                policy.learn(lessons)
            for question in self.questions():
                self.answer(question, policy.choose(question))
            self.end_day()
            if progress and calendar_day % 7 == 0:
                progress(calendar_day / self.world.calendar_days)
        return Course(policy=policy.code, function=self.function, outside=self.outside, **self.counts)

    def begin_day(self, calendar_day: int) -> Lessons | None:
        """The night and the morning's answers; what became known of earlier decisions, if anything."""
        lessons = self._settled(calendar_day)
        rows = self._active(calendar_day)
        at = np.arange(rows.start, rows.stop)
        days = calendar_day - self.world.patients.enrolled_day[rows]
        body = self.body.part(rows)
        self._night(body, at, days)
        reports.write_morning(self.record, body, self.world.mechanism, self.world.noise, at, days)
        limits = self._limits(body, rows, at, days, calendar_day)
        self.today = Today(calendar_day, at, days, body, limits)
        return lessons

    def questions(self) -> Iterator[Question]:
        """Whose dose is to be decided this morning, a ladder at a time. Each must be answered."""
        today = self.today
        trained = (today.days > 0) & self.record.trained[today.at, np.maximum(today.days - 1, 0)]
        resting = self._is_resting(today.at) & np.isin(today.days % 7, reports.DUE_WEEKDAYS)
        asked = (trained | resting) & ~today.body.dropped_out
        for number, shelf in enumerate(self.world.shelves):
            chosen = np.flatnonzero(asked & (self.world.patients.ladder[today.at] == number))
            if len(chosen):
                yield self._question(shelf, chosen)

    def answer(self, question: Question, places: Ints) -> None:
        """Put the chosen doses in force."""
        self._keep_count(question, places)
        self._put_in_force(question.shelf, question.patients, places)
        features = features_array(
            question.shelf.ladder,
            question.contexts,
            places[:, None],
            protocol=question.protocol,
            current=question.current,
        )[:, 0]
        days = question.calendar_day - self.world.patients.enrolled_day[question.patients]
        self.waiting.append(Pending(question.patients, days, features))

    def end_day(self) -> None:
        """The day's sessions and how the patients are in the evening."""
        today = self.today
        at, days = today.at, today.days
        self.pending.append(_joined(self.waiting))
        self.waiting = []
        self.record.load[at, days] = self._of_rows(at, self.last_dose, "loads")
        self.record.rung[at, days] = self._of_rows(at, self.last_dose, "rungs")
        self.record.resistance[at, days] = self._of_rows(at, self.last_dose, "resistances")
        self._session(today.body, today.limits, at, days)
        self.function[at, days] = function_of(today.body)
        self.counts["flare_days"][at] += is_flare_day(today.body)

    def _active(self, calendar_day: int) -> slice:
        enrolled = self.world.patients.enrolled_day
        first = np.searchsorted(enrolled, calendar_day - self.world.days, side="right")
        last = np.searchsorted(enrolled, calendar_day, side="right")
        return slice(int(first), int(last))

    def _night(self, body: Body, at: Ints, days: Ints) -> None:
        noise, mechanism = self.world.noise, self.world.mechanism
        flares = noise.flares[at, days] < mechanism.spontaneous_flares_per_day
        pass_night(
            body,
            mechanism,
            flares=np.where(flares, noise.flare_size[at, days], 0.0),
            falls_ill=noise.falls_ill[at, days] < mechanism.illness_per_day,
        )

    def _limits(self, body: Body, rows: slice, at: Ints, days: Ints, calendar_day: int) -> Limits:
        mechanism = self.world.mechanism
        drifted = mechanism.drifts and calendar_day >= self.world.calendar_days // 2
        bad_night = self.world.noise.bad_night[at, days] < mechanism.bad_nights
        return limits_of(body, self.world.patients, mechanism, rows, bad_night=bad_night, drifted=drifted)

    def _question(self, shelf: Shelf, chosen: Ints) -> Question:
        """`chosen`: places among today's patients."""
        today = self.today
        rows, own_days = today.at[chosen], today.days[chosen]
        contexts = reports.contexts_of(
            self.record,
            self.world.patients,
            rows,
            own_days,
            sessions_at_dose=self.sessions_at_dose[rows],
        )
        current = self.last_dose[rows]
        posed = self.desk.pose(shelf, contexts, current)
        return Question(
            shelf=shelf,
            calendar_day=today.calendar_day,
            patients=rows,
            contexts=posed.contexts,
            current=current,
            protocol=posed.protocol,
            allowed=posed.allowed,
            worth=lambda: worth_of(self.world, shelf, today.body, today.limits, rows, chosen),
            chance=self.chance[rows, own_days],
        )

    def _keep_count(self, question: Question, places: Ints) -> None:
        rows, every = question.patients, np.arange(len(places))
        shelf = question.shelf
        now = shelf.loads[question.current]
        self.outside += int(np.sum(~question.allowed[every, places]))
        self.counts["decisions"][rows] += 1
        self.counts["harder"][rows] += shelf.loads[places] > now
        self.counts["easier"][rows] += shelf.loads[places] < now

    def _put_in_force(self, shelf: Shelf, rows: Ints, places: Ints) -> None:
        changed = places != self.current[rows]
        self.sessions_at_dose[rows[changed]] = 0.0
        self.current[rows] = places
        dosed = places != shelf.rest
        self.last_dose[rows[dosed]] = places[dosed]

    def _session(self, body: Body, limits: Limits, at: Ints, days: Ints) -> None:
        world, noise = self.world, self.world.noise
        asked_load = self._of_rows(at, self.current, "loads")
        due = np.isin(days % 7, reports.DUE_WEEKDAYS) & ~body.dropped_out
        ratio = np.maximum(self._of_rows(at, self.current, "minutes"), 1e-9) / self.first_minutes[at]
        likes = _likes(world.patients.adherence[at], world.mechanism, ratio=ratio, body=body)
        did = due & (asked_load > 0) & (noise.trains[at, days] < likes)
        truth = reports.session_truth(
            body,
            world.mechanism,
            asked=asked_load / limits.usable,
            did=did,
            effort_noise=noise.effort[at, days],
            form=noise.form[at, days],
        )
        gain = stimulus(
            truth.share,
            world.mechanism,
            volume=self._of_rows(at, self.current, "volumes"),
            volume_lover=world.patients.volume_lover[at],
        )
        before = reports.hide(body, pain_of(body), world.mechanism)
        train(body, limits, world.mechanism, share=truth.share, gain=gain, did=did)
        after = reports.hide(body, pain_of(body), world.mechanism)
        reports.write_session(
            self.record,
            world.mechanism,
            noise,
            at,
            days,
            truth,
            load=asked_load,
            before=before,
            after=after,
        )
        self.record.due[at, days] = due
        self.sessions_at_dose[at] += did
        self.counts["sessions"][at] += did
        self.counts["due"][at] += np.isin(days % 7, reports.DUE_WEEKDAYS)
        leaves = world.mechanism.drop_out_per_day + world.mechanism.drop_out_by_effort * did * (
            np.maximum(truth.effort - 5.0, 0.0)
        )
        body.dropped_out |= noise.drops_out[at, days] < leaves

    def _settled(self, calendar_day: int) -> Lessons | None:
        """Rewards that are known by now: those of the decisions of eight days ago."""
        waited = self.pending.popleft()
        if waited is None:
            return None
        keep = waited.days + REWARD_DAYS <= self.world.days
        at, days = waited.rows[keep], waited.days[keep]
        rewards = self.desk.reward(reports.observed_of(self.record, at, days))
        known = ~np.isnan(rewards)
        if not known.any():
            return None
        return Lessons(calendar_day, at[known], waited.features[keep][known], rewards[known])

    def _is_resting(self, at: Ints) -> Flags:
        return self._of_rows(at, self.current, "loads") <= 0

    def _of_current(self, places: Ints, name: str) -> Floats:
        return self._of_rows(np.arange(len(places)), places, name)

    def _of_rows(self, at: Ints, places: Ints, name: str) -> Floats:
        """A column of each patient's own ladder at the place in force, (n,)."""
        found = np.zeros(len(at))
        ladder = self.world.patients.ladder[at]
        for number, shelf in enumerate(self.world.shelves):
            of_it = ladder == number
            found[of_it] = getattr(shelf, name)[places[at[of_it]]]
        return found


def _joined(parts: list[Pending]) -> Pending | None:
    if not parts:
        return None
    return Pending(*(np.concatenate([getattr(one, name) for one in parts]) for name in Pending.__slots__))


def _likes(adherence: Floats, mechanism: Mechanism, *, ratio: Floats, body: Body) -> Floats:
    """Chance to do a due session: less for longer doses than the first and on painful days, (n,)."""
    odds = np.log(adherence / (1.0 - adherence))
    odds = odds - mechanism.burden_on_adherence * np.log(np.maximum(ratio, 0.2))
    odds = odds - 0.35 * np.maximum(body.irritation - 1.0, 0.0)
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))
