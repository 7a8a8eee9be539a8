"""Correct against incorrect repetitions, by shipped degrees and by degrees chosen without the person."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinic.statistics import balanced_accuracy
from prescriptions.movement.criteria import Criterion
from prescriptions.movement.rules import ExerciseRules
from sessions.posture_guard.judging import Measured
from sessions.posture_guard.stream import PostureStream
from sessions.posture_guard.types import Baseline, Repetition
from sessions.posture_guard.validation.studies import CALIBRATING, Camera, Study, padded, stream_joints
from sessions.posture_guard.validation.uiprmd import Episode, joined

# Multiples of a rule's shipped mild degree to choose from; infinity switches the rule off.
MULTIPLES = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, math.inf)
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Scored:
    """One repetition: the truth, what the rules said, and how far it is into each rule's fault (1 = mild)."""

    person: int
    number: int
    correct: bool
    classification: str
    codes: tuple[str, ...]
    depth: tuple[float, ...]

    @property
    def says_faulty(self) -> bool | None:
        """What the rules say; None where they could not."""
        if self.classification == "not_scored":
            return None
        return self.classification != "correct"


def score_person(
    rules: ExerciseRules, study: Study, episodes: Sequence[Episode], *, rate_hz: float
) -> list[Scored]:
    """All repetitions but the two correct ones that make the own baseline."""
    good = [episode for episode in episodes if episode.correct]
    if len(good) <= CALIBRATING:
        return []
    camera = Camera.set_up(study, good[0].joints, rate_hz=rate_hz)
    baseline = calibrate(rules, camera, good[:CALIBRATING])
    rest = good[CALIBRATING:] + [episode for episode in episodes if not episode.correct]
    return [_score(rules, camera, episode, baseline) for episode in rest]


def calibrate(rules: ExerciseRules, camera: Camera, episodes: Sequence[Episode]) -> Baseline:
    """The own baseline of these repetitions."""
    still = [padded(episode.joints, rate_hz=camera.rate_hz) for episode in episodes]
    return stream_joints(rules, camera, joined(still, rate_hz=camera.rate_hz)).finish().baseline


def _score(rules: ExerciseRules, camera: Camera, episode: Episode, baseline: Baseline) -> Scored:
    stream = stream_joints(rules, camera, padded(episode.joints, rate_hz=camera.rate_hz), baseline=baseline)
    found = stream.finish().repetitions
    if not found:
        return Scored(episode.person, episode.number, episode.correct, "not_scored", (), ())
    main = max(range(len(found)), key=lambda i: stream.measured[i].swing.rise)
    repetition: Repetition = found[main]
    return Scored(
        episode.person,
        episode.number,
        episode.correct,
        repetition.classification,
        tuple(finding.code for finding in repetition.findings),
        _depths(stream, stream.measured[main], baseline),
    )


def _depths(stream: PostureStream, measured: Measured, baseline: Baseline) -> tuple[float, ...]:
    return tuple(
        max((_depth(c, v, own) for v, own in zip(values, baseline[c.code], strict=True)), default=-math.inf)
        for c, values in zip(stream.criteria, measured.values, strict=True)
    )


def _depth(criterion: Criterion, value: float, own: float | None) -> float:
    away = criterion.deviation(value, own) / criterion.mild
    return away if math.isfinite(away) else -math.inf


def truth_and_answer(scored: Sequence[Scored]) -> list[tuple[bool, bool | None]]:
    """(is faulty, said faulty) for the shared statistics."""
    return [(not one.correct, one.says_faulty) for one in scored]


def accuracy(scored: Sequence[Scored]) -> float:
    """Balanced accuracy of the shipped rules; not scored is wrong."""
    return balanced_accuracy(truth_and_answer(scored))


def left_out(by_person: Mapping[int, Sequence[Scored]]) -> dict[int, list[tuple[bool, bool | None]]]:
    """Each person judged with multiples of the degrees that suit all the others; needs two people."""
    answers: dict[int, list[tuple[bool, bool | None]]] = {}
    for person, ours in by_person.items():
        others = [one for other, scored in by_person.items() if other != person for one in scored]
        if others and ours:
            limits = choose_limits(others)
            answers[person] = _judge(ours, limits)
    return answers


def choose_limits(scored: Sequence[Scored]) -> NDArray[np.float64]:
    """Per rule the multiple of its mild degree that gives these people the best balanced accuracy, rule by
    rule.
    """
    rules = max(len(one.depth) for one in scored)
    limits = np.ones(rules)
    for _ in range(ROUNDS):
        before = limits.copy()
        for i in range(rules):
            limits[i] = max(
                MULTIPLES, key=lambda m: (_with(scored, limits, i, m), -abs(math.log(min(m, 1e6))))
            )
        if (limits == before).all():
            break
    return limits


def _with(scored: Sequence[Scored], limits: NDArray[np.float64], rule: int, multiple: float) -> float:
    tried = limits.copy()
    tried[rule] = multiple
    return round(balanced_accuracy(_judge(scored, tried)), 6)


def _judge(scored: Sequence[Scored], limits: NDArray[np.float64]) -> list[tuple[bool, bool | None]]:
    return [
        (
            not one.correct,
            bool((np.asarray(one.depth) >= limits).any()) if one.says_faulty is not None else None,
        )
        for one in scored
    ]
