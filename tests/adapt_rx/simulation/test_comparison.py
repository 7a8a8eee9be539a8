"""The comparison: paired, reproducible, honest about its own arithmetic."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from scipy import stats

from prescriptions.adapt_rx.simulation import BadComparison, UnknownMechanism, as_text, compare
from prescriptions.adapt_rx.simulation.measuring import paired, subgroup

FEW = {"patients": 30, "weeks": 4, "seed": 11}


@pytest.fixture(scope="module")
def small():
    return compare(**FEW, mechanisms=("load_capacity", "silent"))


def test_a_small_comparison_has_every_part(small):
    told = small.to_dict()
    codes = ["protocol", "adaptrx", "random", "greedy", "linucb", "oracle"]
    assert [one["code"] for one in told["policies"]] == codes
    assert [one["code"] for one in told["mechanisms"]] == ["load_capacity", "silent"]
    assert told["overall"]["patients"] == 60
    for part in (told["overall"], *told["mechanisms"]):
        assert set(part["policies"]) == set(codes)
        assert set(part["differences"]) == set(codes) - {"protocol"}
        for one in part["policies"].values():
            assert 0 <= one["outcome"] <= 100 and 0 <= one["adherence"] <= 1
            assert 0 <= one["flare_days"] <= 28 and 7 <= one["time_to_goal_days"] <= 28
        assert part["policies"]["oracle"]["regret"] == 0
    assert told["decisions"] > 500
    assert told["decisions_outside_mask"] == 0
    assert sum(one["patients"] for one in told["subgroups"] if one["code"].startswith("age")) == 60
    assert "Simulated benefit only" in told["claim"]


def test_the_result_is_plain_json_without_nan(small):
    assert json.loads(json.dumps(small.to_dict(), allow_nan=False)) == small.to_dict()


def test_the_same_seed_gives_the_same_json_with_any_number_of_workers(small):
    again = compare(**FEW, mechanisms=("load_capacity", "silent"), workers=2)
    assert again.to_dict() == small.to_dict()


def test_another_seed_gives_other_patients(small):
    other = compare(**{**FEW, "seed": 12}, mechanisms=("load_capacity",), policies=("oracle",))
    assert other.to_dict()["mechanisms"][0] != small.to_dict()["mechanisms"][0]


def test_what_is_left_out_does_not_change_the_rest(small):
    alone = compare(**FEW, mechanisms=("silent",), policies=("random",))
    assert [one["code"] for one in alone.to_dict()["policies"]] == ["protocol", "random"]
    of_all, of_one = small.to_dict()["mechanisms"][1], alone.to_dict()["mechanisms"][0]
    assert of_one["policies"]["random"]["outcome"] == of_all["policies"]["random"]["outcome"]
    assert of_one["differences"]["random"] == of_all["differences"]["random"]
    assert of_one["policies"]["random"]["regret"] is None


def test_differences_are_paired_t_intervals():
    difference = np.random.default_rng(1).normal(0.3, 1.0, 12)
    found = paired(difference)
    low, high = stats.t.interval(0.95, 11, difference.mean(), stats.sem(difference))
    assert found.value == pytest.approx(difference.mean())
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-3)
    assert paired(difference[:1]).low is None


def test_a_difference_is_the_mean_of_the_patients_differences(small):
    arm = small.arms[1]
    expected = np.mean(arm.policies["random"].values["outcome"] - arm.policies["protocol"].values["outcome"])
    assert small.difference("random", "outcome", arm=arm).value == pytest.approx(expected)
    told = small.to_dict()["mechanisms"][1]
    means = {code: told["policies"][code]["outcome"] for code in ("random", "protocol")}
    assert told["differences"]["random"]["outcome"]["value"] == pytest.approx(
        means["random"] - means["protocol"], abs=2e-4
    )


def test_subgroups_share_out_the_patients(small):
    patients = small.arms[0].patients
    ages = [subgroup(patients, code) for code in ("age_under_50", "age_50_to_69", "age_70_up")]
    assert (np.sum(ages, axis=0) == 1).all()
    assert (subgroup(patients, "post_operative") != subgroup(patients, "not_post_operative")).all()


def test_progress_rises_to_one_and_may_stop_the_run():
    shares = []
    compare(**FEW, mechanisms=("silent",), policies=("random",), progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) > 10

    class Stopped(Exception):
        pass

    def stop(share):
        raise Stopped

    with pytest.raises(Stopped):
        compare(**FEW, mechanisms=("silent", "drift"), policies=("random",), progress=stop, workers=2)


def test_other_reward_weights_change_the_learner_and_not_the_measure():
    told = compare(**FEW, mechanisms=("load_capacity",), policies=("adaptrx",), sensitivity=True).to_dict()
    assert [one["weight"] for one in told["sensitivity"]] == [
        "flare",
        "flare",
        "morning",
        "progress",
        "dropout",
        "dropout",
    ]
    for one in told["sensitivity"]:
        assert one["outcome"]["low"] <= one["outcome"]["value"] <= one["outcome"]["high"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"patients": 3}, "Patients: a number from 10 to 20,000, not 3."),
        ({"weeks": 60}, "Weeks: a number from 2 to 52, not 60."),
        ({"seed": -1}, "Seed: a whole number from 0"),
        ({"policies": ("magic",)}, "There is no policy 'magic'. There are: protocol, adaptrx"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_words(asked, words):
    with pytest.raises(BadComparison, match=words):
        compare(**{**FEW, **asked})


def test_an_unknown_mechanism_is_refused():
    with pytest.raises(UnknownMechanism, match="There is no mechanism 'magic'"):
        compare(**FEW, mechanisms=("magic",))


def test_the_table_says_what_the_json_says(small):
    told = small.to_dict()
    text = as_text(told)
    assert "Simulated benefit only" in text
    assert "30 patients in each of 2 mechanisms, 4 weeks, seed 11" in text
    assert f"{told['overall']['policies']['adaptrx']['outcome']:.2f}" in text
    assert "0 outside the safety mask" in text
    assert "Silent until it breaks" in text


def command(*arguments):
    out = StringIO()
    call_command("simulate_adaptrx", *arguments, stdout=out)
    return out.getvalue()


ASKED = ("--patients", "30", "--weeks", "4", "--seed", "11", "--mechanism", "silent", "--policy", "random")


def test_the_command_prints_a_table_or_json():
    assert "Random in the mask minus protocol" in command(*ASKED)
    told = json.loads(command(*ASKED, "--json"))
    assert told == compare(**FEW, mechanisms=("silent",), policies=("random",)).to_dict()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--patients", "many"), "--patients needs a whole number, not 'many'."),
        (("--patients", "0"), "Patients: a number from 10"),
        (("--weeks", "nan"), "--weeks needs a whole number"),
        (("--mechanism", "magic"), "There is no mechanism 'magic'"),
        (("--policy", "magic"), "There is no policy 'magic'"),
        (("--workers", "0"), "Workers: a number from 1"),
    ],
)
def test_the_command_refuses_in_words(arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        command(*arguments)
    assert refused.value.returncode == 2
