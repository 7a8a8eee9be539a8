"""The fixed protocol: frozen, sourced, one step a week, never outside the mask; a clinic's own, checked."""

import copy
import hashlib
import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from prescriptions.adapt_rx import (
    REST,
    Action,
    Bounds,
    ProtocolRefused,
    Trigger,
    allowed_actions,
    load_of,
    mask_array,
    parse_protocol,
    phase_of,
    protocol_action,
    shipped_ladders,
    shipped_protocol,
)
from prescriptions.adapt_rx.layout import bounds_array, contexts_array
from prescriptions.adapt_rx.protocol import protocol_array
from tests.adapt_rx.doses import KNEE, SQUAT, doing_well, random_table

SHIPPED = files("prescriptions.adapt_rx") / "protocol" / "shipped.json"
FROZEN = "3194305cf1e37da7cf71e45e832f3aa0f68e7f1b5f9fb4f23b4f90ec71616c6a"
HOME = Bounds(equipment=("ankle_weight", "hand_weight", "band"))


def step(current=SQUAT, context=None, bounds=HOME, protocol=None, ladder=KNEE):
    context = context or doing_well(current, ladder)
    mask = allowed_actions(ladder, current, context, bounds)
    return protocol_action(ladder, current, context, protocol or shipped_protocol(), mask.allowed)


def test_the_shipped_protocol_is_the_one_that_was_frozen_before_the_learner_was_tuned():
    """The comparison is only fair against a baseline that nobody weakened afterwards.

    A change here needs a new version, a fresh comparison, and a line in the changelog that says so.
    """
    assert hashlib.sha256(SHIPPED.read_bytes()).hexdigest() == FROZEN


def test_every_criterion_names_a_source_and_each_source_says_whether_it_is_published():
    spec = json.loads(SHIPPED.read_text("utf-8"))
    assert {one["kind"] for one in spec["sources"]} == {"published", "ours"}
    for one in spec["sources"]:
        if one["kind"] == "ours":
            assert "to be signed by a clinician" in one["text"]
    assert parse_protocol(spec).sources.keys() == {one["id"] for one in spec["sources"]}


class TestOneStepUp:
    def test_is_repetitions_first(self):
        action, words = step()
        assert action == Action(2, 2, 12)
        assert words == "All that the phase “Build up” asks is met: one step up."

    def test_then_a_set_then_a_harder_variation_that_starts_lower(self):
        assert step(Action(2, 2, 12))[0] == Action(2, 3, 10)
        assert step(Action(2, 3, 12))[0] == Action(3, 3, 8)

    def test_adds_resistance_on_the_last_rung_and_only_in_the_last_phase(self):
        lunge = Action(3, 3, 12)
        assert step(lunge)[0] == lunge
        assert step(lunge)[1].endswith("is met, but no step up is open.")
        late = doing_well(lunge, days_in_plan=60)
        assert step(lunge, late)[0] == Action(3, 3, 8, 0, 1)
        assert step(lunge, late, Bounds())[0] == lunge

    def test_takes_twelve_good_weeks_from_the_first_rung_to_the_last(self):
        current = Action(0, 2, 10)
        for week in range(1, 13):
            current, _ = step(current, doing_well(current, days_in_plan=7 * week))
        assert current.rung == 3

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"pain_after": 3}, "pain 2 or less after exercise"),
            ({"pain_after": float("nan")}, "pain 2 or less after exercise"),
            ({"completion": 0.85}, "the dose was done in full"),
            ({"effort": 8}, "effort left two repetitions in reserve"),
            ({"form_correct": 0.7}, "at least 8 of 10 repetitions in good form"),
            ({"sessions_at_dose": 1}, "two sessions at this dose"),
            ({"flare_days_14": 3}, "at most two flare days in two weeks"),
            ({"days_since_session": 9}, "a session within the last week"),
            ({"load_seven_days_ago": 20.4}, "a week at the same dose"),
            ({"rung_seven_days_ago": 1}, "a week at the same dose"),
        ],
    )
    def test_waits_for_every_criterion(self, change, why):
        action, words = step(context=doing_well(**change))
        assert action == SQUAT
        assert why in words

    @pytest.mark.parametrize("name", ["effort", "form_correct", "morning_rise"])
    def test_does_not_wait_for_what_a_clinic_may_never_learn(self, name):
        assert step(context=doing_well(**{name: float("nan")}))[0] == Action(2, 2, 12)

    def test_is_at_most_once_a_week(self):
        raised = Action(2, 2, 12)
        three_days_on = doing_well(raised, load_seven_days_ago=load_of(KNEE, SQUAT))
        assert step(raised, three_days_on)[0] == raised


