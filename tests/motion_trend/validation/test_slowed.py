"""Real recordings, slowed or weakened: bouts must not vanish, and what is told must not lie far off."""

from __future__ import annotations

import pytest

from sessions.motion_trend.gait import analyse_gait
from sessions.motion_trend.validation.agreement import over_bouts
from sessions.motion_trend.validation.matching import Pair, covers, pairs_of
from sessions.motion_trend.validation.mobilised import read_trials
from tests.motion_trend.validation.slowed import slowed
from tests.motion_trend.validation.test_validation import DATA, needs_data

SLOWER_AND_WEAKER = [(1.0, 1.0), (1.15, 1.0), (1.3, 1.0), (1.5, 1.0), (1.0, 0.6), (1.0, 0.4)]


def scored(times: float, rise: float) -> tuple[float, list[Pair]]:
    reported: list[bool] = []
    pairs: list[Pair] = []
    for trial in (slowed(trial, times=times, rise=rise) for trial in read_trials(DATA)):
        bouts = analyse_gait([trial.signal], height_m=trial.height_m).bouts
        reported += [bool(covers(bouts, bout)) for bout in trial.bouts]
        pairs += [pair for bout in trial.bouts for pair in pairs_of(bouts, bout)]
    return sum(reported) / len(reported), pairs


@pytest.mark.data
@needs_data
@pytest.mark.parametrize(("times", "rise"), SLOWER_AND_WEAKER)
def test_slower_and_weaker_walking_is_found_and_told_within_the_bounds(times: float, rise: float) -> None:
    share, pairs = scored(times, rise)
    assert share >= 0.8
    found = {code: over_bouts([p for p in pairs if p.code == code]) for code in {p.code for p in pairs}}
    stride, speed, cadence = (found[code] for code in ("stride_length_m", "walking_speed_m_s", "cadence_spm"))
    assert stride.mae is not None and stride.mae < 0.12
    assert speed.mae is not None and speed.mae < 0.10
    assert cadence.mape is not None and cadence.mape < (9 if times < 1.5 else 12)
