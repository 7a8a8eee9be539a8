"""AdaptRx: one decision, one lesson and a simulated cohort, beside mabwiser's linear Thompson sampling.

A decision is the whole of it: safety mask, fixed protocol, features, sampling, exact probabilities, reasons
in words. mabwiser chooses among as many arms from the same fifteen numbers with its own LinTS; it knows no
mask and tells no probability. The sides take turns. The cohort is 1,000 patients over 84 days, treated by
AdaptRx and by the fixed protocol, on two processes.
"""

import os
import time
from collections.abc import Callable

import numpy as np
from mabwiser.mab import MAB, LearningPolicy

from bench.measure import Measure
from prescriptions.adapt_rx.features import FEATURE_COLUMNS
from prescriptions.adapt_rx.ladders import Ladder, shipped_ladders
from prescriptions.adapt_rx.learner import Posterior, decide, prior, update_array
from prescriptions.adapt_rx.protocol import shipped_protocol
from prescriptions.adapt_rx.simulation import MECHANISMS, compare
from prescriptions.adapt_rx.types import FEATURE_NAMES, Bounds, Context

DECISIONS = int(os.environ.get("BENCH_DECISIONS", "400"))
PATIENTS = int(os.environ.get("BENCH_DOSED_PATIENTS", "1000"))
DECISION_GOAL_MS, UPDATE_GOAL_MS, COHORT_GOAL_S = 1.0, 2.0, 20.0
LESSONS = 500


def measure() -> list[Measure]:
    """Milliseconds of one decision and one lesson on either side, and seconds of the cohort."""
    ladder = max(shipped_ladders().values(), key=lambda one: len(one.actions()))
    rng = np.random.default_rng(1)
    posterior = _taught(rng)
    oracle = _oracle(len(ladder.actions()), rng)
    ours, theirs = [], []
    for number in range(DECISIONS):
        context = _context(rng)
        ours.append(_ms(lambda c=context, n=number: _decide(posterior, ladder, c, seed=n)))
        numbers = np.array([[getattr(context, name) for name in FEATURE_NAMES]])
        theirs.append(_ms(lambda x=numbers: oracle.predict(x)))
    lessons, their_lessons = _lessons(posterior, oracle, len(ladder.actions()), rng)
    seconds = _cohort_s()
    p50, their_p50 = float(np.median(ours)), float(np.median(theirs))
    words = f"{len(FEATURE_NAMES)} features, {len(ladder.actions())} actions"
    return [
        Measure("a decision, p50", p50, "ms", DECISION_GOAL_MS, note=words),
        Measure("a decision, p99", float(np.quantile(ours, 0.99)), "ms"),
        Measure("mabwiser's LinTS, p50", their_p50, "ms"),
        Measure("mabwiser over ours", their_p50 / p50, "times"),
        Measure("a lesson, p50", float(np.median(lessons)), "ms", UPDATE_GOAL_MS),
        Measure("mabwiser's partial_fit, p50", float(np.median(their_lessons)), "ms"),
        Measure(f"{PATIENTS} patients x 84 days, two policies", seconds, "s", COHORT_GOAL_S),
    ]


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _decide(posterior: Posterior, ladder: Ladder, context: Context, *, seed: int) -> object:
    current = ladder.actions()[seed % (len(ladder.actions()) - 1)]
    return decide(
        posterior, ladder, current, context, Bounds(), shipped_protocol(), seed=seed, patient=str(seed % 50)
    )


def _context(rng: np.random.Generator) -> Context:
    """An ordinary patient after a session."""
    return Context(
        pain_before=float(rng.integers(0, 4)),
        pain_after=float(rng.integers(0, 4)),
        morning_rise=float(rng.integers(-1, 2)),
        usual_pain=2.0,
        effort=float(rng.integers(3, 8)),
        form_correct=float(rng.uniform(0.6, 1)),
        range_share=1.0,
        completion=1.0,
        adherence=0.8,
        days_in_plan=30.0,
        days_since_onset=90.0,
        phase=1.0,
        sessions_at_dose=3.0,
        flare_days_14=0.0,
        days_since_session=1.0,
        load_seven_days_ago=20.0,
    )


def _taught(rng: np.random.Generator) -> Posterior:
    """A posterior that has learned from some patients."""
    posterior = prior().knowing(str(one) for one in range(50))
    features = rng.normal(0, 0.3, (LESSONS, len(FEATURE_COLUMNS)))
    patients = rng.integers(0, 50, LESSONS)
    return update_array(posterior, features, rng.normal(0, 1, LESSONS), patients, day=1)


def _oracle(arms: int, rng: np.random.Generator) -> MAB:
    learning = LearningPolicy.LinTS(alpha=1.0, l2_lambda=1.0)
    oracle = MAB(arms=list(range(arms)), learning_policy=learning, seed=1)
    count = LESSONS * 4
    contexts = rng.normal(0, 1, (count, len(FEATURE_NAMES)))
    oracle.fit(rng.integers(0, arms, count), rng.normal(0, 1, count), contexts)
    return oracle


def _lessons(
    posterior: Posterior, oracle: MAB, arms: int, rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    for _ in range(DECISIONS // 2):
        features, reward = rng.normal(0, 0.3, (1, len(FEATURE_COLUMNS))), rng.normal(0, 1, 1)
        whose = rng.integers(0, 50, 1)
        ours.append(_ms(lambda f=features, r=reward, w=whose: update_array(posterior, f, r, w, day=2)))
        context, arm = rng.normal(0, 1, (1, len(FEATURE_NAMES))), rng.integers(0, arms, 1)
        theirs.append(_ms(lambda c=context, r=reward, a=arm: oracle.partial_fit(a, r, c)))
    return ours, theirs


def _cohort_s() -> float:
    began = time.perf_counter()
    compare(PATIENTS, 12, 1, mechanisms=[MECHANISMS[0].code], policies=["adaptrx"], workers=2)
    return time.perf_counter() - began