class TestOneStepBack:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"pain_after": 6}, "pain passed 5 after exercise"),
            ({"pain_before": 6}, "pain was over 5 before exercise"),
            ({"morning_rise": 2}, "pain the next morning was 2 or more over usual"),
            ({"completion": 0.4}, "less than half of the dose was done"),
            ({"form_correct": 0.4}, "less than half of the repetitions were in good form"),
            ({"effort": 9}, "effort was 9 or 10"),
            ({"trigger": Trigger.PAIN_OVER_LIMIT}, "the pain rule was broken"),
        ],
    )
    def test_when_the_dose_was_too_much(self, change, why):
        action, words = step(context=doing_well(**change))
        assert action == Action(2, 2, 6)
        assert words == f"Step back: {why}."

    def test_takes_load_off_before_it_changes_the_exercise(self):
        hurting = {"pain_after": 6.0}
        path, current = [], Action(2, 3, 12, 0, 1)
        while not current.rest:
            current, _ = step(current, doing_well(current, **hurting))
            path.append(current)
        assert path[:4] == [Action(2, 3, 12), Action(2, 2, 12), Action(2, 2, 8), Action(2, 2, 5)]
        assert [one.rung for one in path] == sorted((one.rung for one in path), reverse=True)
        assert path[-1] == REST

    def test_is_rest_after_a_red_flag(self):
        assert step(context=doing_well(trigger=Trigger.RED_FLAG))[0] == REST

    def test_at_the_lightest_dose_without_pain_stays(self):
        least = Action(0, 1, 5)
        assert step(least, doing_well(least, completion=0.2))[0] == least


class TestPhases:
    @pytest.mark.parametrize(
        ("context", "phase"),
        [
            (doing_well(days_in_plan=0), 0),
            (doing_well(days_in_plan=13), 0),
            (doing_well(days_in_plan=14), 1),
            (doing_well(days_in_plan=42), 2),
            (doing_well(days_in_plan=42, flare_days_14=5), 1),
            (doing_well(days_in_plan=float("nan")), 0),
            (doing_well(days_in_plan=float("inf")), 0),
        ],
    )
    def test_follow_their_criteria(self, context, phase):
        assert phase_of(context, shipped_protocol()) == phase

    def test_the_first_raises_repetitions_only(self):
        full = Action(2, 2, 12)
        assert step(full, doing_well(full, days_in_plan=10))[0] == full

    def test_the_last_accepts_pain_of_three(self):
        assert step(context=doing_well(days_in_plan=50, pain_after=3))[0] == Action(2, 2, 12)


@pytest.mark.parametrize("ladder", shipped_ladders().values(), ids=lambda one: one.code)
def test_array_and_single_say_the_same_and_stay_in_the_mask(ladder):
    contexts, current, bounds = random_table(np.random.default_rng(3), ladder, 400)
    allowed = mask_array(ladder, contexts, current, bounds)
    together = protocol_array(ladder, contexts, current, allowed, shipped_protocol())
    assert allowed[np.arange(400), together].all()
    for row in range(400):
        alone = protocol_array(ladder, contexts[[row]], current[[row]], allowed[[row]], shipped_protocol())
        assert alone[0] == together[row]


def test_single_reads_the_same_arrays():
    context = doing_well(pain_after=4)
    mask = mask_array(
        KNEE, contexts_array([context]), np.array([KNEE.index(SQUAT)]), bounds_array(KNEE, [HOME])
    )
    place = protocol_array(
        KNEE, contexts_array([context]), np.array([KNEE.index(SQUAT)]), mask, shipped_protocol()
    )
    assert KNEE.actions()[place[0]] == step(context=context)[0]


def test_an_empty_mask_is_refused_since_there_is_none():
    with pytest.raises(ValueError, match="never empty"):
        protocol_action(KNEE, SQUAT, doing_well(), shipped_protocol(), ())


class TestAClinicsOwn:
    def spec(self, **changes):
        return {**copy.deepcopy(json.loads(SHIPPED.read_text("utf-8"))), **changes}

    def test_may_be_slower(self):
        spec = self.spec(version=2)
        for phase in spec["phases"]:
            phase["progress_when"][0]["at_least"] = 6
        assert step(protocol=parse_protocol(spec))[0] == SQUAT

    def test_cannot_leave_the_mask(self):
        spec = self.spec(target_repetitions=60)
        for phase in spec["phases"]:
            phase["progress_when"] = [
                {
                    "measure": "pain_after",
                    "at_most": 10,
                    "when_unknown": "pass",
                    "words": "any",
                    "source": "ours",
                }
            ]
        wild = parse_protocol(spec)
        assert step(context=doing_well(pain_after=4), protocol=wild)[0] == SQUAT
        assert load_of(KNEE, step(context=doing_well(pain_after=7), protocol=wild)[0]) < load_of(KNEE, SQUAT)

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"review_days": 1}, "review_days must be 7: the dose is compared with that of seven days ago."),
            ({"target_repetitions": 0}, "target_repetitions must be a whole number from 1 to 60."),
            ({"target_sets": True}, "target_sets must be a whole number from 1 to 10."),
            ({"restart_repetitions": 15}, "restart_repetitions must not be more than target_repetitions."),
            ({"phases": []}, "phases must be a list of 1 to 6 phases."),
            ({"step_back_when": []}, "step_back_when needs at least one criterion."),
            ({"sources": "everybody"}, "sources must be a list with at least one source."),
            ({"title": ""}, "In the protocol, title must be a text of at most 300 characters."),
        ],
    )
    def test_is_refused_in_plain_words(self, change, fault):
        with pytest.raises(ProtocolRefused) as refused:
            parse_protocol(self.spec(**change))
        assert fault in refused.value.faults

    @pytest.mark.parametrize(
        ("criterion", "fault"),
        [
            ({"measure": "mood"}, "“mood” is not something that is measured"),
            ({"measure": "phase"}, "“phase” is not something that is measured"),
            ({"measure": ["pain"]}, "is not something that is measured"),
            ({"at_least": 3}, "each criterion needs one of at_least, at_most, over, under with a number"),
            ({"at_most": float("nan")}, "needs one of at_least"),
            ({"at_most": "2"}, "needs one of at_least"),
            ({"when_unknown": "guess"}, "when_unknown must be hold or pass"),
            ({"source": "a friend"}, "a criterion names no source of the list"),
            ({"words": 5}, "words must be a text"),
        ],
    )
    def test_is_refused_for_a_criterion_that_makes_no_sense(self, criterion, fault):
        spec = self.spec()
        spec["phases"][0]["progress_when"][4].update(criterion)
        with pytest.raises(ProtocolRefused, match="phase 1") as refused:
            parse_protocol(spec)
        assert any(fault in one for one in refused.value.faults)

    def test_says_every_fault_at_once(self):
        with pytest.raises(ProtocolRefused) as refused:
            parse_protocol(self.spec(review_days=1, target_sets=99, title=None))
        assert len(refused.value.faults) == 3

    def test_must_ask_for_pain_before_it_raises_anything(self):
        spec = self.spec()
        spec["phases"][1]["progress_when"] = spec["phases"][1]["progress_when"][:3]
        with pytest.raises(ProtocolRefused, match="In phase 2, progress_when needs a criterion on pain"):
            parse_protocol(spec)

    def test_must_let_everybody_into_the_first_phase(self):
        spec = self.spec()
        spec["phases"] = spec["phases"][1:]
        with pytest.raises(ProtocolRefused, match="everybody starts there"):
            parse_protocol(spec)

    @pytest.mark.parametrize("spec", [None, [], "protocol", 5, {}, {"phases": [5]}, {"phases": [{}]}])
    def test_is_refused_when_it_is_something_else(self, spec):
        with pytest.raises(ProtocolRefused):
            parse_protocol(spec)


def test_a_phase_without_any_step_keeps_the_dose():
    resting = replace(shipped_protocol().phases[0], steps=())
    still = replace(shipped_protocol(), phases=(resting,))
    assert step(protocol=still)[0] == SQUAT
